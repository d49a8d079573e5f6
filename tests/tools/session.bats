#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # some variables are set in common.bash
#
# session, group

load common

@test "session create makes a session and a group in it" {
	works session create "$ROOT"
	[[ $output =~ ^[0-9]+$ ]]
	session=$output
	shows "$ROOT" session "$session"
	field "process group" "$ROOT"
	group=$field
	prints "session    $session
leader     $ROOT
terminal   none
processes  1
groups     1" session show "$session"
	prints "group      $group
leader     $ROOT
session    $session
processes  1
orphaned   yes" group show "$group"
	other=$(procsrvctl create 1 other)
	prints "{ \"sid\": $((session + 1)), \"pgid\": $((group + 1)) }" \
		session create --json "$other"
}

@test "children inherit session and group" {
	session=$(procsrvctl session create "$ROOT")
	child=$(procsrvctl create "$ROOT" child)
	shows "$child" session "$session"
	field "process group" "$ROOT"
	shows "$child" "process group" "$field"
	works session show --json "$session"
	has "{ \"sid\": $session, \"leader\": $ROOT, \"terminal\": null," \
		'"nr_processes": 2, "nr_groups": 1, "foreground": 0 }'
}

@test "session create: what the server refuses" {
	refused "session create: there is no process 999999999 (ESRCH)" \
		session create 999999999
	refused "session create: process 1 is init, which leads no session (EPERM)" \
		session create 1
	session=$(procsrvctl session create "$ROOT")
	refused "session create: process $ROOT leads session $session already (EPERM)" \
		session create "$ROOT"
	leader=$(procsrvctl create "$ROOT" leader)
	member=$(procsrvctl create "$ROOT" member)
	group=$(procsrvctl group create "$leader")
	procsrvctl group set "$member" "$group"
	refused "session create: process $leader leads a process group with other members (EPERM)" \
		session create "$leader"
	procsrvctl exit "$leader"
	refused "session create: process $leader is a zombie (ESRCH)" session create "$leader"
}

@test "terminals" {
	session=$(procsrvctl session create "$ROOT")
	child=$(procsrvctl create "$ROOT" child)
	silent session terminal "$session" tty1
	shows "$child" terminal tty1
	works session show --json "$session"
	has '"terminal": "tty1"'
	works session show "$session"
	has $'\nterminal   tty1\n'
	silent session terminal "$session" pts/12
	shows "$child" terminal pts/12
	silent session terminal "$session" --none
	shows "$child" terminal none
}

@test "session terminal: what the server refuses" {
	session=$(procsrvctl session create "$ROOT")
	refused "session terminal: there is no session 999999999 (ESRCH)" \
		session terminal 999999999 tty1
	refused "session terminal: there is no session 999999999 (ESRCH)" \
		session terminal 999999999 --none
	refused "session terminal: the name of the terminal is longer than 255 bytes (ENAMETOOLONG)" \
		session terminal "$session" "$(printf '%256s' '')"
	refused "session terminal: a terminal must have a name (EINVAL)" \
		session terminal "$session" ""
}

@test "hangup" {
	session=$(procsrvctl session create "$ROOT")
	child=$(procsrvctl create "$ROOT" child)
	procsrvctl kill -STOP "$child"
	prints 2 session hangup "$session"
	shows "$child" "pending signals" "SIGHUP " state RUNNING
	shows "$ROOT" "pending signals" "SIGHUP "
	prints '{ "count": 2 }' session hangup --json "$session"
	refused "session hangup: there is no session 999999999 (ESRCH)" \
		session hangup 999999999
}

@test "a session vanishes with its last member" {
	session=$(procsrvctl session create "$ROOT")
	field "process group" "$ROOT"
	group=$field
	procsrvctl exit "$ROOT"
	procsrvctl session show "$session"
	procsrvctl reap
	refused "session show: there is no session $session (ESRCH)" session show "$session"
	refused "group show: there is no process group $group (ESRCH)" group show "$group"
}

@test "group create and group set" {
	session=$(procsrvctl session create "$ROOT")
	leader=$(procsrvctl create "$ROOT" leader)
	member=$(procsrvctl create "$ROOT" member)
	works group create "$leader"
	[[ $output =~ ^[0-9]+$ ]]
	group=$output
	silent group set "$member" "$group"
	works group show --json "$group"
	same "{ \"pgid\": $group, \"leader\": $leader, \"sid\": $session, \"nr_processes\": 2, \"orphaned\": false }" \
		"$output"
	prints "{ \"pgid\": $((group + 1)) }" group create --json --session="$session" "$member"
}

@test "groups outside sessions" {
	group=$(procsrvctl group create "$ROOT")
	works group show "$group"
	has $'\nsession    none\n'
	shows "$ROOT" session none
	other=$(procsrvctl create 1 other)
	silent group set "$other" "$group"
	other=$(procsrvctl group create --session=0 "$other")
	((other > group))
}

@test "on behalf of a process, the rules of setpgid hold" {
	procsrvctl session create "$ROOT"
	child=$(procsrvctl create "$ROOT" child)
	grandchild=$(procsrvctl create "$child" grandchild)
	group=$(procsrvctl group create --caller="$ROOT" "$child")
	silent group set --caller="$grandchild" "$grandchild" "$group"
	refused "group set: process $grandchild is neither process $ROOT nor a child of it (ESRCH)" \
		group set --caller="$ROOT" "$grandchild" "$group"
	refused "group create: process $grandchild is neither process $ROOT nor a child of it (ESRCH)" \
		group create --caller="$ROOT" "$grandchild"
	procsrvctl exec "$child" program
	refused "group set: process $child, a child of process $ROOT, has called exec (EACCES)" \
		group set --caller="$ROOT" "$child" "$group"
	refused "group create: process $child, a child of process $ROOT, has called exec (EACCES)" \
		group create --caller="$ROOT" "$child"
	silent group set --caller="$child" "$child" "$group"
}

@test "group create: what the server refuses" {
	session=$(procsrvctl session create "$ROOT")
	child=$(procsrvctl create "$ROOT" child)
	refused "group create: there is no process 999999999 (ESRCH)" group create 999999999
	refused "group create: there is no process 999999999 (ESRCH)" \
		group create --session=1 999999999
	refused "group create: there is no session 999999999 (ESRCH)" \
		group create --session=999999999 "$child"
	refused "group create: the caller: there is no process 999999999 (ESRCH)" \
		group create --caller=999999999 "$child"
	refused "group create: process 1 is init, which is in no process group (EPERM)" \
		group create 1
	refused "group create: process $ROOT leads session $session (EPERM)" \
		group create "$ROOT"
	other=$(procsrvctl create 1 other)
	refused "group create: process $other is in session 0, not in session $session (EPERM)" \
		group create --session="$session" "$other"
}

@test "group set: what the server refuses" {
	session=$(procsrvctl session create "$ROOT")
	child=$(procsrvctl create "$ROOT" child)
	field "process group" "$child"
	group=$field
	other=$(procsrvctl create 1 other)
	refused "group set: there is no process 999999999 (ESRCH)" group set 999999999 "$group"
	refused "group set: there is no process group 999999999 (EPERM)" \
		group set "$child" 999999999
	refused "group set: the caller: there is no process 999999999 (ESRCH)" \
		group set --caller=999999999 "$child" "$group"
	refused "group set: process 1 is init, which is in no process group (EPERM)" \
		group set 1 "$group"
	refused "group set: process $ROOT leads session $session (EPERM)" \
		group set "$ROOT" "$group"
	refused "group set: process $other is in session 0, not in session $session (EPERM)" \
		group set "$other" "$group"
	leader=$(procsrvctl create "$child" leader)
	new=$(procsrvctl session create "$leader")
	refused "group set: process $leader is in session $new, its parent $child in session $session (EPERM)" \
		group set --caller="$child" "$leader" "$group"
}

@test "a zombie can be moved" {
	procsrvctl session create "$ROOT"
	child=$(procsrvctl create "$ROOT" child)
	zombie=$(procsrvctl create "$ROOT" zombie)
	group=$(procsrvctl group create "$child")
	procsrvctl exit "$zombie"
	silent group set "$zombie" "$group"
	shows "$zombie" "process group" "$group"
}

@test "the foreground group of a terminal" {
	session=$(procsrvctl session create "$ROOT")
	child=$(procsrvctl create "$ROOT" child)
	group=$(procsrvctl group create "$child")
	refused "session foreground: session $session has no terminal (ENOTTY)" \
		session foreground "$session" "$group"
	procsrvctl session terminal "$session" tty1
	silent session foreground "$session" "$group"
	works session show "$session"
	has $'\nforeground '"$group"$'\n'
	works session show --json "$session"
	has "\"foreground\": $group }"
	[[ $(procsrvctl ps --session="$session") == *" $child "*" R+ "* ]]
	prints 1 session hangup "$session"
	shows "$child" "pending signals" none
	refused "session foreground: there is no process group 999999999 (ESRCH)" \
		session foreground "$session" 999999999
	refused "session foreground: there is no session 999999999 (ESRCH)" \
		session foreground 999999999 "$group"
	other=$(procsrvctl create 1 other)
	procsrvctl session create "$other"
	field "process group" "$other"
	refused "session foreground: process group $field is not in session $session (EPERM)" \
		session foreground "$session" "$field"
	silent session foreground "$session" --none
	works session show --json "$session"
	has '"foreground": 0 }'
	procsrvctl exit "$other"
	usage_error "session foreground: either a process group or --none is needed" \
		session foreground "$session"
}
