#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: in-guest.sh MODULE_DIRECTORY PART...
#        in-guest.sh --help
#
# Runs tests inside a guest, where the module is not loaded yet, and prints what they
# print, in the test anything protocol. The parts:
#
#   kunit        the KUnit suites
#   module       loading and unloading
#   device       through the device, by 64-bit and by 32-bit programs
#   device32     the same by 32-bit programs alone
#   device64     the same by 64-bit programs alone
#   device-uml   the same by 64-bit programs, but those that User Mode Linux cannot run
#   uring        the same through io_uring, where the kernel has it
#   faults       the same where memory is not there and copies fail; needs fault injection
#   tools        the command line tools
#   run32        procsrv-run with 32-bit programs, which User Mode Linux cannot run
#   random       processes, threads and signals at random under procsrv-run, for
#                $RUN_RANDOM_S seconds each
#   programs     programs of Debian under procsrv-run
#   python       tests of Python's standard library under procsrv-run
#   recordings   recordings of real programs, replayed
#   bindings     the Python package and the Rust crate
#   trace        the tracepoints, and the examples for bpftrace
#   differential random operations in Linux and in the server, compared
#   fuzz         the fuzzer: the inputs that it keeps, and new ones for a while
#   complexity   the cost of operations among few and among many processes, the time that they
#                hold the lock, and the cost of calls; needs one processor that counts
#                instructions. Keeps the counts in $GUEST_OUT/instructions.json
#   bounds       the harm that a hostile client can do to another; needs the same, to compare times
#   gcov         after the others, where a module counts the lines that were run: keeps the
#                counts in $GUEST_OUT/gcov
#   leaks        after the others: unloading, and memory that is lost then; needs kmemleak
#   unload       after the others: unloading, and loading and unloading once more
#
# and some of these alone:
#
#   kunit:NAME   the KUnit suites of kunit/NAME.c; all if it has none, or the kernel cannot choose
#   device:NAME  the program NAME of the device tests, in 64 bits
#   device-uml:1, device-uml:2
#                every second program of device-uml
#   bats:FILE    tests/FILE.bats

# shellcheck source-path=SCRIPTDIR source=../scripts/lib.sh
. "$(dirname -- "$0")/../scripts/lib.sh"

PATH=$TOP/build/tools:$PATH
export TOP

# Operations with each seed: a few seconds, or under emulation half a minute.
readonly DIFFERENTIAL_OPS=2000

# Programs of the device tests, as a pattern.
readonly NOT_IN_UML='pointers'

# Inputs that are new: 20 seconds, or a minute on a busy machine.
readonly FUZZ_RUNS=500

# For the calls that are counted: real processes besides those of the server, and repeats.
readonly COUNTED_PROCESSES=200 COUNTED_REPEATS=21

# A prime, so that it is not always the same call of a test. The tests take little longer.
readonly CHECK_INTERVAL=499

# The programs for another architecture are in a directory of their own.
SELFTESTS=$TOP/build/selftests
[[ ! -d $SELFTESTS-${GUEST_BED:-} ]] || SELFTESTS+=-$GUEST_BED

# load [INTERVAL]: how often the module checks itself. A fault is a complaint of the kernel.
load() {
	[[ -e /dev/procsrv ]] || insmod "$MODULES/procsrv.ko"
	echo "${1:-$CHECK_INTERVAL}" >/sys/module/procsrv/parameters/check
}

# The results are in debugfs as soon as insmod returns: the suites run in it. The result
# of a suite as a whole becomes a comment, so that each line is one test.
kunit() {
	local file

	load
	insmod "$MODULES/kunit/procsrv_kunit.ko"
	for file in /sys/kernel/debug/kunit/*/results; do
		sed -E 's/^(not )?ok /# suite &/' "$file"
	done
	rmmod procsrv_kunit
}

# suites NAME
suites() {
	local filter=/sys/module/kunit/parameters/filter_glob name names

	mapfile -t names < <(sed -nE 's/^\t\.name = "(procsrv-[a-z-]+)",$/\1/p' \
		"$TOP/kunit/$1.c")
	if [[ ! -w $filter || ${#names[@]} == 0 ]]; then
		kunit
		return
	fi
	for name in "${names[@]}"; do
		printf %s "$name" >"$filter"
		kunit || return
	done
	printf %s "*" >"$filter"
}

module() {
	MODULE=$MODULES/procsrv.ko bats --tap --timing "$TOP/tests/module"
}

device() {
	load
	"$TOP/selftests/run.sh" --dir "$SELFTESTS" "$@"
}

# Its kernel can read and write memory that the program must not, as only the host checks that:
# so there is no pointer to memory without permission.
# device_uml [HALF]
device_uml() {
	local programs

	mapfile -t programs < <(cd "$TOP/selftests" && printf '%s\n' *.c |
		sed 's/\.c$//' | grep -vxE "$NOT_IN_UML" | awk -v half="${1:-0}" \
		'!half || NR % 2 == half - 1')
	device --width 64 "${programs[@]}"
}

trace() {
	load
	bats --tap --timing "$TOP/tests/trace"
}

# loaded_bats PATH...: files of tests below tests/, with the module loaded.
loaded_bats() {
	load
	bats --tap --timing "${@/#/"$TOP/tests/"}"
}

# No answer may differ, and as many must be compared as tests/recordings/compared says: an
# answer that is not compared any more is not right. Only in the server of the device may
# answers differ by design.
# replay FILE [OPTION]
replay() {
	local out want

	want=$(awk -v name="${1##*/}" '$1 == name { print $2 }' "$TOP/tests/recordings/compared")
	out=$(procsrv-replay "${@:2}" "$1") || {
		printf '%s\n' "$out"
		return 1
	}
	printf '%s\n' "$out"
	[[ ${2:-} == --device ]] || grep -qE '^ +by design +0$' <<<"$out" || {
		echo "# nothing differs by design in a server with POSIX ids"
		return 1
	}
	grep -qE "^ +compared +$want\$" <<<"$out" || {
		echo "# not as many answers compared as the $want of tests/recordings/compared"
		return 1
	}
}

# Each recording is a test, in a server with POSIX ids and in that of the device; the output of
# replay is on the lines around it.
recordings() {
	local device file n=0 failed=0

	load
	for device in '' --device; do
		for file in "$TOP"/tests/recordings/*.strace; do
			n=$((n + 1))
			if replay "$file" ${device:+"$device"}; then
				echo "ok $n ${file##*/} $device"
			else
				echo "not ok $n ${file##*/} $device"
				failed=1
			fi
		done
	done
	echo "1..$n"
	return "$failed"
}

# differential_seed SEED [OPTION]
differential_seed() {
	procsrv-differential "${@:2}" --ops "$DIFFERENTIAL_OPS" --seed "$1" | sed 's/^/# /'
}

# Each seed is a test: those of the file, and a new one each time, which is printed; with
# ordinary processes, and with hosted ones.
differential() {
	local kind seed n=0 failed=0

	load
	for kind in '' --hosted; do
		for seed in $(grep -v '^#' "$TOP/tests/differential-seeds") "$SRANDOM"; do
			n=$((n + 1))
			if differential_seed "$seed" ${kind:+"$kind"}; then
				echo "ok $n seed $seed $kind"
			else
				echo "not ok $n seed $seed $kind"
				failed=1
			fi
		done
	done
	echo "1..$n"
	return "$failed"
}

kept_inputs() {
	find "$TOP/fuzz" \( -path '*/corpus/*' -o -path '*/regressions/*' \) -type f
}

# The name of each input of the fuzzer, and whether it was run to its end.
fuzz_results() {
	awk '/^Running: / { name = $2; sub(/.*\//, "", name) }
		/^Executed / { print "ok " ++n " " name; name = "" }
		!/^(Running|Executed|INFO|\*\*\*)/ { print "# " $0 }
		END { if (name) print "not ok " ++n " " name }'
}

# Each input that is kept is a test; another is that some new ones find nothing. The
# bounds are those of fuzz/fuzz.h; the other tests need none.
fuzz() {
	local fuzzer=$TOP/build/fuzz/procsrv-fuzz out=$GUEST_OUT/fuzz files failed=0
	local options=(-max_len=1024 -timeout=120 -rss_limit_mb=0 -verbosity=0 -handle_usr1=0
		-handle_usr2=0 "-artifact_prefix=$out/")

	[[ ! -e /dev/procsrv ]] || rmmod procsrv
	rm -rf "$out"
	mkdir -p "$out/new"
	export FUZZ_OUT=$out
	if [[ $GUEST_BED == uml-debug ]]; then
		# User Mode Linux does not notify KASAN that the memory of a module is free again.
		insmod "$MODULES/procsrv.ko" max_processes=24 max_user_processes=12
	else
		export FUZZ_MODULE=$MODULES/procsrv.ko
	fi
	mapfile -t files < <(kept_inputs | LC_ALL=C sort)
	"$fuzzer" "${options[@]}" "${files[@]}" 2>&1 | fuzz_results || failed=1
	if "$fuzzer" "${options[@]}" "-runs=$((${#files[@]} + FUZZ_RUNS))" "$out/new" \
		"$TOP/fuzz/corpus" 2>&1 |
		sed 's/^/# /'; then
		echo "ok $((${#files[@]} + 1)) new inputs"
	else
		echo "not ok $((${#files[@]} + 1)) new inputs"
		failed=1
	fi
	[[ ! -e /dev/procsrv ]] || rmmod procsrv || failed=1
	return "$failed"
}

# count_model WHAT ROUNDS SIZE...: a measurement of bench/, for one size after the other.
count_model() {
	local bench=/sys/kernel/debug/procsrv_bench size what=$1
	local parameters=/sys/module/procsrv_bench/parameters

	echo "$2" >"$parameters/rounds"
	for size in "${@:3}"; do
		echo "$size" >"$parameters/sizes"
		echo "$what" >"$bench/run"
		cat "$bench/results"
	done
}

# QEMU counts instructions in the counter of the processor.
count_all() {
	insmod "$MODULES/bench/procsrv_bench.ko" cycles=y
	settle
	printf '{"test": "about", "kernel": "%s", "compiler": "%s"}\n' "$(uname -r)" \
		"$(readelf -p .comment "$MODULES/procsrv.ko" | sed -n 's/.*\] *//p' | head -n1)"
	count_model growth 3 1024 65536
	count_model holds 3 1024 8192
	count_model loaded-holds 3 1024
	"$TOP/build/bench/syscalls" "$COUNTED_PROCESSES" "$COUNTED_REPEATS"
}

complexity() {
	local counts=$GUEST_OUT/instructions.json failed=0

	load 0
	count_all >"$counts"
	"$TOP/tests/complexity/compare" "$TOP/tests/complexity/operations" <"$counts" || failed=1
	"$TOP/tests/complexity/ratchet" "$TOP/tests/complexity/instructions" "$counts" || failed=1
	return "$failed"
}

# Without checks of the module meanwhile: their time would be measured as well.
bounds() {
	load 0
	BOUNDS_COUNT=1 "$TOP/selftests/run.sh" --width 64 bounds
}

# The names of the module's functions vanish with it, so a report may not name it: no memory at
# all may be lost. Two scans, because new objects are not reported.
leaks() {
	local kmemleak=/sys/kernel/debug/kmemleak

	load
	rmmod procsrv
	echo 1..1
	# kmemleak ends for good when it has no memory itself.
	if ! { echo scan >"$kmemleak" && sleep 6 && echo scan >"$kmemleak"; }; then
		echo "not ok 1 no memory is lost"
		return 1
	fi
	if [[ -n $(<"$kmemleak") ]]; then
		sed 's/^/# /' "$kmemleak"
		echo "not ok 1 no memory is lost"
		return 1
	fi
	echo "ok 1 no memory is lost"
}

# Only the module itself has to be gone: other errors are in the log.
unload() {
	echo 1..1
	load
	if rmmod procsrv && insmod "$MODULES/procsrv.ko" && [[ -e /dev/procsrv ]] &&
		rmmod procsrv && [[ ! -e /dev/procsrv && ! -e /sys/module/procsrv ]]; then
		echo "ok 1 the module unloads, and loads and unloads once more"
	else
		echo "not ok 1 the module unloads, and loads and unloads once more"
		return 1
	fi
}

# The kernel keeps the counts of a module, and adds those of each time that it was loaded.
gcov() {
	local counts=/sys/kernel/debug/gcov$MODULES file

	rm -rf "$GUEST_OUT/gcov"
	mkdir -p "$GUEST_OUT"/gcov/{core,dev,debug}
	while read -r file; do
		cat "$counts/$file" >"$GUEST_OUT/gcov/$file"
	done < <(find "$counts" -name '*.gcda' -printf '%P\n')
	[[ -n $(find "$GUEST_OUT/gcov" -name '*.gcda' -size +0) ]]
}

run_part() {
	case $1 in
	kunit:*) suites "${1#*:}" ;;
	device:*) device --width 64 "${1#*:}" ;;
	bats:module/*) MODULE=$MODULES/procsrv.ko bats --tap "$TOP/tests/${1#*:}.bats" ;;
	bats:*) loaded_bats "${1#*:}.bats" ;;
	kunit) kunit ;;
	module) module ;;
	device) device ;;
	device32) device --width 32 ;;
	device64) device --width 64 ;;
	uring) device --width 64 uring worker credentials multitude unfinished \
		hosting ;;
	faults) device --width 64 inject inject_uring ;;
	device-uml) device_uml ;;
	device-uml:*) device_uml "${1#*:}" ;;
	tools) loaded_bats tools replay ;;
	run32) loaded_bats run32 ;;
	random) loaded_bats random ;;
	programs) loaded_bats programs/programs.bats ;;
	python) loaded_bats programs/python.bats ;;
	bindings) loaded_bats bindings ;;
	trace) trace ;;
	recordings) recordings ;;
	differential) differential ;;
	fuzz) fuzz ;;
	complexity) complexity ;;
	bounds) bounds ;;
	gcov) gcov ;;
	leaks) leaks ;;
	unload) unload ;;
	*)
		echo "there is no part $1, see --help" >&2
		return 2
		;;
	esac
}

case ${1:-} in
'' | -*)
	usage
	exit
	;;
esac
MODULES=$1
shift

status=0
for part in "$@"; do
	echo "# part: $part"
	start=$SECONDS
	run_part "$part" || {
		echo "# part $part: exit status $?"
		status=1
	}
	echo "# part $part took $(elapsed "$start")"
done
exit $status
