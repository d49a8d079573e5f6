#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The first process of a guest of another architecture, in its initramfs: see guest.sh. Not
# run by hand.
#
# There are a bash and a busybox, and the modules to mount what the host shares: the tree,
# read-only, and the directory of results. Each has the name that it has there.

mount_all() {
	/bin/busybox mkdir -p /proc /sys /dev /run /tmp /root /etc /sbin /usr/bin /usr/sbin
	/bin/busybox --install -s
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts
	mount -t tmpfs -o mode=1777 tmpfs /dev/shm
	mount -t tmpfs -o mode=1777 tmpfs /tmp
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
}

# As udev does it.
name_ports() {
	local port

	mkdir -p /dev/virtio-ports
	for port in /sys/class/virtio-ports/*; do
		ln -s "/dev/${port##*/}" "/dev/virtio-ports/$(<"$port/name")"
	done
}

# share TAG DIRECTORY OPTIONS
share() {
	mkdir -p "$2"
	mount -t 9p -o "version=9p2000.L,trans=virtio,access=any,msize=262144,$3" "$1" "$2"
}

export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount_all
exec </dev/null >/dev/console 2>&1
for module in /modules/*; do
	insmod "$module"
done
name_ports
share procsrv.top "$PROCSRV_TOP" ro,cache=loose
share procsrv.out "$PROCSRV_OUT" rw
bash "$PROCSRV_TOP/scripts/guest-inside.sh" >/dev/virtio-ports/procsrv.stdout
poweroff -f
