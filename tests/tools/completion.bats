#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion by bash and zsh: it offers the words that the programs and the server know.

load common

# complete_line LINE: as Tab at its end; sets COMPREPLY
complete_line() {
	# shellcheck source-path=SCRIPTDIR source=../../completion/procsrv.bash
	. "$BATS_TEST_DIRNAME/../../completion/procsrv.bash"
	COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=${2-$' \t\n"\'><=;|&(:'}
	_procsrv
}

# offers WORDS LINE: these words and no others, in any order
offers() {
	complete_line "${@:2}"
	same "$(tr ' ' '\n' <<<"$1" | sort)" "$(printf '%s\n' "${COMPREPLY[@]}" | sort -u)"
}

# options COMMAND...: the long options in --help, with = where a value follows
options() {
	"$@" --help | sed -nE 's/^ +(-., )?(--[a-z-]+=?).*/\2/p' | paste -sd ' '
}

@test "commands, and commands of commands" {
	offers "$(procsrvctl --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' | paste -sd ' ')" \
		'procsrvctl '
	offers 'session stats supervise' 'procsrvctl s'
	offers 'create show terminal foreground hangup' 'procsrvctl session '
	offers 'set show' 'procsrvctl group s'
	offers '' 'procsrvctl nothing '
	offers 'session stats supervise' 'procsrvctl help s'
	offers 'set show' 'procsrvctl help group s'
	offers '' 'procsrvctl help info '
}

@test "the options of every program, and of commands" {
	local program

	for program in procsrvctl procsrv-run procsrv-replay procsrv-differential 'procsrvctl wait' \
		'procsrvctl session create'; do
		# shellcheck disable=SC2086 # they are several words
		offers "$(options $program)" "$program --"
	done
	offers '--signal= --session= --sender=' 'procsrvctl kill --s'
}

@test "signals, with and without SIG, in lists too" {
	offers 'TRAP TERM TSTP TTIN TTOU' 'procsrvctl kill --signal=T'
	offers 'SIGTRAP SIGTERM SIGTSTP SIGTTIN SIGTTOU' 'procsrvctl kill -s SIGT'
	offers 'INT,TERM' 'procsrvctl take --mask=INT,TER'
	offers 'HUP' 'procsrvctl create --exit-signal HU'
	# Where bash does not take = for the end of a word.
	offers '--signal=KILL' 'procsrvctl kill --signal=K' $' \t\n'
}

@test "pids, sessions and groups of the server as it is" {
	local pid sid pgid

	pid=$(procsrvctl create "$ROOT" leader)
	sid=$(procsrvctl session create "$pid")
	pgid=$(procsrvctl ps --numeric | awk -v pid="$pid" '$2 == pid { print $4 }')
	offers "$(procsrvctl list | paste -sd ' ')" 'procsrvctl info '
	offers "$pid" "procsrvctl wait $pid"
	offers "$pid" "procsrvctl kill -s TERM 1 $pid"
	offers "$pid" "procsrvctl wait --pid=$pid"
	offers "1,$pid" "procsrvctl ps -p 1,$pid"
	complete_line 'procsrvctl session show '
	[[ " ${COMPREPLY[*]} " == *" $sid "* ]]
	complete_line 'procsrvctl kill --group='
	[[ " ${COMPREPLY[*]} " == *" $pgid "* ]]
	procsrvctl kill -9 "$pid"
	procsrvctl wait "$ROOT"
	complete_line 'procsrvctl info '
	[[ " ${COMPREPLY[*]} " != *" $pid "* ]]
}

@test "an argument has its place" {
	offers 'on off' 'procsrvctl reaper 1 o'
	offers '' 'procsrvctl reaper 1 on '
	offers '' 'procsrvctl wait 1 '
	offers 'on off' 'procsrvctl autoreap 1 o'
	# After -- comes the command line of a process.
	offers '' 'procsrvctl create 1 name -- --'
}

@test "words, users and files" {
	offers 'running sleeping' 'procsrvctl update --state='
	offers 'realtime' 'procsrvctl update -p r'
	offers 'create' 'procsrvctl events --kind=cr'
	offers 'session signal state' 'procsrvctl events s'
	offers "$ROOT" "procsrvctl events exit $ROOT"
	offers 'auto always' 'procsrvctl ps --color=a'
	offers 'root' 'procsrvctl create --uid=roo'
	cd "$BATS_TEST_TMPDIR"
	touch recording.strace
	offers 'recording.strace' 'procsrv-replay rec'
	offers 'recording.strace' 'procsrv-replay --svg=rec'
	offers 'procsrv-replay' 'procsrv-run procsrv-rep'
}

@test "services of a supervisor that runs" {
	local supervisor

	printf '%s\n' '[service database]' '[service web]' \
		>"$BATS_TEST_TMPDIR/services"
	procsrvctl supervise --name=completed --parent="$ROOT" "$BATS_TEST_TMPDIR/services" \
		>"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
	supervisor=$!
	until grep -q 'web: process' "$BATS_TEST_TMPDIR/log"; do
		kill -0 "$supervisor"
		sleep 0.1
	done
	offers 'database web' 'procsrvctl supervise --name=completed --stop='
	offers 'web' 'procsrvctl supervise --name completed --restart w'
	offers '' 'procsrvctl supervise --name=another --stop='
	kill "$supervisor"
	wait "$supervisor"
}

@test "private servers by name, and what is in them" {
	local host

	procsrv-run --name=completed sleep 60 3>&- &
	host=$!
	until [[ -S /run/procsrv/completed ]]; do
		kill -0 "$host"
		sleep 0.1
	done
	offers 'completed' 'procsrvctl --server=com'
	offers "$(procsrvctl --server=completed list | paste -sd ' ')" \
		'procsrvctl --server=completed info '
	offers "$(procsrvctl --server=completed list | paste -sd ' ')" \
		'procsrvctl --server completed info '
	procsrvctl --server=completed kill -9 2
	wait "$host" || true
}

@test "without a server there are commands, options and signals all the same" {
	export PROCSRV_DEVICE=$BATS_TEST_TMPDIR/none
	offers 'session stats supervise' 'procsrvctl s'
	offers 'TERM' 'procsrvctl kill -s TER'
	offers '' 'procsrvctl info '
}

# zsh_line LINE: the line after Tab. It is typed on a terminal.
zsh_line() {
	zsh -f "$BATS_TEST_DIRNAME/complete.zsh" "$BATS_TEST_TMPDIR" "$1"
}

@test "zsh completes the same" {
	sed "s|@BASHDIR@/procsrvctl|$BATS_TEST_DIRNAME/../../completion/procsrv.bash|" \
		"$BATS_TEST_DIRNAME/../../completion/_procsrv.in" >"$BATS_TEST_TMPDIR/_procsrv"
	same 'procsrvctl supervise ' "$(zsh_line 'procsrvctl su')"
	same 'procsrvctl session hangup ' "$(zsh_line 'procsrvctl session ha')"
	same 'procsrvctl wait --timeout=' "$(zsh_line 'procsrvctl wait --ti')"
	same 'procsrvctl kill --signal=TERM ' "$(zsh_line 'procsrvctl kill --signal=TER')"
	same 'procsrvctl take --mask=INT,TERM ' "$(zsh_line 'procsrvctl take --mask=INT,TER')"
	same "procsrvctl wait $ROOT " "$(zsh_line "procsrvctl wait $ROOT")"
}
