#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# events --svg and --perfetto

load common

CHECK=$BATS_TEST_DIRNAME/../replay/check-picture

setup() {
	ROOT=$(procsrvctl create 1 root)
	SVG=$BATS_TEST_TMPDIR/out.svg
	JSON=$BATS_TEST_TMPDIR/out.json
	LOG=$BATS_TEST_TMPDIR/log
	unset DRAWING
}

teardown() {
	[[ ! -v DRAWING ]] || kill -KILL "$DRAWING" 2>/dev/null || true
}

# begin ARGUMENT...: draws the processes below the root, and returns once that has begun: its file
# exists before it subscribes, and then a reader of events is counted.
begin() {
	procsrvctl events --pid="$ROOT" --subtree --svg "$SVG" --perfetto "$JSON" "$@" \
		>"$LOG" 2>&1 3>&- &
	DRAWING=$!
	local i

	for ((i = 0; i < 200; i++)); do
		[[ ! -e $JSON ]] || break
		sleep 0.02
	done
	sleep 0.3
}

# end [STATUS]: interrupts it; its output is well-formed.
end() {
	local status=0

	kill -INT "$DRAWING"
	wait "$DRAWING" || status=$?
	unset DRAWING
	same "" "$(cat "$LOG")"
	same 0 "$status"
	"$CHECK" perfetto "$JSON" >"$BATS_TEST_TMPDIR/counts"
}

# svg EXPRESSION WANTED
svg() {
	run -0 "$CHECK" svg "$SVG" "$1"
	same "$2" "$output"
}

@test "a life: name, command, stop, signal that killed, sender, wait" {
	begin
	pid=$(procsrvctl create "$ROOT" child one 'two three')
	killer=$(procsrvctl create "$ROOT" killer)
	procsrvctl kill -STOP --sender="$killer" "$pid"
	sleep 0.2
	procsrvctl kill -CONT --sender="$killer" "$pid"
	sleep 0.1
	procsrvctl kill -KILL --sender="$killer" "$pid"
	sleep 0.1
	procsrvctl wait "$ROOT" >/dev/null
	end
	svg '[r.title.split("\n")[0] for r in rows]' \
		"['root $ROOT', 'child $pid', 'killer $killer']"
	svg 'row("child ").title.split("\n")[1]' "one two three"
	svg '[c for c, x, w in row("child ").bars]' "['run', 'stop', 'run', 'zombie']"
	svg 'row("child ").texts[-1].replace("child ", "", 1)' \
		"killed by SIGKILL from killer $killer"
	svg '"waited for by root" in row("child ").title' True
	grep -qx 'SIGKILL 1' "$BATS_TEST_TMPDIR/counts"
	grep -qx 'wait 1' "$BATS_TEST_TMPDIR/counts"
	grep -qx 'stopped 1' "$BATS_TEST_TMPDIR/counts"
}

@test "processes from before: their state, their place, sessions, orphans" {
	parent=$(procsrvctl create "$ROOT" parent)
	child=$(procsrvctl create "$parent" child)
	procsrvctl kill -STOP "$child"
	gone=$(procsrvctl create "$ROOT" gone)
	procsrvctl exit "$gone" 3
	procsrvctl reaper "$ROOT" on
	begin
	sid=$(procsrvctl session create "$child")
	procsrvctl exit "$parent" 0
	end
	svg '[r.title.split("\n")[0] for r in rows]' \
		"['root $ROOT', 'parent $parent', 'child $child', 'gone $gone']"
	svg '[c for c, x, w in row("child ").bars]' "['stop']"
	svg 'row("gone ").bars[0][0] + " " + row("gone ").texts[-1]' \
		"zombie gone exit 3, never waited for"
	svg '"session '"$sid"'" in [t.text for t in root.iter(SVG + "title")]' True
	svg 'any("child '"$child"' is now a child of root" in t.text for t in root.iter(SVG + "title"))' True
}

@test "--for: ends by itself" {
	silent events --svg "$SVG" --for=300ms
	svg '[r.title.split("\n")[0] for r in rows][0]' "init 1"
}

@test "--count: ends after so many events" {
	begin --count=2
	procsrvctl create "$ROOT" child >/dev/null
	procsrvctl create "$ROOT" child >/dev/null
	wait "$DRAWING"
	unset DRAWING
	svg 'len(rows)' 3
}

# A reader that is stopped for longer than its ring lasts.
@test "lost events are in the picture, and a look finds their effects" {
	child=$(procsrvctl create "$ROOT" child)
	begin --capacity=16
	kill -STOP "$DRAWING"
	pid=$(procsrvctl create "$ROOT" missed)
	for ((i = 0; i < 20; i++)); do
		procsrvctl kill -USR1 "$pid"
		procsrvctl take "$pid" >/dev/null
	done
	procsrvctl kill -KILL "$child"
	procsrvctl wait "$ROOT" >/dev/null
	for ((i = 0; i < 20; i++)); do
		procsrvctl kill -USR1 "$pid"
		procsrvctl take "$pid" >/dev/null
	done
	kill -CONT "$DRAWING"
	sleep 0.3
	end
	svg 're.search(r"(\d+) events lost", text) is not None' True
	svg 'row("missed ").title.split("\n")[0]' "missed $pid"
	svg 'row("child ").texts[-1]' "child gone unseen"
	grep -q 'events lost' "$JSON"
}

@test "hostile names" {
	begin
	procsrvctl create "$ROOT" $'</text>\e[31m\xe2\x80\xae&\xff' >/dev/null
	end
	svg 'rows[1].title.split("\n")[0].rsplit(" ", 1)[0]' \
		"</text>\\x1b[31m\\u202e&\\xff"
}

@test "options that do not go together" {
	usage_error "events: --for needs --svg or --perfetto" events --for=1s
	usage_error "events: --svg and --perfetto take --for, --count, --pid and --subtree only" \
		events --svg "$SVG" --kind=exit
	fails 2 "events: /nowhere/out.svg: No such file or directory" events --svg /nowhere/out.svg
}
