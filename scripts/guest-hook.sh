#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Read by bash in the guest before it is virtme-ng's init ($BASH_ENV), to make that fast
# where the processor is emulated: three times less work. Not run by hand.

unset BASH_ENV

# The init runs some hundred small programs, and each is read anew through the shared
# file system with its libraries. One that has none, and is kept open, is read once.
exec 9</usr/bin/busybox
for applet in base64 cat chmod cp cut grep install ip ln mkdir mount rm sed setsid \
	sync touch uname poweroff; do
	eval "$applet() { /usr/bin/busybox $applet \"\$@\"; }"
done
unset applet

tree=$(cd -- "${BASH_SOURCE[0]%/*}/.." && pwd)

# The init covers directories such as /var/tmp, and the tree may be in one of them. And the applet
# knows groups by number only.
mount() {
	local at=${*: -1}

	[[ ${at%/} == '' || $tree/ != "${at%/}"/* ]] || return 0
	/usr/bin/busybox mount "${@/gid=tty/gid=5}"
}

# It would make hundreds of files that no test needs.
systemd-tmpfiles() { :; }

# udev is there for devices that appear from now on. Presenting it all that were found at
# boot would have it load a driver for each; the init waits only for the names of its ports.
udevadm() {
	local port name

	[[ $* == *--type=devices* ]] || return 0
	mkdir -p /dev/virtio-ports
	for port in /sys/class/virtio-ports/*; do
		name=$(<"$port/name")
		[[ -z $name ]] || ln -s "/dev/${port##*/}" "/dev/virtio-ports/$name"
	done
}

# The shell that ends up on the terminal reads its part of guest.sh before the first prompt.
if [[ -n ${PROCSRV_INTERACTIVE:-} ]]; then
	export PROMPT_COMMAND="unset PROMPT_COMMAND; . ${BASH_SOURCE[0]%/*}/guest-inside.sh"
	# And it has the home that guest-inside.sh makes: the profile of the user expects another machine.
	setsid() { HOME=/run/home /usr/bin/busybox setsid "$@"; }
fi
