#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: packages-in-guest.sh ROOT
#
# Run by scripts/check-packages.sh in a guest: goes into the system ROOT, with the udev that is
# there, and runs debian/tests/session of the clone in it. Changes stay in memory.

set -euo pipefail

readonly UNDER=/run/packages

mkdir -p "$UNDER"
mount -t tmpfs tmpfs "$UNDER"
mkdir "$UNDER"/{upper,work,root}
mount -t overlay -o "lowerdir=$1,upperdir=$UNDER/upper,workdir=$UNDER/work" overlay "$UNDER/root"
for dir in proc sys dev; do
	mount --rbind "/$dir" "$UNDER/root/$dir"
done
mount -t tmpfs tmpfs "$UNDER/root/run"
mount -t tmpfs tmpfs "$UNDER/root/tmp"

# Run one udev at a time, so that the event of the node goes to the one that has the rule.
udevadm control --exit
chroot "$UNDER/root" /lib/systemd/systemd-udevd --daemon
exec chroot "$UNDER/root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	sh -c 'cd /root/procsrv && exec debian/tests/session'
