#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# "make install" as root, to /usr/local of the guest, as a user does it, except for the build of the
# module: its file is that in MODULE. Nothing of it is left after "make uninstall".

bats_require_minimum_version 1.5.0

load common
load ../readme

# Removes everything that a test has installed, even if it fails.
teardown() {
	[ ! -e /sys/module/procsrv ] || rmmod procsrv
	[ ! -e "${TREE:-/none}" ] || make -s -C "$TREE" KDIR="$HEADERS" uninstall
}

# Headers with the path of the module, and the version of this kernel.
write_headers() {
	HEADERS=$BATS_TEST_TMPDIR/headers
	mkdir -p "$HEADERS"
	printf '%s\n' 'modules:' 'modules_install:' \
		"	@install -D -m 644 $MODULE \$(INSTALL_MOD_PATH)/lib/modules/$(uname -r)/updates/procsrv.ko" \
		'kernelrelease:' '	@uname -r' >"$HEADERS/Makefile"
}

# A tree in which everything is built.
write_tree() {
	TOP=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	TREE=$BATS_TEST_TMPDIR/tree
	mkdir -p "$TREE/build"
	(cd "$TOP" && cp -a -- Makefile README.md procsrv.h include lib tools python scripts system \
		completion man "$TREE" && cp -a build/lib build/tools "$TREE/build")
}

# All files below the directories for installation; depmod's files change.
everything() {
	find /usr/local /etc/udev /etc/systemd /usr/lib/udev /usr/lib/systemd /usr/lib/sysusers.d \
		/usr/lib/modules-load.d "/lib/modules/$(uname -r)" ! -name 'modules.*' -printf '%p %y %l\n' |
		LC_ALL=C sort
}

@test "make install, modprobe, a program, make uninstall" {
	local before

	write_headers
	write_tree
	# depmod misses nothing there.
	mkdir -p "/lib/modules/$(uname -r)"
	touch "/lib/modules/$(uname -r)"/modules.{order,builtin,builtin.modinfo}
	before=$(everything)
	make -s -C "$TREE" KDIR="$HEADERS" install

	modprobe procsrv
	[[ $(</sys/module/procsrv/version) == "$(sed -n 's/^#define PROCSRV_VERSION "\(.*\)"/\1/p' \
		"$TOP/procsrv.h")" ]]
	getent group procsrv
	[[ $(/usr/local/bin/procsrvctl list) == 1 ]]
	# ldconfig was run: the program has no path to the library.
	cd "$BATS_TEST_TMPDIR"
	readme_program >first.c
	cc -o first first.c -lprocsrv
	[[ $(./first) == 'process 2 exited with code 7' ]]
	[[ $(cd / && python3 -c 'import procsrv; print(procsrv.__file__)') == /usr/local/lib/* ]]
	# The system may have no man(1).
	systemd-analyze verify --man=no procsrv-supervise@test.service
	udevadm test /sys/class/procsrv/procsrv 2>&1 | grep -E '/usr/local/lib/udev/rules.d/60-procsrv.rules:.* GROUP'

	rmmod procsrv
	make -s -C "$TREE" KDIR="$HEADERS" uninstall
	diff -u <(printf '%s\n' "$before") <(everything)
	run -1 modprobe -q procsrv
	run ! grep -q libprocsrv <(ldconfig -p)
}
