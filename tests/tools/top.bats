#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# top: as text, and on a terminal, which is that of a tmux with its own server.

load common

setup() {
	ROOT=$(procsrvctl create 1 root)
	MARK=t$BATS_TEST_NUMBER
	TMUX_TMPDIR=$BATS_TEST_TMPDIR
	export TMUX_TMPDIR
	unset TMUX
}

teardown() {
	tmux kill-server 2>/dev/null || true
}

# top WIDTH HEIGHT OPTION...: on a terminal of that size.
top() {
	tmux -f /dev/null new-session -d -x "$1" -y "$2" \
		"exec procsrvctl top ${*:3} 2>$BATS_TEST_TMPDIR/stderr" 3>&-
	tmux set-option -g status off
	tmux resize-window -x "$1" -y "$2"
}

# shows_screen REGEX: waits until a line of the screen matches.
shows_screen() {
	local limit=$((SECONDS + 30))

	while ((SECONDS < limit)); do
		screen=$(tmux capture-pane -p) || true
		! grep -qE -- "$1" <<<"$screen" || return 0
		sleep 0.05
	done
	printf 'the screen never showed: %s\n%s\n' "$1" "$screen"
	return 1
}

# shows_no_more REGEX: waits until no line matches any more.
shows_no_more() {
	local limit=$((SECONDS + 30))

	while ((SECONDS < limit)); do
		screen=$(tmux capture-pane -p)
		grep -qE -- "$1" <<<"$screen" || return 0
		sleep 0.05
	done
	printf 'the screen still shows: %s\n%s\n' "$1" "$screen"
	return 1
}

press() {
	tmux send-keys "$@"
}

# order NAME...: the last output has these in this order.
order() {
	local want

	printf -v want '%s\n' "$@"
	same "${want%$'\n'}" "$(awk -v names=" $* " 'index(names, " " $NF " ") { print $NF }' <<<"$output")"
}

family() {
	A=$(procsrvctl create "$ROOT" "$MARK-zebra")
	B=$(procsrvctl create "$A" "$MARK-ape")
	C=$(procsrvctl create "$ROOT" "$MARK-mole")
}

@test "--once prints a table of all processes" {
	family
	procsrvctl update --cpu-time=61500ms --memory=3M --threads=4 --priority=high \
		--state=sleeping "$A"
	works top --once
	[[ ${lines[0]} =~ ^[0-9]+\ processes:\ [0-9]+\ running,\ [0-9]+\ sleeping, ]]
	[[ ${lines[1]} =~ ^[0-9]+\ sessions,.*\;\ by\ cpu$ ]]
	[[ ${lines[2]} == "    PID    PPID USER "*" NAME" ]]
	printf -v line '%7d %7d root     high        4  3.0M    0.0   1:01.50 S %s' "$A" "$ROOT" \
		"$MARK-zebra"
	has "$line" " R $MARK-ape" " R init"
	# shellcheck disable=SC2126 # of the lines below the title
	same "$(procsrvctl list | wc -l)" "$(tail -n +4 <<<"$output" | wc -l)"
}

@test "--sort, --reverse and --filter" {
	family
	procsrvctl update --cpu-time=1s --memory=1M "$B"
	procsrvctl update --cpu-time=2s --memory=9K "$C"
	z=$MARK-zebra a=$MARK-ape m=$MARK-mole
	works top --once --filter="$MARK-" --sort=pid
	order "$z" "$a" "$m"
	has "; only '$MARK-': 3 matches"
	works top --once --filter="${MARK^^}-" --sort=cpu
	order "$m" "$a" "$z"
	works top --once --filter="$MARK-" --sort=time
	order "$m" "$a" "$z"
	works top --once --filter="$MARK-" --sort=time --reverse
	order "$z" "$a" "$m"
	works top --once --filter="$MARK-" --sort=memory
	order "$a" "$m" "$z"
	works top --once --filter="$MARK-" --sort=name
	order "$a" "$m" "$z"
	works top --once --filter="$MARK-" --sort=name --reverse
	order "$z" "$m" "$a"
	works top --once --filter="$MARK-" --sort=start
	order "$m" "$a" "$z"
	works top --once --filter="$B"
	order "$a"
}

@test "--tree, with the ancestors of processes that pass the filter" {
	family
	works top --once --tree --sort=name --filter="$MARK-"
	order root "$MARK-mole" "$MARK-zebra" "$MARK-ape"
	has "; only '$MARK-': 3 matches"
	has " S init" $'R \\_ root' $'R    \\_ '"$MARK-mole" $'R       \\_ '"$MARK-ape" ||
		has " R init"
}

@test "--command" {
	pid=$(procsrvctl create "$ROOT" "$MARK-x" -- prog 'an arg')
	works top --once --filter="$pid" --command
	has " R prog an arg" " S COMMAND"
	procsrvctl exec "$pid" "$MARK-y"
	works top --once --filter="$pid" --command
	has " R [$MARK-y]"
}

@test "--batch --count: cpu time between two of them" {
	family
	procsrvctl top --batch --count=2 --delay=5s --filter="$MARK-" >"$BATS_TEST_TMPDIR/out" 3>&- &
	until grep -qs "$MARK-mole" "$BATS_TEST_TMPDIR/out"; do
		sleep 0.05
	done
	procsrvctl update --cpu-time=500ms "$A"
	procsrvctl create "$ROOT" "$MARK-new" >/dev/null
	procsrvctl exit "$C"
	procsrvctl wait "$ROOT" >/dev/null
	wait $!
	output=$(<"$BATS_TEST_TMPDIR/out")
	same 2 "$(grep -c ' NAME$' <<<"$output")"
	second=${output##*NAME}
	# Half a second in five, or a little more.
	[[ $second =~ \ ([89]|10)\.[0-9]\ +0:00\.50\ R\ $MARK-zebra ]]
	[[ $second == *"$MARK-new"* && $second != *"$MARK-mole"* ]]
}

@test "--json" {
	family
	works top --once --json --tree --sort=pid --filter="$MARK-"
	check "[(p['name'], p['depth']) for p in d['processes']][-3:] ==
		[('$MARK-zebra', 2), ('$MARK-ape', 3), ('$MARK-mole', 2)] and
		d['processes'][0]['pid'] == 1 and d['total_processes'] > 4 and
		d['processes'][-1]['state'] == 'RUNNING'" <<<"$output"
}

@test "the command line" {
	usage_error "top: standard output is not a terminal; use --batch" top
	script -qec 'procsrvctl top </dev/null' "$BATS_TEST_TMPDIR/typescript" >/dev/null || true
	grep -q "top: standard input is not a terminal; use --batch" "$BATS_TEST_TMPDIR/typescript"
	usage_error "top: 'size' is none of cpu, memory, time, pid, start and name" top --sort=size
	for word in 0 foo 0.5ms unlimited 30d 600h; do
		usage_error "top: '$word' is not a delay (2s, 500ms; at least 1ms)" \
			top --once --delay=$word
	done
	usage_error "top: 'x' is not a number of times" top --count=x
}

@test "a terminal that is not known" {
	# shellcheck disable=SC2016 # for the other shell
	TERM=frob script -qec 'procsrvctl top' "$BATS_TEST_TMPDIR/typescript" >/dev/null || status=$?
	same 2 "$status"
	grep -q 'procsrvctl: top: there is no description of this terminal' \
		"$BATS_TEST_TMPDIR/typescript"
}

@test "the screen follows the events" {
	family
	top 100 30 --filter="$MARK-" --sort=pid --delay=1h
	shows_screen "R $MARK-zebra$"
	shows_screen '^[0-9]+ processes:'
	pid=$(procsrvctl create "$ROOT" "$MARK-new")
	shows_screen "R $MARK-new$"
	procsrvctl update --state=sleeping --memory=5M "$pid"
	shows_screen "5\.0M .*S $MARK-new$"
	procsrvctl exec "$pid" "$MARK-other"
	shows_screen "S $MARK-other$"
	procsrvctl exit "$pid"
	shows_screen "Z $MARK-other$"
	procsrvctl wait --pid="$pid" "$ROOT" >/dev/null
	shows_no_more "$MARK-other"
	press q
	shows_no_more . || true
	same "" "$(<"$BATS_TEST_TMPDIR/stderr")"
}

@test "keys: sort, reverse, tree, command, filter, help, quit" {
	family
	procsrvctl update --memory=1M "$C"
	top 100 30 --delay=1h
	shows_screen "by cpu$"
	press C
	shows_screen "by name$"
	press r
	shows_screen "by name, reversed$"
	press R
	shows_screen "by name$"
	press N
	shows_screen "by pid$"
	press P
	shows_screen "by cpu$"
	press T
	shows_screen "by time$"
	press A
	shows_screen "by start$"
	press M
	shows_screen "by memory$"
	press t
	shows_screen "by memory, as a tree$"
	shows_screen '\\_ root'
	press t c
	shows_screen "COMMAND$"
	shows_screen " \[init\]$"
	press c
	shows_screen " init$"
	press / "${MARK}-mx" BSpace ole Enter
	shows_screen "only '$MARK-mole': 1 match$"
	shows_no_more " init$"
	press / C-u Enter
	shows_screen " init$"
	press / x Escape
	shows_no_more "only: x"
	shows_screen " init$"
	shows_screen "h help  q quit"
	press d
	shows_screen "delay \[3600s\]:$"
	press 0 Enter
	shows_screen "'0' is not a delay \(2s, 500ms; at least 1ms\)"
	press d 500ms Enter d
	shows_screen "delay \[500ms\]:$"
	press Enter d
	shows_screen "delay \[500ms\]:$"
	press 1h Enter
	press h
	shows_screen "send a signal to the selected process"
	shows_screen "^any key: back$"
	shows_no_more "h help  q quit"
	press q
	shows_no_more "send a signal to the selected process"
	press q
	for ((i = 0; i < 100; i++)); do
		tmux has-session 2>/dev/null || break
		sleep 0.05
	done
	((i < 100))
}

@test "a signal to the process that is selected" {
	family
	top 100 30 --filter="$MARK-" --sort=pid --delay=1h
	shows_screen "$MARK-mole$"
	press Down Down k
	shows_screen "signal for process $C \[TERM\]:$"
	press frob Enter
	shows_screen "'frob' is not a signal"
	press k 2 Enter
	shows_screen "sent SIGINT to process $C"
	works info "$C"
	has SIGINT
	press k Enter
	shows_screen "sent SIGTERM to process $C"
	shows_screen "Z $MARK-mole$"
	press Home k STOP Enter
	shows_screen "T $MARK-zebra$"
	press / C-u 1 Enter
	shows_screen "only '1': [0-9]+ match"
	press k Enter
	shows_screen "process 1 .*init.*EPERM"
}

@test "the prompt can be edited, and signals are chosen from a list" {
	family
	top 100 30 --filter="$MARK-" --sort=pid --delay=1h
	shows_screen "$MARK-mole$"
	press Home Down Down F9
	shows_screen "signal for process $C \[TERM\]:$"
	shows_screen " 9 KILL +18 CONT"
	press Down
	shows_screen "process $C \[TERM\]: STKFLT$"
	press Up Up
	shows_screen "process $C \[TERM\]: ALRM$"
	press Home DC DC S I G Right
	shows_screen "process $C \[TERM\]: SIGRM$"
	press BSpace O End X Left BSpace
	shows_screen "process $C \[TERM\]: SIGOX$"
	press C-a C-k U S R é Left Right BSpace 1 Enter
	shows_screen "sent SIGUSR1 to process $C"
	press k Escape
	shows_no_more " 1 HUP "
	press k
	shows_screen " 1 HUP "
	tmux resize-window -x 10 -y 4
	press Down
	sleep 0.2
	tmux has-session
	same "" "$(<"$BATS_TEST_TMPDIR/stderr")"
}

@test "F keys" {
	family
	top 100 30 --sort=cpu --delay=1h
	shows_screen "by cpu$"
	press F6
	shows_screen "by memory$"
	press F5
	shows_screen "by memory, as a tree$"
	press F4 "$MARK-mole" Enter
	shows_screen "only '$MARK-mole': 1 match$"
	press F1
	shows_screen "F10 quit"
	press x F10
	for ((i = 0; i < 100; i++)); do
		tmux has-session 2>/dev/null || break
		sleep 0.05
	done
	((i < 100))
}

@test "scrolling, and the selected process stays selected" {
	for i in {10..39}; do
		procsrvctl create "$ROOT" "$MARK-$i" >/dev/null
	done
	top 80 14 --filter="$MARK-" --sort=name --delay=1h
	shows_screen "$MARK-19$"
	shows_no_more "$MARK-20$"
	press NPage
	shows_screen "$MARK-20$"
	press End
	shows_screen "$MARK-39$"
	press PPage Up
	shows_screen "$MARK-28$"
	press Home
	shows_screen "$MARK-10$"
	press Down Down
	procsrvctl create "$ROOT" "$MARK-00" >/dev/null
	shows_screen "$MARK-00$"
	press k
	shows_screen "signal for process $(procsrvctl ps | awk -v n="[$MARK-12]" '$NF == n { print $2 }') "
}

@test "any size of the terminal, also while it runs" {
	family
	top 80 24 --sort=pid --delay=1h
	shows_screen " init$"
	for size in "1 1" "2 3" "5 2" "200 4" "12 40" "40 5"; do
		# shellcheck disable=SC2086 # two words
		set -- $size
		tmux resize-window -x "$1" -y "$2"
		sleep 0.1
		press t Down NPage End
		tmux has-session
	done
	press Home
	tmux resize-window -x 100 -y 30
	shows_screen " init$"
	shows_screen "by pid"
	same "" "$(<"$BATS_TEST_TMPDIR/stderr")"
}

@test "nothing is polled: between ticks and events it sleeps" {
	top 80 24 --delay=1h
	shows_screen " init$"
	pid=$(tmux display-message -p '#{pane_pid}')
	sleep 0.3
	before=$(awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$pid/status")
	sleep 1
	same "$before" "$(awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$pid/status")"
}

@test "more events than are kept, and thousands of processes" {
	top 100 30 --sort=start --delay=1h
	shows_screen "by start$"
	pid=$(tmux display-message -p '#{pane_pid}')
	kill -STOP "$pid"
	python3 - "$ROOT" "$MARK" 3>&- <<'END'
import ctypes, fcntl, os, struct, sys
CREATE = 3 << 30 | 64 << 16 | 0xbd << 8 | 0x00
UPDATE = 1 << 30 | 48 << 16 | 0xbd << 8 | 0x08
STATE = 1 << 3
device = os.open("/dev/procsrv", os.O_RDWR)
root = int(sys.argv[1])
for i in range(3000):
    name = ctypes.create_string_buffer(b"%s-%d" % (sys.argv[2].encode(), i))
    fcntl.ioctl(device, CREATE, struct.pack("=4Q6IQ", root, ctypes.addressof(name),
                                            0, 0, 0, 0, 0, 0, 0, 0, 0))
for i in range(17000):
    fcntl.ioctl(device, UPDATE, struct.pack("=4Q4I", root, 0, 0, 0, STATE, 0, i % 2, 0))
END
	kill -CONT "$pid"
	shows_screen "$MARK-2999$"
	press End
	shows_screen " init$"
	same 3000 "$(procsrvctl top --once --filter="$MARK-" | grep -c "$MARK-[0-9]*\$")"
}
