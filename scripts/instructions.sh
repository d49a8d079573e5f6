#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: instructions.sh [--update]
#        instructions.sh --help
#
# Counts instructions as the step complexity of make check does, and compares them with
# those in tests/complexity/instructions. Takes some minutes.
#
#   --update  then write them there: after what costs less, or is worth what it costs more
#
# Exit status: 0 if nothing costs more than the file says, or the file was written.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

UPDATE=''
case ${1:-} in
-h | --help) usage && exit ;;
--update) UPDATE=y ;;
'') ;;
*) die "unknown option $1, see --help" ;;
esac

MEASUREMENTS=$TOP/build/guest-out/instructions.json

"$SCRIPTS/deps.sh" build stock
modules=$("$SCRIPTS/module.sh" stock)
make -s -C "$TOP/bench/user" O="$TOP/build/bench" >&2
rm -f "$MEASUREMENTS"
status=0
GUEST_OUT=$TOP/build/guest-out "$SCRIPTS/guest.sh" --bed stock --cpus 1 --timeout 1800 \
	--qemu-opts '-icount shift=0,sleep=off' -- \
	"$TOP/tests/in-guest.sh" "$modules" complexity || status=$?
[[ -n $UPDATE ]] || exit "$status"
# The guest may have found nothing wrong but the figures.
[[ -e $MEASUREMENTS ]] || die "the guest has not counted"
"$TOP/tests/complexity/ratchet" --update "$TOP/tests/complexity/instructions" "$MEASUREMENTS"
log "the figures are in tests/complexity/instructions"
