# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What the tests of the bindings have in common. TOP is set, and what they run is built.

# Of Debian: another Python may come first in PATH.
PATH=/usr/bin:$PATH
export PYTHONPATH=$TOP/python:$TOP/examples/python PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$TOP/build/lib

# same TEXT TEXT: or shows how they differ
same() {
	diff -u <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}
