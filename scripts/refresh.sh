#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: refresh.sh PREFIX
#        refresh.sh --help
#
# Has the system take note of what was installed to PREFIX, or removed from there: the
# linker of the library, systemd of the group and of the unit, udev of its rule. Does so
# for root, and where the system looks: /usr and /usr/local. A group that is there stays.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin

# systemd-sysusers fails if the file is not there any more.
make_group() {
	[[ -e $1/lib/sysusers.d/procsrv.conf ]] || return 0
	if have systemd-sysusers; then
		systemd-sysusers procsrv.conf
	else
		getent group procsrv >/dev/null || groupadd --system procsrv
	fi
}

main() {
	case ${1:-} in
	-h | --help) usage && exit ;;
	/usr | /usr/local) ;;
	'') die "which PREFIX? see --help" ;;
	*) return 0 ;;
	esac
	((EUID == 0)) || return 0
	ldconfig
	make_group "$1"
	# Daemons that do not run read all of it when they start.
	[[ ! -e /run/udev/control ]] || udevadm control --reload
	[[ ! -d /run/systemd/system ]] || systemctl daemon-reload
}

main "$@"
