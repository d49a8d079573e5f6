#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: tour.sh PROCSRV.KO
#        tour.sh --help
#
# The tour that demo.sh takes, inside the guest: every step shows its command.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

PATH=$TOP/build/tools:$PATH

# say SENTENCE...: on a line each
say() {
	printf '\n'
	printf '# %s\n' "$@"
}

# show COMMAND...: prints it as it would be typed, and runs it.
show() {
	printf '$ %s\n' "$*"
	"$@"
}

# The same for a line with a pipe in it.
show_line() {
	printf '$ %s\n' "$1"
	bash -c "$1"
}

# Like show, and the command is to fail: its exit status is a part of the tour.
show_refused() {
	printf '$ %s\n' "$*"
	if "$@"; then
		die "this command should have failed"
	else
		printf '(exit status %s)\n' $?
	fi
}

# What a shell would do in A=$(COMMAND).
assign() {
	local name=$1 value

	shift
	value=$("$@")
	declare -g "$name=$value"
	# shellcheck disable=SC2016 # it is shown, not run
	printf '$ %s=$(%s); echo $%s\n%s\n' "$name" "$*" "$name" "$value"
}

load() {
	say "The module creates a device, and counters in sysfs. Init, pid 1, is the only process."
	show insmod "$1"
	show ls -l /dev/procsrv
	show cat /sys/kernel/procsrv/stats
}

mirror() {
	say "Copy the processes of this machine from /proc into the server."
	show procsrvctl mirror
	show_line 'procsrvctl ps | head -n 20'
	show_line 'procsrvctl tree | head -n 20'
}

follow() {
	local mirror events process

	say "Follow the processes of this machine in a private server, with the pids of Linux." \
		"A signal to a process of that server is sent to the process of Linux."
	printf '$ procsrvctl mirror --follow --control --name machine &\n'
	procsrvctl mirror --follow --control --name machine &
	mirror=$!
	until procsrvctl --server machine list >/dev/null 2>&1; do
		sleep 0.05
	done
	printf '$ sleep 1000 &\n'
	sleep 1000 &
	process=$!
	sleep 0.5
	printf '$ procsrvctl --server machine events --pid=%s --count=3 &\n' "$process"
	procsrvctl --server machine events --pid="$process" --count=3 &
	events=$!
	sleep 0.5
	show procsrvctl --server machine kill -TERM "$process"
	wait "$process" || true
	wait "$events"
	show procsrvctl --server machine tree "$$"
	show kill "$mirror"
	wait "$mirror"
}

lifecycle() {
	say "Create a process, and a child of it. Exec replaces the name and the command line" \
		"of the child. These processes are records: no program is started."
	assign PARENT procsrvctl create 1 shell -- sh -i
	assign CHILD procsrvctl create "$PARENT" shell
	show procsrvctl exec "$CHILD" sleep -- sleep 60
	show procsrvctl info "$CHILD"

	say "The child has not exited, so a wait of the parent finds nothing yet."
	show_refused procsrvctl wait "$PARENT" --nohang

	say "Stop the child, and continue it. A wait of the parent reports each change."
	show procsrvctl kill -s STOP "$CHILD"
	show procsrvctl wait "$PARENT" --stopped
	show procsrvctl kill -s CONT "$CHILD"
	show procsrvctl wait "$PARENT" --continued

	say "Wait for the child in the background: the state of the parent is WAITING." \
		"The wait ends when the child is killed. A second wait fails: there is no child."
	printf '$ procsrvctl wait %s &\n' "$PARENT"
	procsrvctl wait "$PARENT" &
	until procsrvctl info --json "$PARENT" | grep -q WAITING; do
		sleep 0.05
	done
	show procsrvctl info "$PARENT"
	show procsrvctl kill -s KILL "$CHILD"
	wait $!
	show_refused procsrvctl wait "$PARENT"
}

job_control() {
	say "Create a session, and two processes in one process group, as for a pipeline." \
		"Send a signal to the group, and wait for both processes."
	show procsrvctl session create "$PARENT"
	SID=$(procsrvctl info --json "$PARENT" | sed -n 's/.*"sid": *\([0-9]*\).*/\1/p')
	assign LEFT procsrvctl create "$PARENT" seq
	assign RIGHT procsrvctl create "$PARENT" sort
	show procsrvctl group create "$LEFT"
	PGID=$(procsrvctl info --json "$LEFT" | sed -n 's/.*"pgid": *\([0-9]*\).*/\1/p')
	show procsrvctl group set "$RIGHT" "$PGID"
	show procsrvctl ps --session "$SID"
	show procsrvctl kill -s TERM --group "$PGID"
	show procsrvctl wait "$PARENT" --pgid "$PGID"
	show procsrvctl wait "$PARENT" --pgid "$PGID"
}

limits() {
	say "Set limits of a process. Report its cpu time, memory and directory."
	show procsrvctl limits "$PARENT" --memory 64M --nice 5
	show procsrvctl update "$PARENT" --cpu-time 1500ms --memory 12M --cwd /home
	show procsrvctl info "$PARENT"
}

replay() {
	say "Replay a build that strace has recorded." \
		"The answers of the server are compared with those of Linux."
	show procsrv-replay tests/recordings/make-hello.strace
}

# process_of SERVICE: sets PID to its process.
process_of() {
	PID=$(procsrvctl supervise --status | awk -v name="$1" '$1 == name { print $3 }')
}

# wait_for TEXT: until the page of the web server has it.
wait_for() {
	until busybox wget -qO- http://127.0.0.1:8080/ 2>/dev/null | grep -q "$1"; do
		sleep 0.1
	done
}

services() {
	say "Supervise services. Each service is a program, and a process of the server."
	ip link set lo up
	printf '$ procsrvctl supervise examples/services.conf &\n'
	procsrvctl supervise examples/services.conf &
	wait_for 20
	show busybox wget -qO- http://127.0.0.1:8080/
	process_of web
	show procsrvctl tree "$(procsrvctl info --json "$PID" | sed -nE 's/.*"ppid": ([0-9]+),.*/\1/p')"
	say "A signal to the process of the server is sent to the program." \
		"The supervisor starts the program again."
	show procsrvctl kill -s KILL "$PID"
	wait_for 20
	show procsrvctl supervise --status

	say "If the supervisor is killed, its programs are killed, too, with their descendants."
	show kill -s KILL $!
	wait $! 2>/dev/null || true
	sleep 1
	show_refused pidof busybox
}

supervise() {
	say "Supervise services without a command: records, which execute nothing." \
		"One of them is killed. The supervisor replaces it by a new record."
	printf '$ procsrvctl supervise examples/records.conf &\n'
	procsrvctl supervise examples/records.conf &
	until procsrvctl supervise --status >/dev/null 2>&1; do
		sleep 0.05
	done
	process_of web
	show procsrvctl kill -s KILL "$PID"
	sleep 0.5
	show procsrvctl supervise --status

	say "Stop the supervisor. It stops the services in reverse order, with a signal to each." \
		"The signal of the database is pending until it is taken. Then the database exits."
	process_of database
	show kill $!
	sleep 0.5
	show procsrvctl take "$PID"
	show procsrvctl exit "$PID"
	wait $!
}

# make_program DIRECTORY: the sources of a small program
make_program() {
	local part

	mkdir "$1"
	for part in one two; do
		printf '#include <stdio.h>\nvoid %s(void) { puts("%s"); }\n' "$part" "$part" >"$1/$part.c"
	done
	printf 'void one(void), two(void);\n%s\n' \
		'int main(void) { one(); two(); return 0; }' >"$1/main.c"
	printf 'program: main.o one.o two.o\n\tcc -o $@ $^\n' >"$1/Makefile"
}

build() {
	local tree='' picture=$GUEST_OUT/build.svg

	say "Run a build. The server decides about the waits and signals of its programs." \
		"A second command shows the processes meanwhile."
	make_program /tmp/program
	printf '$ procsrv-run --name build --svg %s make -C /tmp/program -j4 &\n' "${picture#"$TOP"/}"
	procsrv-run --name build --svg "$picture" make --no-print-directory -C /tmp/program -j4 &
	until [[ $tree == *cc1* ]] || ! kill -0 $! 2>/dev/null; do
		sleep 0.2
		tree=$(procsrvctl --server build tree 2>/dev/null || echo "$tree")
	done
	printf '$ procsrvctl --server build tree\n%s\n' "$tree"
	wait $!
	show_line '/tmp/program/program'
}

unload() {
	say "Show the counters. The module can be removed, as no descriptor of the device is open."
	show cat /sys/kernel/procsrv/stats
	show rmmod procsrv
	show_refused ls /dev/procsrv
}

case ${1:-} in
-h | --help | '') usage && exit ;;
esac
load "$1"
mirror
follow
lifecycle
job_control
limits
replay
services
supervise
build
unload
