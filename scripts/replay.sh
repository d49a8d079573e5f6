#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: replay.sh [OPTION]... FILE...
#        replay.sh --help
#
# Replays recordings of strace -f through the server, in one guest with Debian's
# kernel, and compares every answer. Exits as procsrv-replay does.
#
# The options are those of procsrv-replay(1):
#
#   -v, --verbose         tell each operation and both answers
#   -n, --dry-run         only read the recordings, here and without a guest
#   --json, --timeline    print the summary as JSON; print the processes over time
#   --svg FILE            draw the processes over time
#   --perfetto FILE       write the processes over time as trace events
#   --device, --keep      in the server of the device

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

parse() {
	OPTIONS=() FILES=() PICTURES=() DRY_RUN=''
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		-n | -[nv]*n* | --dry-run) OPTIONS+=("$1") DRY_RUN=y ;;
		-v* | --verbose | --json | --timeline | --device | --keep) OPTIONS+=("$1") ;;
		--svg=* | --perfetto=*) PICTURES+=("$1") ;;
		--svg | --perfetto)
			(($# > 1)) || die "$1 needs an argument"
			PICTURES+=("$1=$2")
			shift
			;;
		--) shift && FILES+=("$@") && break ;;
		-*) die "unknown option $1, see --help" ;;
		*) FILES+=("$1") ;;
		esac
		shift
	done
	((${#FILES[@]})) || die "no recording: give FILE, or with make TRACE=FILE; see --help"
}

# The guest writes below $GUEST_OUT alone; what it has written goes where it is wanted.
replay_in_guest() {
	local dir picture options=() status=0

	dir=$("$SCRIPTS/module.sh" stock)
	for picture in "${PICTURES[@]}"; do
		options+=("${picture%%=*}=$OUT/${picture%%=*}")
	done
	GUEST_OUT=$OUT "$SCRIPTS/guest.sh" --bed stock --module "$dir/procsrv.ko" -- \
		"$TOP/build/tools/procsrv-replay" "${OPTIONS[@]}" "${options[@]}" -- "${FILES[@]}" ||
		status=$?
	for picture in "${PICTURES[@]}"; do
		[[ ! -s $OUT/${picture%%=*} ]] || cp -- "$OUT/${picture%%=*}" "${picture#*=}"
	done
	return "$status"
}

main() {
	local i path

	parse "$@"
	for i in "${!FILES[@]}"; do
		path=$(realpath -e -- "${FILES[i]}" 2>/dev/null) || die "no recording ${FILES[i]}"
		FILES[i]=$path
	done
	"$SCRIPTS/deps.sh" build stock
	make --no-print-directory -s -C "$TOP/tools"
	if [[ $DRY_RUN ]]; then
		exec "$TOP/build/tools/procsrv-replay" "${OPTIONS[@]}" "${PICTURES[@]}" -- "${FILES[@]}"
	fi
	mkdir -p "$TOP/build"
	OUT=$(mktemp -d "$TOP/build/replay.XXXXXX")
	trap 'rm -rf -- "$OUT"' EXIT
	replay_in_guest
}

main "$@"
