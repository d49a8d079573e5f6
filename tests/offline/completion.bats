#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion by bash and zsh: it offers the words that the programs know.

load common
load ../tools/completion

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

@test "an argument has its place" {
	offers 'on off' 'procsrvctl reaper 1 o'
	offers '' 'procsrvctl reaper 1 on '
	offers '' 'procsrvctl wait 1 '
	# There is no server to ask.
	offers '' 'procsrvctl info '
	offers 'on off' 'procsrvctl autoreap 1 o'
	# After -- comes the command line of a process.
	offers '' 'procsrvctl create 1 name -- --'
}

@test "words, users and files" {
	offers 'running sleeping' 'procsrvctl update --state='
	offers 'realtime' 'procsrvctl update -p r'
	offers 'create' 'procsrvctl events --kind=cr'
	offers 'session signal state' 'procsrvctl events s'
	offers 'auto always' 'procsrvctl ps --color=a'
	offers 'root' 'procsrvctl create --uid=roo'
	cd "$BATS_TEST_TMPDIR"
	touch recording.strace
	offers 'recording.strace' 'procsrv-replay rec'
	offers 'recording.strace' 'procsrv-replay --svg=rec'
	offers 'procsrv-replay' 'procsrv-run procsrv-rep'
}

@test "zsh completes the same" {
	same 'procsrvctl supervise ' "$(zsh_line 'procsrvctl su')"
	same 'procsrvctl session hangup ' "$(zsh_line 'procsrvctl session ha')"
	same 'procsrvctl wait --timeout=' "$(zsh_line 'procsrvctl wait --ti')"
	same 'procsrvctl kill --signal=TERM ' "$(zsh_line 'procsrvctl kill --signal=TER')"
	same 'procsrvctl take --mask=INT,TERM ' "$(zsh_line 'procsrvctl take --mask=INT,TER')"
}
