#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/upstream.sh, into those files of a kernel's source that it changes. The build of the
# driver there would need a kernel. Needs TOP, and the set upstream.

bats_require_minimum_version 1.5.0

setup() {
	LINUX=$BATS_TEST_TMPDIR/linux
	mkdir -p "$LINUX"/{drivers/misc,include/uapi/linux,Documentation/misc-devices} \
		"$LINUX/tools/testing/selftests/drivers"
	printf '%s\n' 'menu "Misc devices"' 'source "drivers/misc/rp1/Kconfig"' 'endmenu' \
		>"$LINUX/drivers/misc/Kconfig"
	echo 'obj-y += rp1/' >"$LINUX/drivers/misc/Makefile"
	printf '%s\n' '.. toctree::' '' '   pvpanic' >"$LINUX/Documentation/misc-devices/index.rst"
}

# everything: names and contents of all files
everything() {
	(cd "$LINUX" && find . -type f -exec sha256sum {} + | sort)
}

@test "the driver is there, wired in once, without code for different kernels" {
	local first

	"$TOP/scripts/upstream.sh" "$LINUX"
	first=$(everything)
	"$TOP/scripts/upstream.sh" "$LINUX"
	diff -u <(printf '%s\n' "$first") <(everything)
	diff -u - "$LINUX/drivers/misc/Kconfig" <<-'END'
		menu "Misc devices"
		source "drivers/misc/rp1/Kconfig"
		source "drivers/misc/procsrv/Kconfig"
		endmenu
	END
	[[ $(grep -c procsrv "$LINUX/drivers/misc/Makefile") == 1 ]]
	[[ $(grep -c procsrv "$LINUX/Documentation/misc-devices/index.rst") == 1 ]]
	[[ ! -e $LINUX/drivers/misc/procsrv/compat.h ]]
	# Each macro of compat.h is gone.
	while read -r macro; do
		run ! grep -rnw -e "$macro" "$LINUX/drivers/misc/procsrv"
	done < <(sed -nE 's/^#define ((procsrv|PROCSRV|EXPORT)_\w+).*/\1/p' "$TOP/compat.h" |
		grep -vx PROCSRV_COMPAT_H | sort -u)
}

@test "every source of Kbuild is there, and every include leads to a file" {
	local driver=$LINUX/drivers/misc/procsrv file name

	"$TOP/scripts/upstream.sh" "$LINUX"
	diff -u <(sed -nE 's/^procsrv-\S+ [+:]= (.*)/\1/p' "$TOP/Kbuild") \
		<(sed -nE 's/^procsrv-\S+ [+:]= (.*)/\1/p' "$driver/Makefile")
	while IFS=: read -r file name; do
		[[ -e ${file%/*}/$name || -e $driver/$name ]] || { echo "$file: $name" && false; }
	done < <(grep -rE '^#include "' "$driver" | sed -E 's/#include "(.*)".*/\1/')
	run ! grep -nE 'bench|ifneq|endif|PROCSRV_KUNIT\)' "$driver/Makefile"
}

@test "the documentation has the headings of the manual pages, the selftests all programs" {
	local heading

	"$TOP/scripts/upstream.sh" "$LINUX"
	while read -r heading; do
		grep -qxF "$heading" "$LINUX/Documentation/misc-devices/procsrv.rst"
	done < <(sed -nE 's/^\.Ss //p' "$TOP/man/procsrv.7" "$TOP/man/procsrv.4")
	diff -u <(cd "$TOP/selftests" && printf '%s\n' ./*.c | sed 's|^\./||; s|\.c$||') \
		<(sed -n 's/^TEST_GEN_PROGS := //p' \
			"$LINUX/tools/testing/selftests/drivers/procsrv/Makefile" | tr ' ' '\n')
}

@test "a directory that is no kernel source is refused, and stays as it is" {
	mkdir "$BATS_TEST_TMPDIR/other"
	run -1 "$TOP/scripts/upstream.sh" "$BATS_TEST_TMPDIR/other"
	[[ $output == *"is not the source of a kernel"* ]]
	rmdir "$BATS_TEST_TMPDIR/other"
}
