# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tools do without a server: these tests need no module, and run on the machine itself.

load ../tools/common

setup_file() {
	true
}

setup() {
	export PROCSRV_DEVICE=$BATS_TEST_TMPDIR/none
}

teardown_file() {
	true
}
