#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: kernel.sh [--image | --version | --source | --make-args | --cross] BED
#        kernel.sh --help
#
# Makes sure that the kernel of a test bed is there, building it if it is not, and prints the
# directory for make -C, or
#
#   --image      what to boot
#   --version    the release, as uname -r will say it
#   --source     the kernel's unpacked source tree
#   --make-args  what to call make with, but for M=: -C DIRECTORY and what goes with it
#   --cross      the directory of the compiler and the C library, for another architecture
#
#   stock      the kernel of this Debian release, unmodified
#   debian13   the kernel of Debian 13, unmodified
#   rt         the realtime kernel (PREEMPT_RT) of the same, likewise
#   arm64      the kernel of Debian 13 for that architecture, likewise
#   s390x      the same for that one, which is big-endian
#   kunit      Linux 6.1 with KUnit and lockdep, for virtme-ng
#   kcsan      the same with KCSAN instead of lockdep
#   uml        the newest Linux that Debian has, with KUnit, lockdep, UBSAN and fault
#              injection, as User Mode Linux, for one processor
#   uml-smp    the same for several processors
#   uml-debug  that with KASAN and kmemleak
#   uml-bench  that without any checks, for measuring
#   x86-next   the newest Linux for x86-64: nothing to boot, to compile against
#   clang      the same, with clang and LLVM's linker
#   arm64-next, s390x-next
#              the same for these architectures, with clang, too
#
# Kernels are kept in the cache (see deps.sh --help) under the version of the
# source package and a hash of scripts/configs/BED.config and the compiler, so
# that a change of either makes a new one. Takes minutes once, says so, and can be
# interrupted: the next run goes on.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

PROGRESS_S=20
# As deps.sh installs it.
LLVM_VERSION=19

# --- the beds ---------------------------------------------------------------

tree_of() {
	case $1 in
	stock | debian13 | rt | arm64 | s390x) echo "$1" ;;
	kunit | kcsan) echo linux-source-6.1 ;;
	uml | uml-smp | uml-debug | uml-bench | clang | x86-next | arm64-next | s390x-next)
		echo linux-source
		;;
	*) die "unknown bed '$1', see --help" ;;
	esac
}

deps_of() {
	case $1 in
	uml* | x86-next) echo uml ;;
	clang | *-next) echo ports ;;
	kcsan) echo kunit ;;
	*) echo "$1" ;;
	esac
}

arch_of() {
	case $1 in
	uml*) echo um ;;
	arm64*) echo arm64 ;;
	s390x*) echo s390 ;;
	*) echo x86_64 ;;
	esac
}

# What is built by clang, which compiles for all architectures.
is_llvm() {
	[[ $1 == clang || $1 == *-next && $1 != x86-next ]]
}

# What make is told for architecture and compiler.
tools_of() {
	echo "ARCH=$(arch_of "$1")$(! is_llvm "$1" || echo " LLVM=-$LLVM_VERSION")"
}

compiler_version() {
	if is_llvm "$1"; then
		"clang-$LLVM_VERSION" -dumpversion
	else
		gcc -dumpfullversion
	fi
}

# Nothing to boot: prepared for compiling modules, with a list of what it would export.
is_prepared() {
	[[ $(targets_of "$1") == modules_prepare ]]
}

targets_of() {
	case $1 in
	kunit | kcsan) echo bzImage modules ;;
	uml*) echo linux modules ;;
	clang | *-next) echo modules_prepare ;;
	esac
}

image_of() {
	case $1 in
	stock | debian13 | rt | arm64 | s390x)
		echo "$CACHE/pkg/$1/boot/vmlinuz-$(<"$CACHE/pkg/$1/release")"
		;;
	kunit | kcsan) echo "$(build_dir "$1")/arch/x86/boot/bzImage" ;;
	uml*) echo "$(build_dir "$1")/linux" ;;
	*) die "$1 is not for booting" ;;
	esac
}

# --- where things are -------------------------------------------------------

# A kernel that Debian has built, not one of ours.
is_binary() {
	[[ $(tree_of "$1") == "$1" ]]
}

# For another architecture, with a compiler of Debian's for it.
is_foreign() {
	[[ $1 == arm64 || $1 == s390x ]]
}

cross_dir() {
	is_foreign "$1" || die "$1 needs no compiler of its own"
	readlink -e "$CACHE/pkg/cross-$1"
}

source_dir() {
	local tree

	tree=$(readlink -e "$CACHE/pkg/$(tree_of "$1")") || return
	if is_binary "$1"; then
		readlink -e "$tree/lib/modules/$(<"$tree/release")/source"
	else
		echo "$tree"
	fi
}

# What the bed's kernel is configured with.
fragments_of() {
	case $1 in
	uml-*) echo "$SCRIPTS"/configs/{uml,"$1"}.config ;;
	kcsan) echo "$SCRIPTS"/configs/{kunit,kcsan}.config ;;
	x86-next | clang) echo "$SCRIPTS/configs/x86-next.config" ;;
	*-next) echo "$SCRIPTS"/configs/{x86-next,"$1"}.config ;;
	*) echo "$SCRIPTS/configs/$1.config" ;;
	esac
}

# Of two lines about one symbol the later one counts: a bed can take back what the one
# that it builds on has switched on.
fragment() {
	local files

	read -ra files < <(fragments_of "$1")
	awk '/^(# )?CONFIG_/ {
			name = $1 == "#" ? $2 : $1
			sub(/=.*/, "", name)
			if (!(name in line))
				names[++n] = name
			line[name] = $0
		}
		END {
			for (i = 1; i <= n; i++)
				print line[names[i]]
		}' "${files[@]}"
}

# A module is built with the compiler of its kernel, or trouble ensues. Comments make no
# difference, but for the one form that Kconfig reads.
build_key() {
	{
		compiler_version "$1"
		fragment "$1" | grep -E '^(# )?CONFIG_'
	} | sha256sum | cut -c1-10
}

build_dir() {
	local tree

	tree=$(readlink -e "$CACHE/pkg/$(tree_of "$1")") || return
	if is_binary "$1"; then
		readlink -e "$tree/lib/modules/$(<"$tree/release")/build"
	else
		echo "$CACHE/kernel/$1-${tree##*_}-$(build_key "$1")"
	fi
}

is_ready() {
	local dir

	if is_binary "$1"; then
		complete "$CACHE/pkg/$1" && { ! is_foreign "$1" || complete "$CACHE/pkg/cross-$1"; }
	else
		dir=$(build_dir "$1" 2>/dev/null) && complete "$dir"
	fi
}

# --- building ----------------------------------------------------------

# Kernel make, in the source tree of the bed, output to its build directory.
kmake() {
	local bed=$1 dir=$2 tools

	shift 2
	read -ra tools < <(tools_of "$bed")
	make -C "$(source_dir "$bed")" O="$dir" "${tools[@]}" "$@"
}

# A symbol whose dependencies are not met is dropped by Kconfig without a word:
# then the kernel would not be the one that was asked for.
check_config() {
	local bed=$1 config=$2 line name lost=0

	while read -r line; do
		case $line in
		CONFIG_*=*)
			grep -qxF -- "$line" "$config" && continue
			;;
		'# CONFIG_'*' is not set')
			name=${line#\# } name=${name% is not set}
			grep -q "^$name=" "$config" || continue
			;;
		*)
			continue
			;;
		esac
		log "$bed: did not take effect: $line"
		lost=1
	done < <(fragment "$bed")
	return $lost
}

# From nothing switched on but what the fragment says: what a bed does not need
# costs time at every build and boot.
configure() {
	local bed=$1 dir=$2

	fragment "$bed" >"$dir/fragment"
	KCONFIG_ALLCONFIG=$dir/fragment kmake "$bed" "$dir" -s allnoconfig >>"$dir/build.log" 2>&1 ||
		die "cannot configure the kernel, see $dir/build.log"
	check_config "$bed" "$dir/.config" || die "the kernel would not be what was asked for"
}

# The fragment tells how many objects to expect, in a comment.
expected_objects() {
	sed -n 's/^# objects: \([0-9]*\)$/\1/p' "$SCRIPTS/configs/$1.config"
}

report_progress() {
	local bed=$1 dir=$2 start=$3 expected objects percent

	expected=$(expected_objects "$bed")
	while sleep $PROGRESS_S; do
		objects=$(find "$dir" -name '*.o' | wc -l)
		percent=$((objects * 100 / ${expected:-100000}))
		log "$bed: $(elapsed "$start"), $objects of about ${expected:-?} objects ($((percent < 99 ? percent : 99))%)"
	done
}

# make runs in a process group of its own and is killed with the script, which
# otherwise would leave compilers running behind it.
run_make() {
	local bed=$1 dir=$2 start=$SECONDS make_pid progress_pid targets tools status=0

	read -ra targets < <(targets_of "$bed")
	read -ra tools < <(tools_of "$bed")
	setsid make -C "$(source_dir "$bed")" O="$dir" "${tools[@]}" \
		-j"$(nproc)" "${targets[@]}" >>"$dir/build.log" 2>&1 </dev/null &
	make_pid=$!
	report_progress "$bed" "$dir" "$start" &
	progress_pid=$!
	# shellcheck disable=SC2064 # the values of now are meant
	trap "kill -- -$make_pid $progress_pid 2>/dev/null || true; exit 130" INT TERM HUP
	wait "$make_pid" || status=$?
	trap - INT TERM HUP
	kill "$progress_pid" 2>/dev/null || true
	((status == 0)) || {
		grep -B2 -A8 -m3 -E '(error:|Error [0-9]|\*\*\*)' "$dir/build.log" >&2 || true
		die "building the $bed kernel failed, see $dir/build.log"
	}
	log "$bed: built in $(elapsed "$start")"
}

# exports ARCH PATTERN: the names that an export macro of the sources is given, each once
exports() {
	grep -rhoE --include='*.[chS]' "^\s*$2\([[:alnum:]_]+[,)]" \
		"arch/$1" block drivers/base drivers/char drivers/clocksource fs init io_uring ipc kernel lib mm \
		net/core security |
		sed -E 's/.*\((.*)[,)]/\1/'
}

# Without a kernel there is no list of the symbols that modules may use. Every export in the
# sources, in a configuration or not, is enough to find out whether a module uses
# something that is not exported, or not to it. Some macros make several names of one.
list_exports() {
	local arch

	arch=$(arch_of "$1")
	arch=${arch/x86_64/x86}
	cd -- "$(source_dir "$1")"
	{
		exports "$arch" 'EXPORT_(PER_CPU_)?SYMBOL' | sed 's/$/ EXPORT_SYMBOL/'
		exports "$arch" 'EXPORT_(PER_CPU_)?SYMBOL_GPL' | sed 's/$/ EXPORT_SYMBOL_GPL/'
		exports "$arch" STANDARD_PARAM_DEF | sed 's/.*/param_ops_& EXPORT_SYMBOL/'
		exports "$arch" 'EXPORT_STATIC_CALL(_TRAMP)?(_GPL)?' |
			sed 's/.*/__SCT__& EXPORT_SYMBOL_GPL/'
		exports "$arch" 'EXPORT_TRACEPOINT_SYMBOL(_GPL)?' |
			sed 's/.*/__tracepoint_& EXPORT_SYMBOL_GPL/'
	} | awk -v OFS='\t' '{ print "0x00000000", $1, "vmlinux", $2, "" }' |
		LC_ALL=C sort -u -k2,2 >"$2/Module.symvers"
}

build() {
	local bed=$1 dir

	dir=$(build_dir "$bed")
	lock_cache "kernel-$bed"
	! complete "$dir" || return 0
	mkdir -p "$dir"
	: >"$dir/build.log"
	log "$bed: building Linux $(basename "$(source_dir "$bed")" | sed 's/.*_//') once, takes minutes; log: $dir/build.log"
	configure "$bed" "$dir"
	run_make "$bed" "$dir"
	mark_complete "$dir"
}

ensure() {
	if ! is_ready "$1"; then
		"$SCRIPTS/deps.sh" "$(deps_of "$1")"
		is_binary "$1" || build "$1"
	fi
	# A list that an older version of this script has made may lack something.
	! is_prepared "$1" || [[ "$(build_dir "$1")/Module.symvers" -nt $SCRIPTS/kernel.sh ]] ||
		(list_exports "$1" "$(build_dir "$1")")
}

# --- answers ------------------------------------------------------------

release_of() {
	if is_binary "$1"; then
		cat "$CACHE/pkg/$1/release"
	else
		cat "$(build_dir "$1")/include/config/kernel.release"
	fi
}

make_args_of() {
	case $1 in
	uml*) echo "-C $(build_dir "$1") ARCH=um" ;;
	# The headers name a version of the compiler that a newer release does not have.
	debian13 | rt) echo "-C $(build_dir "$1") CC=gcc" ;;
	clang | *-next) echo "-C $(build_dir "$1") $(tools_of "$1")" ;;
	*) echo "-C $(build_dir "$1")" ;;
	esac
}

main() {
	local answer=build_dir bed=

	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--image) answer=image_of ;;
		--version) answer=release_of ;;
		--source) answer=source_dir ;;
		--make-args) answer=make_args_of ;;
		--cross) answer=cross_dir ;;
		-*) die "unknown option $1, see --help" ;;
		*) bed=$1 ;;
		esac
		shift
	done
	[[ -n $bed ]] || die "name a bed, see --help"
	tree_of "$bed" >/dev/null
	if [[ $answer == source_dir ]]; then
		# Reading sources needs no kernel built from them.
		source_dir "$bed" >/dev/null || "$SCRIPTS/deps.sh" "$(deps_of "$bed")"
	else
		ensure "$bed"
	fi
	"$answer" "$bed"
}

main "$@"
