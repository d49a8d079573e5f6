#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: check-packages.sh [RELEASE]
#        check-packages.sh --help
#
# Installs the packages of build/deb (make deb) on a bare Debian RELEASE, see fresh.sh, with the
# headers of its kernel, for which DKMS builds the module there. That kernel is then booted in a
# guest, on that system, for debian/tests/session: the module is loaded, the device gets its
# group, and the README is right. debian/tests/removal removes and purges the packages
# afterwards.
#
# The release is that of this machine, or trixie (Debian 13). The kernel for that is the one of
# bed debian13, from the backports.
#
# This machine gets nothing of it. Needs root, as fresh.sh does. Logs are kept in build/logs.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

LOGS=$TOP/build/logs
PASSED=0
readonly TIMEOUT=1200

# step NAME COMMAND...: its output is in a log, and is shown if it fails
step() {
	local name=$1 start=$SECONDS

	shift
	log "$name"
	"$@" >"$LOGS/packages-$name.log" 2>&1 </dev/null || {
		tail -n 40 "$LOGS/packages-$name.log" >&2
		die "failed: $name, see $LOGS/packages-$name.log"
	}
	PASSED=$((PASSED + 1))
	printf 'ok %d %s (%s)\n' "$PASSED" "$name" "$(elapsed "$start")"
}

# In the bare system. Those with symbols for debuggers are left out.
bare() {
	"$SCRIPTS/fresh.sh" --keep "$RELEASE" env DEBIAN_FRONTEND=noninteractive bash -euc "$1"
}

# The packages, and where the kernel's are from: for this machine's release that is where it
# gets its own from, as the kernel is a matter of updates.
copy_packages() {
	local deb

	if [[ $BED == stock ]]; then
		rm -rf "$ROOT"/etc/apt/sources.list*
		cp -a /etc/apt/sources.list* "$ROOT/etc/apt"
	else
		cp "$CACHE/apt/bookworm-backports/sources.list" \
			"$ROOT/etc/apt/sources.list.d/kernel.list"
	fi
	mkdir -p "$ROOT/root/packages"
	for deb in "$TOP"/build/deb/*.deb; do
		[[ $deb == *-dbgsym_* ]] || cp -- "$deb" "$ROOT/root/packages"
	done
}

main() {
	local kernel own

	own=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
	RELEASE=${1:-$own}
	case $RELEASE in
	-h | --help) usage && exit ;;
	"$own") BED=stock ;;
	trixie) BED=debian13 ;;
	*) die "$RELEASE is none of $own and trixie, see --help" ;;
	esac
	ROOT=$CACHE/fresh/$RELEASE/root
	compgen -G "$TOP/build/deb/*.deb" >/dev/null || die "no packages in build/deb: make deb"
	"$SCRIPTS/deps.sh" "$BED"
	kernel=$("$SCRIPTS/kernel.sh" --version "$BED")
	mkdir -p "$LOGS"

	step bare "$SCRIPTS/fresh.sh" "$RELEASE" true
	step copy copy_packages
	step headers bare "apt-get -q update
		apt-get -q -y install --no-install-recommends linux-headers-$kernel gcc libc6-dev \
			pkg-config kmod udev"
	step install bare 'apt-get -q -y install --no-install-recommends ../packages/*.deb'
	step dkms bare "dkms status procsrv | tee /dev/stderr | grep -q ', $kernel, .*: installed'
		modinfo -k $kernel procsrv
		! ls -d /var/lib/dkms/procsrv/*/build/build"
	step session "$SCRIPTS/guest.sh" --bed "$BED" --timeout "$TIMEOUT" \
		--log "$LOGS/console-packages.log" -- "$TOP/tests/packages-in-guest.sh" "$ROOT"
	step removal bare debian/tests/removal
	printf '%d passed, 0 failed\n' "$PASSED"
}

main "$@"
