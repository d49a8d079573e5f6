#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Files of services: their errors, and on which line.

load common

FILE=$BATS_TEST_TMPDIR/services

# bad LINE MESSAGE: reads the file from stdin.
bad() {
	cat >"$FILE"
	fails 2 "supervise: $FILE:$1: $2" supervise --check "$FILE"
}

@test "the examples, in the order in which they start" {
	prints $'log\ndatabase\nweb\nmail' supervise --check \
		"$BATS_TEST_DIRNAME/../../examples/records.conf"
	works supervise --check --json "$BATS_TEST_DIRNAME/../../examples/records.conf"
	check "d == ['log', 'database', 'web', 'mail']" <<<"$output"
	prints $'clock\nweb\njob' supervise --check \
		"$BATS_TEST_DIRNAME/../../examples/services.conf"
}

@test "blanks between, before and after the words" {
	printf '%s\n' '; a comment' $'\t# another' '' '[service a]' $'  command=x\r' \
		' restart =  never' '[ service   b@1.x_y-z ]' $'command\t=\tx' \
		'after = a  a' 'requires = a' >"$FILE"
	prints $'a\nb@1.x_y-z' supervise --check "$FILE"
	printf '[service a]\ncommand = no line feed' >"$FILE"
	prints a supervise --check "$FILE"
}

@test "a byte order mark before the first line" {
	local bom=$'\xef\xbb\xbf'

	printf '%s[service a]\r\ncommand = a\r\n' "$bom" >"$FILE"
	prints a supervise --check "$FILE"
	printf '%s; a comment\n[service a]\ncommand = a\n' "$bom" >"$FILE"
	prints a supervise --check "$FILE"
	printf '%s\n \n[service a]\ncommand = a\n' "$bom" >"$FILE"
	prints a supervise --check "$FILE"
	printf '%s' "$bom" >"$FILE"
	fails 2 "supervise: $FILE: there is no service in it" supervise --check "$FILE"
	# Elsewhere it is an invalid character, which the message shows.
	bad 1 "neither [service NAME] nor KEY = VALUE: '\\ufeff[service a]'" \
		<<<"$bom${bom}[service a]"
	bad 2 "neither [service NAME] nor KEY = VALUE: '\\ufeff[service a]'" \
		<<<$'\n'"${bom}[service a]"
	printf '\xff\xfe[\0s\0' | bad 1 "it contains a NUL"
}

@test "invisible characters in a line" {
	bad 1 "there is no section 'serv\\u200bice', only [service NAME]" \
		<<<$'[serv\xe2\x80\x8bice a]'
	bad 1 "'a\\u202eb' is not a name: letters, digits, '.', '_', '-' and '@'" \
		<<<$'[service a\xe2\x80\xaeb]'
	bad 2 "restart: 'always\\u00a0' is none of never, on-failure and always" \
		<<<$'[service a]\nrestart = always\xc2\xa0'
	bad 2 "directory: '\\x1b[2J\\\\ \\xff' is not an absolute path" \
		<<<$'[service a]\ndirectory = \e[2J\\ \xff'
}

@test "the order is that of the file unless the file says otherwise" {
	printf '[service %s]\ncommand = x\n' c a b >"$FILE"
	prints $'c\na\nb' supervise --check "$FILE"
	printf '[service %s]\ncommand = x\nafter = %s\n' c d a d b a d d2 d2 b2 >"$FILE"
	printf '[service b2]\ncommand = x\n' >>"$FILE"
	prints $'b2\nd2\nd\nc\na\nb' supervise --check "$FILE"
}

@test "invalid lines" {
	bad 1 "neither [service NAME] nor KEY = VALUE: 'command x'" <<<'command x'
	bad 2 "'command' stands before the first [service NAME]" <<<$'\ncommand = x'
	bad 1 "'comand' stands before the first [service NAME]" <<<$'comand = x\n[service a]'
	bad 1 "there is no ]" <<<'[service a'
	bad 1 "there is no section 'timer', only [service NAME]" <<<'[timer a]'
	bad 1 "there is no section '', only [service NAME]" <<<'[]'
	bad 1 "'' is not a name: letters, digits, '.', '_', '-' and '@'" <<<'[service]'
	bad 1 "'a b' is not a name: letters, digits, '.', '_', '-' and '@'" <<<'[service a b]'
	bad 1 "the name is longer than 255 bytes" <<<"[service $(printf '%0256d' 0)]"
	printf '[service a]\ncommand = x\0y\n' | bad 2 "it contains a NUL"
}

@test "sections that are invalid, or are there twice" {
	bad 3 "service 'a' is there already, on line 1" \
		<<<$'[service a]\ncommand = x\n[service a]'
	bad 2 "service 'a': backoff-min is more than backoff-max" \
		<<<$'\n[service a]\ncommand = x\nbackoff-min = 2s\nbackoff-max = 1s'
	: >"$FILE"
	fails 2 "supervise: $FILE: there is no service in it" supervise --check "$FILE"
}

@test "keys and values" {
	bad 2 "there is no key 'comand'; did you mean 'command'?" <<<$'[service a]\ncomand = x'
	bad 2 "there is no key 'standard-outptu'; did you mean 'standard-output'?" \
		<<<$'[service a]\nstandard-outptu = log'
	bad 2 "there is no key 'frob'; procsrvctl-supervise(1) has all keys" \
		<<<$'[service a]\nfrob = x'
	bad 2 "there is no key '$(printf '%064d' 0)'; procsrvctl-supervise(1) has all keys" \
		<<<"[service a]"$'\n'"$(printf '%064d' 0) = x"
	bad 2 "'command' has no value" <<<$'[service a]\ncommand ='
	bad 3 "'command' is there a second time" <<<$'[service a]\ncommand = x\ncommand = y'
	bad 2 "there is no second \"" <<<$'[service a]\ncommand = x "y'
	bad 2 "restart: 'often' is none of never, on-failure and always" \
		<<<$'[service a]\nrestart = often'
	bad 2 "ready: 'soon' is none of created, sleeping and notify" <<<$'[service a]\nready = soon'
	bad 2 "stable: '5 s' is not a time (5s, 100ms, 20us, unlimited)" \
		<<<$'[service a]\nstable = 5 s'
	bad 2 "start-timeout: 0 leaves no time; 'unlimited' is no limit" \
		<<<$'[service a]\nstart-timeout = 0'
	bad 2 "stop-signal: '0' is not a signal" <<<$'[service a]\nstop-signal = 0'
	bad 2 "stop-signal: 'FROB' is not a signal" <<<$'[service a]\nstop-signal = FROB'
	bad 2 "directory: 'here' is not an absolute path" <<<$'[service a]\ndirectory = here'
	bad 2 "environment: 'PATH' is not NAME=VALUE" <<<$'[service a]\nenvironment = PATH'
	bad 2 "environment: '=x' is not NAME=VALUE" <<<$'[service a]\nenvironment = A=B =x'
}

@test "keys of programs" {
	bad 1 "service 'a' has no command: 'user' is only for programs" <<<$'[service a]\nuser = root'
	bad 2 "service 'a' has no command: 'limit-nofile' is only for programs" \
		<<<$'\n[service a]\nLimitNOFILE = 5\n[service b]'
	bad 1 "service 'a' has no command: it cannot be ready = notify" \
		<<<$'[service a]\nready = notify'
	bad 1 "service 'a' has a command: it cannot be ready = sleeping" \
		<<<$'[service a]\ncommand = x\nready = sleeping'
	bad 2 "user: there is no user 'nemo'" <<<$'[service a]\nuser = nemo\ncommand = x'
	bad 2 "group: there is no group 'nemo'" <<<$'[service a]\ngroup = nemo\ncommand = x'
	bad 2 "standard-input: 'x' is neither null nor file:PATH" \
		<<<$'[service a]\nstandard-input = x'
	bad 2 "standard-input: 'x' is not an absolute path" \
		<<<$'[service a]\nstandard-input = file:x'
	bad 2 "standard-output: 'x' is none of log, null, file:PATH, append:PATH and truncate:PATH" \
		<<<$'[service a]\nstandard-output = x'
	bad 2 "standard-error: 'x' is none of log, null, inherit, file:PATH, append:PATH and truncate:PATH" \
		<<<$'[service a]\nstandard-error = x'
	bad 2 "limit-core: '1s' is not a limit (1024, 64M, unlimited, 1024:4096)" \
		<<<$'[service a]\nlimit-core = 1s'
	bad 2 "limit-core: the soft limit is above the hard one" \
		<<<$'[service a]\nlimit-core = infinity:5'
	bad 2 "memory-max: 'much' is not a size (4096, 64M, unlimited)" \
		<<<$'[service a]\nmemory-max = much'
	bad 2 "usage-interval: '1ms' is less than 100ms" <<<$'[service a]\nusage-interval = 1ms'
}

@test "the names that systemd has" {
	cat >"$FILE" <<'END'
[service a]
ExecStart = sleep 1
WorkingDirectory = /tmp
Environment = A=B
User = root
Group = root
StandardInput = null
StandardOutput = append:/tmp/x
StandardError = inherit
Type = notify
Restart = no
RestartSec = 0.5
KillSignal = SIGINT
TimeoutStartSec = infinity
TimeoutStopSec = infinity
LimitNOFILE = 10:20
MemoryMax = 64M
END
	prints a supervise --check "$FILE"
	bad 3 "'directory' is there a second time" \
		<<<$'[service a]\nworkingdirectory = /\ndirectory = /'
}

@test "dependencies on missing services, and circles" {
	bad 3 "after: there is no service 'b'" <<<$'[service a]\ncommand = x\nafter = b'
	bad 3 "requires: there is no service 'c'" \
		<<<$'[service a]\ncommand = x\nrequires = a c'
	bad 1 "a circle: a, which comes after a" <<<$'[service a]\ncommand = x\nafter = a'
	bad 4 "a circle: b, which comes after c, which comes after d, which comes after b" <<'END'
[service a]
command = x
after = b
[service b]
command = x
requires = c
[service c]
command = x
after = d
[service d]
command = x
requires = b
END
}

# Limits of seconds of the processor, of which it takes a part of one, and of a stack that a chain
# would fill: with work for each pair of services it would take minutes.
@test "200,000 services, in a chain, in a chain backwards, and one after all others" {
	local n=200000

	seq 0 $((n - 1)) | awk '{ print "[service s" $1 "]\ncommand = x"
		if ($1) print "requires = s" $1 - 1 }' >"$FILE"
	(ulimit -t 20 -s 256 && procsrvctl supervise --check "$FILE") |
		cmp - <(seq -f 's%.0f' 0 $((n - 1)))
	seq 0 $((n - 1)) | awk -v n="$n" '{ print "[service s" $1 "]\ncommand = x"
		if ($1 < n - 1) print "requires = s" $1 + 1 }' >"$FILE"
	(ulimit -t 20 -s 256 && procsrvctl supervise --check "$FILE") |
		cmp - <(seq -f 's%.0f' $((n - 1)) -1 0)
	{
		printf '[service last]\ncommand = x\nafter = '
		seq -f 's%.0f' -s ' ' 1 "$n"
		seq "$n" | awk '{ print "[service s" $1 "]\ncommand = x" }'
	} >"$FILE"
	(ulimit -t 20 && procsrvctl supervise --check "$FILE") |
		cmp - <(seq -f 's%.0f' "$n" && echo last)
}

@test "files that cannot be read" {
	fails 2 "supervise: cannot open $FILE: No such file or directory" supervise "$FILE"
	fails 2 "supervise: cannot read $BATS_TEST_TMPDIR: Is a directory" \
		supervise "$BATS_TEST_TMPDIR"
}

@test "the command line" {
	usage_error "supervise: the file of services is missing" supervise
	usage_error "supervise: 'x' is one argument too many" supervise --status x
	usage_error "supervise: 'y' is one argument too many" supervise x y
	usage_error "supervise: more than one of --check, --status, --reload, --start, --stop, --restart" \
		supervise --stop a --start b
	usage_error "supervise: '0' is not a process id" supervise --parent=0 x
	refused "supervise: there is no supervisor 'x y'" supervise --name='x y' --status
	fails 2 "supervise: the name '$(printf '%099d' 0)' is too long" \
		supervise --name="$(printf '%099d' 0)" --status
}

@test "no server" {
	printf '[service a]\ncommand = x\n' >"$FILE"
	fails 3 "supervise: cannot open $PROCSRV_DEVICE: No such file or directory (is the module loaded?)" \
		supervise "$FILE"
}
