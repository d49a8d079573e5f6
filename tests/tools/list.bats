#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # some variables are set in common.bash
#
# list, ps

load common

# aligned WORD...: the last output has these words, and nothing else, below CMD.
aligned() {
	local at=${lines[0]%%CMD*} line

	same "$*" "$(for line in "${lines[@]:1}"; do printf '%s ' "${line:${#at}}"; done | sed 's/ $//')"
}

# on_terminal COMMAND: its output on a terminal
on_terminal() {
	script -qec "$1" /dev/null </dev/null | tr -d '\r'
}

@test "list prints all pids, lowest first" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$first" second)
	procsrvctl exit "$first"
	works list
	same 1 "${lines[0]}"
	same "$output" "$(sort -n <<<"$output")"
	same "$ROOT $first $second " "$(awk -v r="$ROOT" '$1 >= r' <<<"$output" | tr '\n' ' ')"
	prints "[
 ${output//$'\n'/$',\n '}
]" list --json
}

@test "list the members of a session, and of a group" {
	session=$(procsrvctl session create "$ROOT")
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	group=$(procsrvctl group create "$second")
	prints "$ROOT
$first
$second" list --session="$session"
	prints "$second" list --group="$group"
	prints "[
 $second
]" list --json --group="$group"
}

@test "sessions and groups that are not there" {
	for command in list "list --json" ps "ps --json"; do
		# shellcheck disable=SC2086
		refused "${command% *}: there is no session 999999999 (ESRCH)" \
			$command --session=999999999
		# shellcheck disable=SC2086
		refused "${command% *}: there is no process group 999999999 (ESRCH)" \
			$command --group=999999999
	done
}

# line PID OPTION...: a line of ps, its fields separated by single spaces.
line() {
	procsrvctl ps "${@:2}" | awk -v pid="$1" '$2 == pid { $1 = $1; print }'
}

@test "ps has the columns of ps -f, and more" {
	works ps
	same "UID PID PPID PGID SID TTY STAT PRI THR RSS TIME CMD" \
		"$(awk 'NR == 1 { $1 = $1; print }' <<<"$output")"
	works ps --long
	same "UID PID PPID PGID SID TTY STAT PRI THR RSS TIME ELAPSED CHTIME GID PEND REVK EXIT CWD CMD" \
		"$(awk 'NR == 1 { $1 = $1; print }' <<<"$output")"
}

@test "a line of ps" {
	session=$(procsrvctl session create "$ROOT")
	procsrvctl session terminal "$session" pts/7
	field "process group" "$ROOT"
	group=$field
	pid=$(procsrvctl create --uid=daemon --env=A=B "$ROOT" sleep -- sleep 60)
	procsrvctl update "$pid" --state=sleeping --memory=3M --threads=2 --priority=high \
		--cpu-time=93784s
	same "daemon $pid $ROOT $group $session pts/7 S<l high 2 3072 1-02:03:04 sleep 60" \
		"$(line "$pid")"
	same "1 $pid $ROOT $group $session pts/7 S<l high 2 3072 1-02:03:04 sleep 60 A=B" \
		"$(line "$pid" --numeric --env)"
	same "root $ROOT 1 $group $session pts/7 Rs normal 1 0 00:00:00 [root]" \
		"$(line "$ROOT")"
}

@test "the states and priorities in ps" {
	pid=$(procsrvctl create "$ROOT" x -- x y)
	procsrvctl update "$pid" --priority=realtime
	same "root $pid $ROOT 0 0 ? R< rt 1 0 00:00:00 x y" "$(line "$pid")"
	procsrvctl update "$pid" --priority=low
	procsrvctl kill -STOP "$pid"
	same "root $pid $ROOT 0 0 ? TN low 1 0 00:00:00 x y" "$(line "$pid")"
	procsrvctl kill "$pid"
	same "root $pid $ROOT 0 0 ? ZN low 1 0 00:00:00 [x] <defunct>" "$(line "$pid")"
	child=$(procsrvctl create "$ROOT" child)
	procsrvctl wait --pid="$child" "$ROOT" 3>&- &
	await "$ROOT" WAITING
	same "root $ROOT 1 0 0 ? W normal 1 0 00:00:00 [root]" "$(line "$ROOT")"
	procsrvctl exit "$child"
	wait $!
}

@test "ps --long" {
	pid=$(procsrvctl create --gid=7 "$ROOT" x)
	child=$(procsrvctl create "$pid" y)
	procsrvctl update "$child" --cpu-time=2m
	procsrvctl exit "$child"
	procsrvctl wait "$pid"
	procsrvctl update "$pid" --cwd=/home
	procsrvctl kill -HUP "$pid"
	procsrvctl kill -64 "$pid"
	procsrvctl revoke "$pid" 5
	[[ $(line "$pid" --long) =~ ^"root $pid $ROOT 0 0 ? R normal 1 0 00:00:00 "0[0-9]:[0-9]{2}" 02:00 7 8000000000000001 1 - /home [x]"$ ]]
	procsrvctl kill -9 "$pid"
	[[ $(line "$pid" --long) == *" -9/9 /home [x] <defunct>" ]]
}

@test "ps --long has the columns of etime from an hour on" {
	pid=$(procsrvctl create "$ROOT" x)
	child=$(procsrvctl create "$pid" y)
	procsrvctl update "$child" --cpu-time=93784s
	procsrvctl exit "$child"
	procsrvctl wait "$pid"
	[[ $(line "$pid" --long) == *" 1-02:03:04 0 0 0 - / [x]" ]]
}

@test "ps as people type it" {
	works ps
	all=$output
	for word in -e -ef -A aux -aux ax; do
		prints "$all" ps "$word"
	done
	works ps --long --env --numeric
	all=$(sed -E 's/[0-9]+:[0-9:]+//g' <<<"$output")
	works ps auxeln
	same "$all" "$(sed -E 's/[0-9]+:[0-9:]+//g' <<<"$output")"
}

@test "ps -p" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	works ps -p "$second,$first"
	same "PID $first $second " "$(awk '{ printf "%s ", $2 }' <<<"$output")"
	prints "$output" ps -fp "$first" --pid="$second $first"
	ask ps -p "$first,999999999"
	same 1 "$status"
	same "procsrvctl: ps: there is no process 999999999 (ESRCH)" "$stderr"
	has " $first "
	refused "ps: there is no process 999999999 (ESRCH)" ps -p 999999999
	procsrvctl ps --json -p "$second" | check "[p['pid'] for p in d] == [$second]"
	usage_error "ps: 'x' is not a process id" ps -p 1,x
	usage_error "ps: only one of --pid, --session and --group can be given" ps -p 1 --session=1
}

@test "huge numbers and long names keep the columns in their place" {
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	procsrvctl update "$second" --memory=16000000T --threads=4294967295 --cpu-time=5000000h \
		--cwd=/a/b/c/d/e/f/g/h
	procsrvctl kill -64 "$second"
	works ps -p "$first,$second"
	aligned "[first] [second]"
	has " 17179869184000000 208333-08:00:00 "
	works ps -lp "$first,$second"
	aligned "[first] [second]"
	procsrvctl kill -9 "$second"
	procsrvctl wait "$ROOT"
}

@test "ps --long shows the command at 120 columns" {
	pid=$(procsrvctl create --uid=daemon "$ROOT" x -- /usr/bin/worker --fast)
	procsrvctl update "$pid" --cwd=/a/directory/with/a/long/name
	script -qec "stty cols 120; procsrvctl ps -lp $pid" /dev/null </dev/null |
		tr -d '\r' >"$BATS_TEST_TMPDIR/out"
	grep -q ' /a/.* /usr/bin/worker' "$BATS_TEST_TMPDIR/out"
	procsrvctl ps -lp "$pid" | grep -q '/a/directory/with/a/long/name /usr/bin/worker --fast'
}

@test "ps shows the command at 80 columns, and cuts the titles like the lines" {
	pid=$(procsrvctl create "$ROOT" x -- /usr/bin/worker --fast)
	wide=$(procsrvctl ps -p "$pid" | head -n 1)
	same "$wide" "$(on_terminal "stty cols 200; procsrvctl ps -p $pid" | head -n 1)"
	mapfile -t lines < <(NO_COLOR=1 on_terminal "stty cols 80; procsrvctl ps -p $pid")
	[[ ${lines[1]} == *" /usr/bin/worker --"* ]]
	aligned "${lines[1]#*00:00:00 }"
	same "${wide// /}" "${lines[0]// /}"
	mapfile -t lines < <(NO_COLOR=1 on_terminal "stty cols 30; procsrvctl ps -p $pid")
	same "2 30 30" "${#lines[@]} ${#lines[0]} ${#lines[1]}"
}

@test "ps --json" {
	pid=$(procsrvctl create --env=A=B "$ROOT" sleep -- sleep 60)
	procsrvctl ps --json --env | check "[p for p in d if p['pid'] == $pid] ==
		[$(procsrvctl info --json "$pid" | sed 's/null/None/g; s/false/False/g; s/true/True/g')]"
	procsrvctl ps --json | check "all('envp' not in p for p in d) and
		[p['pid'] for p in d] == sorted(p['pid'] for p in d) and len(d) >= 3"
}

@test "ps of a session and of a group" {
	session=$(procsrvctl session create "$ROOT")
	first=$(procsrvctl create "$ROOT" first)
	second=$(procsrvctl create "$ROOT" second)
	group=$(procsrvctl group create "$second")
	same "PID $ROOT $first $second " \
		"$(procsrvctl ps --session="$session" | awk '{ printf "%s ", $2 }')"
	same "PID $second " "$(procsrvctl ps --group="$group" | awk '{ printf "%s ", $2 }')"
}

@test "bytes that a terminal must not see" {
	pid=$(procsrvctl create "$ROOT" x -- $'a\nb\e[2Jc' $'\xff')
	same "root $pid $ROOT 0 0 ? R normal 1 0 00:00:00 a\\nb\\x1b[2Jc \\xff" "$(line "$pid")"
}

@test "lines are cut at the width of a terminal, and only there" {
	export NO_COLOR=1 # wc counts the bytes of colors
	pid=$(procsrvctl create "$ROOT" x -- "$(printf '%0300d' 0)")
	script -qec "stty cols 100; procsrvctl ps" /dev/null </dev/null >"$BATS_TEST_TMPDIR/out"
	grep -q " $pid .*00000" "$BATS_TEST_TMPDIR/out"
	same 100 "$(tr -d '\r' <"$BATS_TEST_TMPDIR/out" | wc -L)"
	script -qec "stty cols 100; procsrvctl ps --wide" /dev/null </dev/null |
		grep -q "0\{300\}"
	procsrvctl ps | grep -q "0\{300\}"
}

@test "states have colors on a terminal, or with --color" {
	pid=$(procsrvctl create "$ROOT" x)
	stopped=$(procsrvctl create "$ROOT" y)
	procsrvctl update "$pid" --priority=low
	procsrvctl exit "$pid"
	procsrvctl kill -STOP "$stopped"
	works ps -p "$pid,$stopped" --color=never
	plain=$output
	prints "$plain" ps -p "$pid,$stopped"
	works ps -p "$pid,$stopped" --color=always
	has $'  \e[31mZN\e[m   low' $'  \e[33mT\e[m    normal'
	colored=$output
	bare=$colored
	for code in 31m 33m m; do
		bare=${bare//$'\e['$code/}
	done
	same "$plain" "$bare"
	export TERM=xterm
	same "$colored" "$(on_terminal "procsrvctl ps -p $pid,$stopped")"
	same "$plain" "$(NO_COLOR=1 on_terminal "procsrvctl ps -p $pid,$stopped")"
	same "$plain" "$(TERM=dumb on_terminal "procsrvctl ps -p $pid,$stopped")"
	same "$colored" "$(NO_COLOR=1 on_terminal "procsrvctl ps --color=always -p $pid,$stopped")"
	# A line that is cut in a color ends it.
	at=$(on_terminal "stty cols 50; procsrvctl ps -p $pid" | sed -n '1s/STAT.*//p')
	[[ $(on_terminal "stty cols $((${#at} + 1)); procsrvctl ps -p $pid") == *$'\e[31mZ\e[m' ]]
	prints $'root-+-\e[31mx\e[m\n     `-\e[33my\e[m' tree --ascii --color=always "$ROOT"
	prints $'root-+-x\n     `-y' tree --ascii "$ROOT"
	works events --snapshot --pid="$stopped" --color=always
	has $'process    \e[33mSTOPPED\e[m parent'
	usage_error "ps: 'yes' is none of auto, always and never" ps --color=yes
}

@test "more processes than fit into a page" {
	"$BATS_TEST_DIRNAME/fake-proc" "$BATS_TEST_TMPDIR/proc" < <(
		echo "1 0 0 0 S init"
		seq 2 1101 | sed 's/$/ 1 0 0 S worker/'
	)
	# The mirror itself is one, too.
	before=$(($(procsrvctl list | wc -l) + 1))
	procsrvctl mirror --proc="$BATS_TEST_TMPDIR/proc"
	same $((before + 1100)) "$(procsrvctl list | sort -nu | wc -l)"
	procsrvctl list | sort -nC
	same $((before + 1100 + 1)) "$(procsrvctl ps | wc -l)"
	procsrvctl list --json | check "len(set(d)) == len(d) == $((before + 1100))"
	procsrvctl tree | grep -q -- '-1100\*\[worker\]$'
	procsrvctl exec 1 init
}
