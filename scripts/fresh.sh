#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: fresh.sh [--keep] RELEASE COMMAND [ARG]...
#        fresh.sh --help
#
# Runs COMMAND as root on a bare Debian RELEASE (bookworm, trixie, ...), in a clone of what
# is committed here: what a new user's machine has, and nothing else. Tells whether the
# set-up is complete, as no other test can on a machine that has been used before.
#
#   --keep  go on with the system of the last run instead of a bare one: packages, built
#           kernels and all. The clone is made anew all the same
#
#     scripts/fresh.sh trixie make demo
#
# debootstrap makes the system, with git and make for what a user does first. It is a
# directory and not a machine: it shares the kernel, the network and the way to Debian's
# mirror. It stays in fresh/RELEASE of the cache (see deps.sh --help) until the next run.
# Needs root, debootstrap and the machine's apt. Exits with the status of COMMAND.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
# shellcheck source=apt.sh
. "$SCRIPTS/apt.sh"

parse() {
	KEEP=''
	while (($#)); do
		case $1 in
		-h | --help) usage && exit ;;
		--keep) KEEP=y ;;
		-*) die "unknown option $1, see --help" ;;
		*) break ;;
		esac
		shift
	done
	(($# > 1)) || die "name a release and a command, see --help"
	RELEASE=$1
	COMMAND=("${@:2}")
	[[ $RELEASE =~ ^[a-z]+$ ]] || die "$RELEASE is not the name of a release"
}

# The bare system, which is copied for each run.
make_base() {
	local base=$1 uri

	! complete "$base" || return 0
	uri=$(mirror)
	[[ -n $uri ]] || die "no mirror of Debian among this machine's apt sources"
	log "making a bare Debian $RELEASE"
	rm -rf -- "$base"
	mkdir -p "$base"
	debootstrap --variant=minbase --include=ca-certificates,git,make \
		"$RELEASE" "$base" "$uri" >"$base.log" 2>&1 ||
		die "debootstrap failed, see $base.log"
	# As this machine reaches the mirror, by a proxy for example.
	apt-config dump --no-empty Acquire >"$base/etc/apt/apt.conf.d/90fresh"
	mark_complete "$base"
}

# With namespaces of its own for mounts and processes: neither is left behind.
enter() {
	local root=$1

	# shellcheck disable=SC2016 # expanded by the shell inside
	exec unshare --mount --pid --fork --kill-child bash -c '
		set -e
		root=$1
		shift
		mount --make-rprivate /
		mount --rbind /dev "$root/dev"
		mount --rbind /sys "$root/sys"
		mount -t proc proc "$root/proc"
		exec chroot "$root" /usr/bin/env -i HOME=/root TERM="${TERM:-dumb}" \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			sh -c "cd /root/procsrv && exec \"\$@\"" sh "$@"' \
		bash "$root" "${COMMAND[@]}"
}

main() {
	local dir root

	parse "$@"
	((EUID == 0)) || die "needs root"
	have debootstrap || die "needs the package debootstrap"
	dir=$CACHE/fresh/$RELEASE root=$dir/root
	lock_cache "fresh-$RELEASE"
	make_base "$dir/base"
	if [[ -z $KEEP || ! -e $root ]]; then
		rm -rf -- "$root" "$root.new"
		cp -a -- "$dir/base" "$root.new"
		mv -- "$root.new" "$root"
	fi
	rm -rf -- "$root/root/procsrv"
	git clone --quiet -- "$TOP" "$root/root/procsrv"
	log "running ${COMMAND[*]} in $root"
	enter "$root"
}

main "$@"
