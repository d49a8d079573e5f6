#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Shared by the other scripts: messages, the cache and its locks. Sourced, not run.

set -euo pipefail

PROG=${0##*/}
SCRIPTS=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this
TOP=$(dirname -- "$SCRIPTS")
CACHE=${PROCSRV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/procsrv}

# Messages go to stderr: stdout belongs to what a script is asked to print.
log() {
	printf '%s: %s\n' "$PROG" "$*" >&2
}

die() {
	log "$*"
	exit 1
}

# The text of a script's own header, from the second comment block's first line
# to the end of the comments: the one place where its usage is written.
usage() {
	awk 'NR > 3 && !/^#/ { exit } NR > 3 { sub(/^# ?/, ""); print }' "$0"
}

have() {
	command -v "$1" >/dev/null
}

# joined WORD...: with commas between them
joined() {
	local IFS=,

	echo "$*"
}

# The one place where the version is written.
version() {
	sed -n 's/^#define PROCSRV_VERSION "\(.*\)"/\1/p' "$TOP/procsrv.h"
}

# minutes:seconds since a value of $SECONDS
elapsed() {
	local s=$((SECONDS - $1))

	printf '%d:%02d' $((s / 60)) $((s % 60))
}

# In a guest whose instructions are counted. All other tasks are counted too, so first everything
# that a boot starts has to end: idle time passes fastest there. And until the kernel has random
# numbers each one costs hundreds of instructions, which new slabs and processes need: a machine in
# use has them.
settle() {
	head -c1 /dev/random >/dev/null
	sleep 60
}

# Hold the named lock of the cache, unless another run holds it, until LOCK_FD is closed or the
# calling shell exits. Whatever is started meanwhile inherits it: a build that outlives its script
# keeps others away from its directory.
try_lock() {
	mkdir -p "$CACHE/lock"
	exec {LOCK_FD}>"$CACHE/lock/$1"
	flock --nonblock "$LOCK_FD"
}

# The same, but wait for the other run.
lock_cache() {
	try_lock "$1" && return
	log "waiting for another run that prepares $1"
	flock "$LOCK_FD"
}

# A directory of the cache counts only with this file in it, which is written
# last: an interrupted download, unpacking or build is never taken for a whole one.
complete() {
	[[ -e $1/.complete ]]
}

mark_complete() {
	touch "$1/.complete"
}
