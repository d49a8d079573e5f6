#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: check.sh
#        check.sh --deep
#        check.sh --programs
#        check.sh --kernels
#        check.sh --help
#
# Brings what is needed, builds everything, and runs every test: the linters; loading and
# unloading, the tools, the bindings, the recordings, random operations, io_uring, inputs of the
# fuzzer, and every call with memory that is not there, under User Mode Linux with lockdep; the
# last two of these and the KUnit suites with KASAN, and then a search for memory that was lost;
# the KUnit suites and the device under virtme-ng with lockdep; the device and the tracepoints
# under Debian's kernel; and there, in instructions, that operations cost no more for it among
# many processes, and nothing costs more than it did; the device, io_uring and unloading under the
# kernel of Debian 13. Prints each command before it runs it, and at the end what failed, and a line
# "N passed, N failed". Logs are kept in build/logs.
#
#   --deep  instead of all this, what takes long: most tests with KASAN and UBSAN, a search for
#           memory that the module has lost, by kmemleak, all operations at random with lockdep,
#           the device and io_uring under a realtime kernel, a search for data races, by KCSAN,
#           programs of Debian, and ten minutes of processes and signals at random, under
#           procsrv-run, and the module by clang and for other architectures
#   --programs
#           of that what runs programs of Debian under procsrv-run
#   --kernels
#           the device, io_uring where the kernel has it, and unloading under every kernel
#           that there is a bed for: those of Debian 12 and 13, the realtime one, those of
#           Debian 13 for arm64 and s390x, and the newest; and the module for what clang builds

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

LOGS=$TOP/build/logs
# tests/stress.sh makes runs of at most 230 seconds.
STRESS_MIN=5 STRESS_RUNS=2 FUZZ_S=600 REPLAY_FUZZ_S=60 RANDOM_S=600
PASSED=0
FAILED=0
FAILURES=()

pass() {
	PASSED=$((PASSED + $1))
}

fail() {
	FAILED=$((FAILED + 1))
	FAILURES+=("$1")
}

# run NAME COMMAND...: its output goes to the terminal and to the log NAME.
run() {
	local name=$1 start=$SECONDS status

	shift
	printf '\n=== %s: %s\n' "$name" "$*"
	"$@" 2>&1 | tee "$LOGS/$name.log"
	status=${PIPESTATUS[0]}
	printf '=== %s took %s\n' "$name" "$(elapsed "$start")"
	return "$status"
}

# A step that passes or fails as a whole.
step() {
	local name=$1

	if run "$@"; then
		pass 1
	else
		fail "$name"
	fi
}

# KUnit's tests are indented by four, those of all others are not.
readonly RESULT='^(    )?'

# Processes in the background, by name.
declare -A BACKGROUND

# tally NAME EXPECTED STATUS: what the log NAME says of tests. A skipped one has failed. An
# exit status that no "not ok" explains is a failure too, and so is any other number of
# tests than what the sources have.
tally() {
	local name=$1 expected=$2 status=$3 good bad=0 line

	((status == 0)) || fail "$name: exit status $status"
	good=$(grep -aE "${RESULT}ok [0-9]+ " "$LOGS/$name.log" | grep -avic '# skip' || true)
	pass "$good"
	while read -r line; do
		bad=$((bad + 1))
		fail "$name: $line"
	done < <(grep -aE "${RESULT}not ok [0-9]+ |${RESULT}ok .*# skip" -i "$LOGS/$name.log")
	((good + bad == expected)) ||
		fail "$name: $((good + bad)) tests ran, the sources have $expected"
}

# tests NAME EXPECTED COMMAND...
tests() {
	local name=$1 expected=$2 status=0

	shift 2
	run "$name" "$@" || status=$?
	tally "$name" "$expected" "$status"
}

# begin NAME COMMAND...: in the background; end NAME EXPECTED: its output, as it comes, and its tests.
begin() {
	local name=$1

	shift
	printf '\n=== %s, in the background: %s\n' "$name" "$*"
	"$@" >"$LOGS/$name.log" 2>&1 </dev/null &
	BACKGROUND[$name]=$!
}

# When this script ends early. First the shells, which would go on with the next guest.
end_all() {
	((${#BACKGROUND[@]})) || return 0
	kill -STOP "${BACKGROUND[@]}" || true
	pkill -P "$(joined "${BACKGROUND[@]}")" || true
	kill -KILL "${BACKGROUND[@]}" || true
}

end() {
	local status=0

	printf '\n=== %s, from the background\n' "$1"
	tail -n +1 -f --pid="${BACKGROUND[$1]}" "$LOGS/$1.log"
	wait "${BACKGROUND[$1]}" || status=$?
	unset "BACKGROUND[$1]"
	printf '=== %s has ended\n' "$1"
	tally "$1" "$2" "$status"
}

count() {
	cat "${@:2}" | grep -cE "$1" || true
}

# guest_with OPTION... -- BED PART...: the parts of tests/in-guest.sh, with options of guest.sh
guest_with() {
	local options=() bed

	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	bed=$2
	shift 2
	"$SCRIPTS/guest.sh" --bed "$bed" --timeout 2400 --log "$LOGS/console-$bed-$1.log" \
		"${options[@]}" -- "$TOP/tests/in-guest.sh" "$TOP/build/$bed" "$@"
}

guest() {
	guest_with -- "$@"
}

# One processor, because tracing writes into the code of the kernel: with several emulated
# ones it happens that one of them goes on for ever with what was there before.
guest_tracing() {
	guest_with --cpus 1 -- stock "$@"
}

# One processor, because with more there is no kmemleak.
guest_kmemleak() {
	guest_with --cpus 1 --timeout 3600 -- uml-debug "$@"
}

# Emulated, and every access looked at.
guest_races() {
	guest_with --timeout 3600 -- kcsan "$@"
}

# One processor, which counts its instructions: what it says does not depend on the machine.
guest_counting() {
	guest_with --cpus 1 --qemu-opts '-icount shift=0,sleep=off' -- stock "$@"
}

# Sources that were compiled before, in a tree at the same place, are not compiled again. The
# programs in this directory have the names of the compilers.
use_ccache() {
	PATH=/usr/lib/ccache:$PATH
	export CCACHE_DIR=$CACHE/ccache CCACHE_MAXSIZE=2G
}

build_modules() {
	local bed

	for bed; do
		step "build-$bed" "$SCRIPTS/module.sh" "$bed"
	done
}

build_tools() {
	step build-tools make -j"$(nproc)" -C "$TOP/tools"
	step build-bindings make -C "$TOP" bindings
	step build-fuzz make -j"$(nproc)" -C "$TOP/fuzz"
	step build-tests make -C "$TOP/tests/tools"
	step build-bench make -C "$TOP/bench/user" O="$TOP/build/bench"
}

build_programs() {
	mkdir -p "$TOP/build/programs"
	step build-programs env CGO_ENABLED=0 GOCACHE="$TOP/build/programs/cache" \
		go build -o "$TOP/build/programs/spawn" "$TOP/tests/programs/spawn.go"
}

build_selftests() {
	step build-selftests make -j"$(nproc)" -C "$TOP/selftests" \
		KSFT="$("$SCRIPTS/kernel.sh" --source kunit)/tools/testing/selftests"
}

# For another architecture: those that its kernel runs.
build_foreign_selftests() {
	local bed

	for bed; do
		step "build-selftests-$bed" make -j"$(nproc)" -C "$TOP/selftests" \
			KSFT="$("$SCRIPTS/kernel.sh" --source kunit)/tools/testing/selftests" \
			O="$TOP/build/selftests-$bed" CROSS="$("$SCRIPTS/kernel.sh" --cross "$bed")"
	done
}

# How many tests the sources have.
count_tests() {
	KUNIT=$(count '^\s*KUNIT_CASE(_SLOW)?\(' kunit/*.c)
	DEVICE=$(count '^TEST(_F)?\(' selftests/*.c)
	MODULE=$(count '^@test ' tests/module/*.bats)
	TOOLS=$(count '^@test ' tests/tools/*.bats tests/replay/*.bats)
	RANDOM_TESTS=$(count '^@test ' tests/random/*.bats)
	PROGRAMS=$(count '^@test ' tests/programs/programs.bats)
	PYTHON=$(count '^@test ' tests/programs/python.bats)
	BINDINGS=$(count '^@test ' tests/bindings/*.bats)
	RUN32=$(count '^@test ' tests/run32/*.bats)
	# Each in a server with POSIX ids, and in that of the device.
	RECORDINGS=$((2 * $(find tests/recordings -name '*.strace' | wc -l)))
	# One more is made up each time; with ordinary and with hosted processes.
	SEEDS=$((2 * ($(count '^[0-9]' tests/differential-seeds) + 1)))
	TRACE=$(count '^@test ' tests/trace/*.bats)
	# Each among children of one, and in a chain; the longest hold, alone and loaded.
	COMPLEXITY=$((2 * $(count '^[^#]' tests/complexity/operations) + 2 +
		$(count '^[0-9]' tests/complexity/instructions)))
	# One more is that new ones find nothing.
	FUZZ=$(($(find fuzz -path 'fuzz/corpus/*' -type f -o -path 'fuzz/regressions/*' -type f |
		wc -l) + 1))
	URING=$(count '^TEST(_F)?\(' selftests/uring/*.c)
	# As tests/in-guest.sh has it.
	DEVICE_UML=$((DEVICE - $(count '^TEST(_F)?\(' selftests/pointers.c)))
	SCRIPT_TESTS=$(count '^@test ' tests/scripts/*.bats)
	OFFLINE=$(count '^@test ' tests/offline/*.bats)
	RELEASE_TESTS=$(count '^@test ' tests/packages/*.bats)
	FAULTS=$(count '^TEST(_F)?\(' selftests/faults/*.c)
	# The module unloads, and loads and unloads again.
	UNLOAD=1
}

# User Mode Linux, which takes one processor.
user_mode() {
	local status=0

	guest uml module tools bindings recordings differential uring faults fuzz || status=1
	guest uml-debug kunit || status=1
	# There the module is inserted once, with other parameters.
	guest uml-debug fuzz || status=1
	guest_kmemleak faults leaks || status=1
	return $status
}

# Emulated guests with several processors. The kernel of stock has no calls with 32-bit times,
# without which 32-bit threads cannot run: each width has one bed.
emulated() {
	local status=0

	guest kunit kunit device64 || status=1
	guest stock device32 run32 || status=1
	guest debian13 device64 uring unload || status=1
	return $status
}

check_all() {
	"$SCRIPTS/deps.sh" build stock debian13 kunit uml test fuzz lint
	build_modules uml uml-debug
	build_tools
	build_selftests
	begin uml user_mode
	build_modules kunit stock debian13
	begin emulated emulated
	build_modules x86-next
	step lint "$SCRIPTS/lint.sh"
	tests scripts "$SCRIPT_TESTS" env TOP="$TOP" bats --tap tests/scripts
	tests offline "$OFFLINE" bats --tap tests/offline
	tests complexity "$COMPLEXITY" guest_counting complexity
	tests trace "$TRACE" guest_tracing trace
	end emulated $((KUNIT + 3 * DEVICE + RUN32 + URING + UNLOAD))
	# No memory is lost: that is one more.
	end uml $((KUNIT + MODULE + TOOLS + BINDINGS + RECORDINGS + SEEDS + URING +
		2 * FAULTS + 1 + 2 * FUZZ))
}

# In the newest kernel, and in that of Debian.
check_programs() {
	"$SCRIPTS/deps.sh" build stock uml test programs
	build_modules uml stock
	step build-tools make -j"$(nproc)" -C "$TOP/tools"
	build_programs
	tests programs $((PROGRAMS + PYTHON)) \
		guest_with --timeout 7200 -- uml programs python
	tests programs-stock $((PROGRAMS + PYTHON)) \
		guest_with --timeout 7200 --memory 2G -- stock programs python
}

# guest_random BED: for so long that pids begin anew.
guest_random() {
	RUN_RANDOM_S=$RANDOM_S guest_with --timeout $((4 * RANDOM_S + 600)) -- "$1" random
}

# In turn, but for what has one processor: that leaves one to the others. Each is a line of
# "tests" or "step".
check_deep() {
	"$SCRIPTS/deps.sh" build rt kunit uml ports test fuzz
	build_modules uml uml-smp uml-debug kcsan
	step ports "$SCRIPTS/ports.sh" --tests
	build_tools
	build_selftests
	begin kmemleak guest_kmemleak tools recordings faults leaks
	tests kasan $((KUNIT + DEVICE_UML + URING)) guest uml-debug kunit device-uml uring
	tests stress "$STRESS_RUNS" "$SCRIPTS/stress.sh" --minutes "$STRESS_MIN" --processes 20000
	end kmemleak $((TOOLS + RECORDINGS + FAULTS + 1))
	tests rt $((DEVICE + URING)) guest rt device64 uring
	tests packages "$RELEASE_TESTS" env TOP="$TOP" bats --tap tests/packages
	tests random "$RANDOM_TESTS" guest_random uml-smp
	check_programs
	step fuzz "$SCRIPTS/fuzz.sh" --time "$FUZZ_S"
	step fuzz-1 "$SCRIPTS/fuzz.sh" --cpus 1 --time "$FUZZ_S"
	step replay-fuzz make -C "$TOP/tests/replay/fuzz" run TIME="$REPLAY_FUZZ_S"
	tests kcsan $((KUNIT + DEVICE)) guest_races kunit device64
}

# Those that take one processor run beside the others.
check_kernels() {
	local all=$((DEVICE + URING + UNLOAD)) bed

	"$SCRIPTS/deps.sh" build stock debian13 rt arm64 s390x kunit uml ports test
	build_modules stock debian13 rt arm64 s390x uml
	build_selftests
	build_foreign_selftests arm64 s390x
	begin rt guest_with --timeout 3600 -- rt device64 uring unload
	step ports "$SCRIPTS/ports.sh" clang arm64-next s390x-next
	tests debian13 "$all" guest_with --timeout 3600 -- debian13 device64 uring unload
	end rt "$all"
	for bed in arm64 s390x; do
		tests "$bed" "$all" guest_with --timeout 3600 -- "$bed" device64 uring unload
	done
	tests stock $((DEVICE + RECORDINGS + UNLOAD)) guest stock device64 recordings unload
	tests uml $((DEVICE_UML + URING + UNLOAD)) guest uml device-uml uring unload
}

main() {
	local check=check_all

	case ${1:-} in
	-h | --help) usage && exit ;;
	--deep) check=check_deep ;;
	--programs) check=check_programs ;;
	--kernels) check=check_kernels ;;
	'') ;;
	*) die "unknown option $1, see --help" ;;
	esac
	mkdir -p "$LOGS"
	cd "$TOP"
	count_tests
	use_ccache
	trap end_all EXIT
	$check

	printf '\n'
	((FAILED == 0)) || printf 'failed: %s\n' "${FAILURES[@]}"
	printf '%d passed, %d failed\n' "$PASSED" "$FAILED"
	((FAILED == 0))
}

main "$@"
