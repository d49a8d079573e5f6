#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: module.sh [--alone] [--gcov | --kcov] BED
#        module.sh --help
#
# Builds procsrv.ko, bench/procsrv_bench.ko, and kunit/procsrv_kunit.ko where the kernel
# has KUnit and is for testing, for the kernel of a test bed (see kernel.sh --help) with
# all of the kernel's warnings (W=1) as errors, and prints the directory that they are in:
# build/BED. They have line tables, with which guest.sh says where a complaint comes from.
#
#   --alone procsrv.ko and nothing else
#   --gcov  procsrv.ko counts how often each line is run: build/BED-gcov, see coverage.sh
#   --kcov  procsrv.ko tells a fuzzer which lines were run: build/BED-kcov
#
# Both need a kernel that is made for it, as uml and uml-debug.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

# kbuild writes objects beside the sources, so each bed has links to them.
link_sources() {
	local out=$1 file

	mkdir -p "$out"/{core,dev,debug,include/uapi/linux,kunit,bench}
	find "$out" -type l -delete
	cd "$TOP"
	for file in {,kunit/,bench/}Kbuild {,core/,dev/,debug/,kunit/,bench/}*.[ch] \
		include/uapi/linux/*.h; do
		ln -s "$TOP/$file" "$out/$file"
	done
}

parse() {
	BED='' KIND='' ENVIRONMENT=() FLAGS='' ALONE=''
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--alone) ALONE=y ;;
		--gcov) KIND=-gcov ENVIRONMENT=(GCOV_PROFILE=y) ;;
		--kcov)
			KIND=-kcov ENVIRONMENT=(KCOV_INSTRUMENT=y)
			# Or the last place in a function would be told as one in its caller.
			FLAGS=' -fno-optimize-sibling-calls'
			;;
		-*) die "unknown option $1, see --help" ;;
		*) BED=$1 ;;
		esac
		shift
	done
	[[ -n $BED ]] || die "which bed? see --help"
}

# A kernel with UBSAN has the functions that report, and no checks in its own code, which would
# slow everything down: they are for the module.
ubsan_flags() {
	! grep -qx CONFIG_UBSAN=y "$1/include/config/auto.conf" || printf ' -fsanitize=%s' \
		bounds-strict shift integer-divide-by-zero bool enum
}

# What counts is in the environment, so that the Kbuild of the tests can say no to it.
main() {
	local out args kernel

	parse "$@"
	kernel=$("$SCRIPTS/kernel.sh" "$BED")
	read -ra args < <("$SCRIPTS/kernel.sh" --make-args "$BED")
	out=$TOP/build/$BED$KIND
	link_sources "$out"
	args+=("M=$out" W=1 "KCFLAGS=-Werror -g1$FLAGS$(ubsan_flags "$kernel")")
	# Type information of a module needs vmlinux, which packages of headers do not have. Kbuild
	# would print that it skips it, which looks like an error.
	[[ -e $kernel/vmlinux ]] || args+=(CONFIG_DEBUG_INFO_BTF_MODULES=)
	[[ -n $ALONE ]] || args+=(PROCSRV_BENCH=y)
	# Suites are for the beds that test.
	[[ -n $ALONE || $BED == *-bench ]] || args+=(PROCSRV_KUNIT=y)
	env "${ENVIRONMENT[@]}" make --no-print-directory -j"$(nproc)" "${args[@]}" modules >&2
	echo "$out"
}

main "$@"
