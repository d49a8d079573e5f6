#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest's half of guest.sh: run by it inside the guest, never by hand.
#
#   virtme-ng        its init calls this, or the interactive shell reads it
#   User Mode Linux  this is the init
#   other architectures
#                    their init (guest-init.sh) calls this
#
# The kernel's command line has the directory of the run, as $PROCSRV_RUN. The status
# of the command is left there, last: a guest that dies leaves none.

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root

RUN=$PROCSRV_RUN
# shellcheck disable=SC1091 # BED, TOP, DIR, GUEST_OUT, INTERACTIVE, MODULES and COMMAND
. "$RUN/parameters"
[[ -z $INTERACTIVE ]] || PATH=$TOP/build/tools:$PATH
export GUEST_OUT GUEST_BED=$BED

fail() {
	echo "guest: $*" >&2
	return 1
}

mounted() {
	[[ $(</proc/mounts) == *" $1 "* ]]
}

mount_kernel_filesystems() {
	mounted /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
	mounted /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
}

# KCSAN, where the kernel has it, watches nothing until it is told to.
watch_for_races() {
	[[ ! -e /sys/kernel/debug/kcsan ]] || echo on >/sys/kernel/debug/kcsan
}

# Bash needs the first for its own purposes; the others may point elsewhere, for the init.
link_descriptors() {
	ln -sfn /proc/self/fd /dev/fd
	ln -sfn /proc/self/fd/0 /dev/stdin
	ln -sfn /proc/self/fd/1 /dev/stdout
	ln -sfn /proc/self/fd/2 /dev/stderr
}

# The one place on the host that can be written to. Mounted here, when everything else that
# goes over the file system is in place.
mount_results() {
	! mounted "$GUEST_OUT" || return 0
	if [[ $BED == uml* ]]; then
		# The option is a path and has no name, which the mount(8) of Debian 13 cannot
		# pass on: it uses fsconfig(2).
		busybox mount -t hostfs -o "$GUEST_OUT" none "$GUEST_OUT"
	else
		mount -t 9p -o version=9p2000.L,trans=virtio,access=any procsrv.out "$GUEST_OUT"
	fi
}

insert_modules() {
	local module

	for module in "${MODULES[@]}"; do
		insmod "$module" || fail "cannot insert $module" || return
	done
}

prepare() {
	mount_kernel_filesystems
	watch_for_races
	cd "$DIR" || fail "no $DIR" || return
	insert_modules
}

# What a command leaves running may hold its pipes open for ever.
drain() {
	local i

	for ((i = 0; i < 20; i++)); do
		kill -0 "$1" 2>/dev/null || return 0
		sleep 0.1
	done
}

# run STDERR: the command, with pipes for its output: the ports and terminals of a guest
# cannot be opened twice, and a terminal changes what is written.
run() {
	local status=125 out err

	link_descriptors
	exec 6> >(exec cat)
	out=$!
	exec 7> >(exec cat >"$1")
	err=$!
	if mount_results && prepare >&6 2>&7; then
		("${COMMAND[@]}") </dev/null >&6 2>&7 6>&- 7>&-
		status=$?
	fi
	exec 6>&- 7>&-
	drain "$out"
	drain "$err"
	echo "$status" >"$RUN/status"
	sync
}

# --- a shell ------------------------------------------------------------------

# The size of the terminal outside comes through a port, a line for each change. User Mode
# Linux needs none.
follow_size() {
	local port=/dev/virtio-ports/procsrv.size

	[[ ! -e $port ]] || (while read -r rows cols; do
		stty rows "$rows" cols "$cols" </dev/tty
	done <"$port" &)
}

welcome() {
	[[ -e /dev/procsrv ]] || return 0
	cat <<-'END'

		The module is loaded, and the tools are in PATH. To begin with:

		    procsrvctl create 1 shell -- sh -i    create a child of init, process 1
		    procsrvctl ps                         list the processes
		    procsrvctl mirror; procsrvctl tree    copy those of this machine
		    procsrvctl --help                     list the commands
		    procsrv-replay tests/recordings/pipes.strace

		"tmux" gives more shells: Ctrl-b c creates one, Ctrl-b n shows the next.
		"exit" ends the virtual machine.

	END
}

shell() {
	PS1="($BED) \w # "
	# The shells of tmux are login shells, which set the path anew. They have a home of
	# their own: what is in that of the user expects another machine.
	export LANG=C.UTF-8 HOME=/run/home
	mkdir -p "$HOME"
	printf 'PATH=%q\nPS1=%q\n' "$PATH" "$PS1" | tee "$HOME/.bashrc" >"$HOME/.bash_profile"
	mount_results
	prepare
	follow_size
	welcome
}

# --- init of User Mode Linux ------------------------------------------------

# The root is the host's, read-only. What programs expect to write to is covered
# with a layer in memory, as virtme-ng does it.
cover() {
	local dir layer layers=("${@/#//run/cover}")

	mkdir -p "${layers[@]/%//upper}" "${layers[@]/%//work}"
	for dir; do
		[[ -d $dir && ! -L $dir ]] || continue
		layer=/run/cover$dir
		mount -t overlay -o "lowerdir=$dir,upperdir=$layer/upper,workdir=$layer/work" \
			overlay "$dir"
	done
}

mount_all() {
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	mounted /dev || mount -t devtmpfs devtmpfs /dev
	mount -t tmpfs -o mode=0755 tmpfs /run
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts
	mount -t tmpfs -o mode=1777 tmpfs /dev/shm
	cover /etc /home /opt /root /srv /tmp /usr /var
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
}

init() {
	mount_all
	if [[ -n $INTERACTIVE ]]; then
		link_descriptors
		shell >/dev/tty0 2>&1
		PS1=$PS1 setsid -c bash --norc </dev/tty0 >/dev/tty0 2>&1
	else
		stty -F /dev/tty0 raw -echo
		stty -F /dev/tty1 raw -echo
		run /dev/tty1 >/dev/tty0
		# Changing the settings waits until what was written is out.
		stty -F /dev/tty0 sane
		stty -F /dev/tty1 sane
	fi
	busybox poweroff -f
}

if (($$ == 1)); then
	init
elif [[ -n $INTERACTIVE ]]; then
	# virtme-ng's shell reads this file before its first prompt.
	shell
else
	run /dev/virtio-ports/procsrv.stderr
fi
