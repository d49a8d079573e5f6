#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: demo.sh
#        demo.sh --help
#
# A tour of procsrv in a virtual machine: installs what that needs (and says what),
# builds the module for the kernel of this Debian release and the tools, boots that
# kernel in a guest, and shows there what the server does, each step with the command
# that does it (scripts/tour.sh).

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

main() {
	local dir

	case ${1:-} in
	-h | --help) usage && exit ;;
	esac
	"$SCRIPTS/deps.sh" build stock
	log "building the tools"
	make --no-print-directory -s -C "$TOP/tools"
	log "building the module for Linux $("$SCRIPTS/kernel.sh" --version stock)"
	dir=$("$SCRIPTS/module.sh" stock 2>"$TOP/build/demo-module.log") ||
		die "cannot build the module, see build/demo-module.log"
	log "booting that kernel in a guest; this machine's own is not touched"
	cd "$TOP"
	"$SCRIPTS/guest.sh" --bed stock -- "$SCRIPTS/tour.sh" "${dir#"$TOP"/}/procsrv.ko"
	log "the picture of the build is in build/guest-out/build.svg"
	log "done in $(elapsed 0) minutes"
}

main "$@"
