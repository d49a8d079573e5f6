# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Functions that the tests of the bindings share. TOP is set, and the programs are built.

# Of Debian: another Python may come first in PATH.
PATH=/usr/bin:$PATH
export PYTHONPATH=$TOP/python:$TOP/examples/python PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$TOP/build/lib

# same TEXT TEXT: compares them, and shows how they differ
same() {
	diff -u <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}
