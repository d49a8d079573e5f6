#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Builds the module, and its KUnit suites where the kernel has KUnit, for one
# of the test beds, beside what was built for the others: in build/BED.

set -euo pipefail

usage() {
	cat <<'END'
Usage: scripts/module.sh [--help] BED

Builds procsrv.ko (and kunit/procsrv_kunit.ko for a kernel with KUnit) for the
kernel of a test bed (see scripts/kernel.sh), with all warnings that the kernel
has (W=1) as errors. Prints the directory that they are in.
END
}

case ${1:-} in
--help | -h)
	usage
	exit 0
	;;
'' | -*)
	usage >&2
	exit 2
	;;
esac

bed=$1
top=$(cd "$(dirname "$0")/.." && pwd)
out=$top/build/$bed

# kbuild writes objects beside the sources, so each bed has links to them.
link_sources() {
	local file

	mkdir -p "$out/include/uapi/linux" "$out/kunit"
	find "$out" -type l -delete
	cd "$top"
	for file in Kbuild ./*.c ./*.h include/uapi/linux/*.h kunit/Kbuild \
		kunit/*.c kunit/*.h; do
		ln -s "$top/$file" "$out/$file"
	done
}

"$top/scripts/kernel.sh" "$bed" >/dev/null
link_sources
# shellcheck disable=SC2046 # several words are what is wanted
make --no-print-directory $("$top/scripts/kernel.sh" --make-args "$bed") \
	M="$out" W=1 KCFLAGS=-Werror modules >&2
echo "$out"
