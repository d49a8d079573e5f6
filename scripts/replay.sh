#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: replay.sh FILE...
#        replay.sh --help
#
# Replays recordings of strace -f through the server, in one guest with Debian's
# kernel, and compares every answer. Exits as procsrv-replay does.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

main() {
	local file dir files=()

	case ${1:-} in
	-h | --help) usage && exit ;;
	'' | -*) die "which recordings? see --help" ;;
	esac
	for file in "$@"; do
		files+=("$(realpath -e -- "$file")") || die "no recording $file"
	done
	"$SCRIPTS/deps.sh" build stock
	make --no-print-directory -s -C "$TOP/tools"
	dir=$("$SCRIPTS/module.sh" stock)
	"$SCRIPTS/guest.sh" --bed stock --module "$dir/procsrv.ko" -- \
		"$TOP/build/tools/procsrv-replay" "${files[@]}"
}

main "$@"
