#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Pictures of procsrv-replay in a browser. To be run on the host, with the tools built; TOP is
# the tree.

bats_require_minimum_version 1.5.0

PATH=$TOP/build/tools:$PATH
SVG=$BATS_TEST_TMPDIR/out.svg
PNG=$BATS_TEST_TMPDIR/out.png
STORY=$BATS_TEST_TMPDIR/story.strace

setup() {
	cat >"$STORY" <<-END
		100 10:00:00.100000 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		100 10:00:01.000000 fork() = 101
		101 10:00:01.000000 execve("/bin/sleep", ["sleep", "9"], 0x7ffe00 /* 1 var */) = 0
		100 10:00:02.000000 wait4(101,  <unfinished ...>
		101 10:00:04.000000 --- stopped by SIGSTOP ---
		101 10:00:06.000000 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=1, si_uid=0} ---
		101 10:00:07.000000 exit_group(3) = ?
		101 10:00:08.000000 +++ exited with 3 +++
		100 10:00:09.000000 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
		100 10:00:10.000000 +++ exited with 0 +++
	END
}

# browse FILE WIDTH HEIGHT [OPTION]...: the screenshot; the browser has no network
browse() {
	timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync \
		--disable-dev-shm-usage --hide-scrollbars --force-device-scale-factor=1 \
		--user-data-dir="$(mktemp -d -p "$BATS_TEST_TMPDIR")" "${@:4}" \
		--window-size="$2,$3" --screenshot="$PNG" "file://$1" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- ||
		{ cat "$BATS_TEST_TMPDIR/log"; return 1; }
}

# size SVG: width and height
size() {
	sed -n '0,/.*<svg [^>]*width="\([0-9]*\)" height="\([0-9]*\)".*/s//\1 \2/p' "$1"
}

# found WANTED COLOUR...
found() {
	run -0 "$TOP/tests/scripts/find-bars" "$SVG" "$PNG" "${@:2}"
	echo "wanted: $1, got: $output"
	[[ $output == "$1" ]]
}

@test "a browser shows the bars where they are, each state with its colour and pattern" {
	local width height

	procsrv-replay --dry-run --svg "$SVG" "$STORY"
	read -r width height < <(size "$SVG")
	browse "$SVG" "$width" "$height"
	found "run=4 wait=1 stop=1 exiting=1 zombie=1" run=0072b2 wait=e3f0f9,5aa2d3 \
		stop=f0b429,7a5200 exiting=f3d3e4,a8447c zombie=d3d7dc,6b7280
}

@test "the same in the dark" {
	local width height

	procsrv-replay --dry-run --svg "$SVG" "$STORY"
	read -r width height < <(size "$SVG")
	browse "$SVG" "$width" "$height" --blink-settings=preferredColorScheme=0
	found "run=4 wait=1 stop=1 exiting=1 zombie=1" run=3fa0dc wait=1b3447,4e94c4 \
		stop=e0a92a,4a3300 exiting=4a2038,e07fb4 zombie=3d444d,a3adb8
}

@test "a picture of a real program, where bars that are read from its XML are in the browser" {
	local width height

	procsrv-replay --dry-run --svg "$SVG" "$TOP/tests/recordings/gcc-pipe.strace"
	read -r width height < <(size "$SVG")
	browse "$SVG" "$width" "$height"
	found "run=3 wait=3" run=0072b2 wait=e3f0f9,5aa2d3
}
