#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Recordings drawn without a server: as a picture, as lines, as trace events. To be run on the
# host, with the tools built. Tests with a server are in tests/replay/picture.bats.

load ../replay/common

CHECK=$BATS_TEST_DIRNAME/../replay/check-picture
SVG=$BATS_TEST_TMPDIR/out.svg
JSON=$BATS_TEST_TMPDIR/out.json
RECORDINGS=$BATS_TEST_DIRNAME/../recordings

# draw [FILE]: the recording, in every way
# shellcheck disable=SC2154 # run sets stderr
draw() {
	run -0 --separate-stderr procsrv-replay --dry-run --timeline --svg "$SVG" \
		--perfetto "$JSON" "${1:-$FILE}"
	same "" "$stderr"
}

# svg EXPRESSION WANTED
svg() {
	run -0 "$CHECK" svg "$SVG" "$1"
	same "$2" "$output"
}

# A shell, a job that is stopped, continued and killed, an orphan that leads a session.
story() {
	recording <<-END
		100 10:00:00.000000 execve("/bin/sh", ["sh", "-c", "jobs"], 0x7ffe00 /* 1 var */) = 0
		100 10:00:01.000000 fork() = 101
		101 10:00:01.000000 setpgid(0, 0) = 0
		101 10:00:02.000000 execve("/bin/sleep", ["sleep", "9"], 0x7ffe00 /* 1 var */) = 0
		100 10:00:02.000000 wait4(-1,  <unfinished ...>
		101 10:00:03.000000 --- SIGTSTP {si_signo=SIGTSTP, si_code=SI_KERNEL} ---
		101 10:00:03.000000 --- stopped by SIGTSTP ---
		100 10:00:03.000000 <... wait4 resumed>[{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTSTP}], WSTOPPED, NULL) = 101
		100 10:00:04.000000 kill(101, SIGCONT) = 0
		101 10:00:04.000000 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=100, si_uid=0} ---
		100 10:00:05.000000 fork() = 102
		102 10:00:05.000000 fork() = 103
		102 10:00:06.000000 exit_group(3) = ?
		102 10:00:07.000000 +++ exited with 3 +++
		100 10:00:07.500000 kill(101, SIGKILL) = 0
		101 10:00:08.000000 +++ killed by SIGKILL +++
		100 10:00:08.000000 wait4(102, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 102
		100 10:00:09.000000 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 101
		103 10:00:09.000000 setsid() = 103
		100 10:00:10.000000 exit_group(0) = ?
		100 10:00:10.000000 +++ exited with 0 +++
		103 10:00:12.000000 +++ exited with 0 +++
	END
}

@test "--timeline: a story, as lines" {
	story
	run -0 --separate-stderr procsrv-replay --dry-run --timeline "$FILE"
	same "$FILE: 4 processes in 12 s
= running   . waiting   # stopped   ~ exiting   z zombie   

             0 s                   5 s                    10 s 
sh 100      |=========....=================================        | exit 0
  sleep 101 |    =========#####==================zzzzz             | killed by SIGKILL from sh 100, waited for by sh 100
  sh 102    |                      =====~~~~zzzzzz                 | exit 3, waited for by sh 100
    sh 103  |                      ================================| exit 0

  0.000 s  sh 100  executes sh: sh -c jobs
  1.000 s  sleep 101  in group 101
  2.000 s  sleep 101  executes sleep: sleep 9
  3.000 s  sleep 101  SIGTSTP
  3.000 s  sleep 101  stopped by SIGTSTP
  3.000 s  sleep 101  reported to sh 100
  4.000 s  sleep 101  SIGCONT from sh 100
  4.000 s  sleep 101  continued
  7.000 s  sh 103  now a child of a process that is not shown
  7.500 s  sleep 101  SIGKILL from sh 100
  9.000 s  sh 103  leads session 103
  9.000 s  sh 103  in group 103" "$(head -n 21 <<<"$output")"
}

@test "--svg: a bar for each state, as long as it lasted, in the order of the tree" {
	story
	draw
	svg '[r.title.split("\n")[0] for r in rows]' "['sh 100', 'sleep 101', 'sh 102', 'sh 103']"
	svg '[(c, round(w / scale, 1)) for c, x, w in row("sh 100").bars]' \
		"[('run', 2.0), ('wait', 1.0), ('run', 7.0)]"
	svg '[(c, round(w / scale, 1)) for c, x, w in row("sleep 101").bars]' \
		"[('run', 2.0), ('stop', 1.0), ('run', 4.0), ('zombie', 1.0)]"
	svg '[(c, round(w / scale, 1)) for c, x, w in row("sh 102").bars]' \
		"[('run', 1.0), ('exiting', 1.0), ('zombie', 1.0)]"
	# An orphan whose parent is not in the recording is gone when it exits.
	svg '[(c, round(w / scale, 1)) for c, x, w in row("sh 103").bars]' "[('run', 7.0)]"
}

@test "--svg: what killed what, and what waited for which, in words" {
	story
	draw
	svg 'row("sleep 101").texts[-1]' "killed by SIGKILL from sh 100"
	svg '"waited for by sh 100 at 8.000 s" in row("sh 102").title' True
	svg 'row("sh 102").texts' "['sh exit 3']"
	svg '[t.text for t in root.iter(SVG + "title") if "waited for" in t.text and " at " not in t.text]' \
		"['sh 100 waited for sleep 101: killed by SIGKILL from sh 100', 'sh 100 waited for sleep 101: a stop or a continuation', 'sh 100 waited for sh 102: exit 3']"
	svg '[t.text for t in root.iter(SVG + "title") if "SIGKILL from sh 100 to" in t.text]' \
		"['SIGKILL from sh 100 to sleep 101']"
	svg 'sorted(set(t.text for t in root.iter(SVG + "title") if t.text.startswith(("session", "group"))))' \
		"['group 101', 'group 103', 'session 103']"
}

@test "--svg: no font, no script, nothing from elsewhere" {
	story
	draw
	run -1 grep -nE '<script|@import|@font-face|href=|url\([^#]' "$SVG"
	grep -q 'prefers-color-scheme:dark' "$SVG"
}

@test "--perfetto: slices and flows of a story" {
	story
	draw
	run -0 "$CHECK" perfetto "$JSON"
	same "tracks 4
SIGCONT 1
SIGKILL 1
fork 3
wait 3
exiting 1
stopped 1
waits for any child 1
zombie 2" "$output"
}

@test "all recordings: XML, JSON, slices in each other, a row or a share for each process" {
	local file n

	for file in "$RECORDINGS"/*.strace; do
		draw "$file"
		n=$(procsrv-replay --dry-run --json "$file" | total 't["processes"]')
		run -0 "$CHECK" perfetto "$JSON"
		same "tracks $n" "${lines[0]}"
		svg 'sum(int(re.search(r"× (\d+)", r.title.split("\n")[0])[1]) if "\ntogether " in r.title else 1
			for r in rows)' "$n"
	done
}

@test "times: of a day over midnight, since 1970, since the line before, none" {
	recording <<-END
		100 23:59:59.500000 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		100 00:00:01.500000 +++ exited with 0 +++
	END
	draw
	same "$FILE: 1 process in 2 s" "${lines[0]}"
	svg '"from 23:59:59 on" in text' True

	recording <<-END
		100 1795441973.000000 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		100 1795441973.250000 +++ exited with 0 +++
	END
	draw
	same "$FILE: 1 process in 250 ms" "${lines[0]}"
	svg '"from 2026-11-23 13:52:53 UTC on" in text' True

	recording <<-END
		100      0.000000 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		100      0.000200 getppid() = 1
		100      0.000300 +++ exited with 0 +++
	END
	draw
	same "$FILE: 1 process in 500 us" "${lines[0]}"

	recording <<-END
		100 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		100 getppid() = 1
		100 +++ exited with 0 +++
	END
	draw
	same "$FILE: 1 process in 2 lines" "${lines[0]}"
	same "The recording has no times: its lines take their place" "${lines[1]}"
	svg '"The recording has no times" in text' True

	recording <<-END
		100 10:00:00 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		100 10:00:03 +++ exited with 0 +++
	END
	draw
	same "The recording has times in whole seconds only" "${lines[1]}"
}

@test "-T: a wait in one line lasts as long as it says" {
	recording <<-END
		100 10:00:00.000000 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0 <0.000100>
		100 10:00:01.000000 fork() = 101 <0.000100>
		100 10:00:02.000000 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101 <3.000000>
		100 10:00:10.000000 +++ exited with 0 +++
	END
	draw
	svg '[(c, round(w / scale, 1)) for c, x, w in row("sh 100").bars]' \
		"[('run', 2.0), ('wait', 3.0), ('run', 5.0)]"
	svg '"waited for by sh 100 at 5.000 s" in row("sh 101").title' True
}

@test "a long time without anything is cut short, and the picture says so" {
	recording <<-END
		100 10:00:00.000000 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		100 10:00:01.000000 fork() = 101
		101 10:00:04.000000 +++ exited with 0 +++
		100 10:00:04.500000 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		100 10:50:00.500000 +++ exited with 0 +++
	END
	draw
	same "Cut short are 2996 s from 4.500 s on, in which nothing happens" "${lines[1]}"
	svg '"… 2996 s …" in text' True
	svg 'round(row("sh 101").bars[0][2] / scale)' 3
}

@test "names cannot deceive, and the picture stays XML" {
	recording <<-'END'
		100 10:00:00.000000 execve("/bin/a<b>&\"c\33[31m", ["\342\200\256evil\n]]>", "\377\376", "\1"], 0x7ffe00 /* 1 var */) = 0
		100 10:00:01.000000 fork() = 101
		101 10:00:02.000000 execve("/bin/\342\200\256exe.cod", ["x"], 0x7ffe00 /* 1 var */) = 0
		101 10:00:03.000000 +++ exited with 0 +++
		100 10:00:04.000000 +++ exited with 0 +++
	END
	draw
	svg 'rows[0].title.split("\n")[:2]' \
		"['a<b>&\"c\\\\x1b[31m 100', '\\\\u202eevil\\\\n]]> \\\\xff\\\\xfe \\\\x01']"
	svg '[r.title.split("\n")[0] for r in rows[1:]]' "['\\\\u202eexe.cod 101']"
	LC_ALL=C.UTF-8 draw
	svg '[r.title.split("\n")[0] for r in rows[1:]]' "['\\\\u202eexe.cod 101']"
	LC_ALL=C.UTF-8 run -1 grep -P '\x{202e}|\x1b|\xff' "$SVG" "$JSON"
	"$CHECK" perfetto "$JSON"
}

# build N: make runs N compilers, each with a shell, all short and alike but one
build() {
	python3 - "$1" >"$FILE" <<-'END'
		import sys
		n = int(sys.argv[1])
		t = 1795441973.0
		def line(pid, s):
		    global t
		    t += 0.0001
		    print(f"{pid} {t:.6f} {s}")
		line(1, 'execve("/bin/make", ["make"], 0x7ffe00 /* 1 var */) = 0')
		for i in range(2, 2 + 2 * n, 2):
		    line(1, f'fork() = {i}')
		    line(i, 'execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0')
		    line(i, f'fork() = {i + 1}')
		    line(i + 1, 'execve("/bin/cc1", ["cc1"], 0x7ffe00 /* 1 var */) = 0')
		    if i == 8:
		        line(1, f'kill({i + 1}, SIGKILL) = 0')
		        line(i + 1, '+++ killed by SIGKILL +++')
		        status = 'WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL'
		    else:
		        line(i + 1, '+++ exited with 0 +++')
		        status = 'WIFEXITED(s) && WEXITSTATUS(s) == 0'
		    line(i, f'wait4(-1, [{{{status}}}], 0, NULL) = {i + 1}')
		    line(i, '+++ exited with 0 +++')
		    line(1, f'wait4(-1, [{{WIFEXITED(s) && WEXITSTATUS(s) == 0}}], 0, NULL) = {i}')
		line(1, '+++ exited with 0 +++')
	END
}

@test "20 processes: all are shown" {
	build 10
	draw
	svg 'len(rows)' 21
	svg '"share" in text' False
}

@test "10,000 processes: alike ones share a row, a killed one does not; below 5 MiB" {
	build 5000
	draw
	svg '[r.title.split("\n")[0] for r in rows]' \
		"['make 1', 'sh × 4999', 'cc1 × 4999', 'sh 8', 'cc1 9']"
	svg 'row("cc1 9").texts[-1].strip()' "cc1 killed by SIGKILL from make 1"
	svg 're.search(r"together (.*)", row("cc1 ×").title)[1] != ""' True
	(($(stat -c %s "$SVG") < 5 << 20))
}

# All processes have different names, and all have different parents.
@test "processes that are not alike, and a chain of them: below 5 MiB" {
	python3 - >"$FILE" <<-'END'
		n = 3000
		print('1 10:00:00.000000 execve("/bin/p1", ["p1"], 0x7ffe00 /* 1 var */) = 0')
		for i in range(2, n):
		    parent = i - 1 if i < n / 2 else 1
		    print(f'{parent} 10:00:00.{i:06d} fork() = {i}')
		    print(f'{i} 10:00:00.{i:06d} execve("/bin/p{i}", ["p{i}", "{"x" * 5000}"], 0x7ffe00 /* 1 var */) = 0')
	END
	draw
	(($(stat -c %s "$SVG") < 5 << 20))
	svg 'len(rows) <= 100' True
	svg '" and others × " in " ".join(r.title for r in rows)' True
}

@test "what cannot be written, or drawn together" {
	story
	run -2 procsrv-replay --dry-run --svg /nowhere/out.svg "$FILE"
	same "procsrv-replay: /nowhere/out.svg: No such file or directory" "$output"
	run -2 procsrv-replay --dry-run --svg /dev/full "$FILE"
	same "procsrv-replay: /dev/full: No space left on device" "${lines[0]}"
	run -2 procsrv-replay --dry-run --svg "$SVG" "$FILE" "$FILE"
	same "procsrv-replay: only one recording can be drawn at a time" "${lines[0]}"
	run -2 procsrv-replay --dry-run --timeline --json "$FILE"
	same "procsrv-replay: --timeline and --json exclude each other" "${lines[0]}"
}

@test "the pictures of the documentation are those that are drawn now" {
	cd "$BATS_TEST_DIRNAME/../.."
	for name in make=make-hello shell=shell-interactive; do
		procsrv-replay --dry-run --svg "$SVG" "tests/recordings/${name#*=}.strace" >/dev/null
		cmp "$SVG" "docs/timeline-${name%=*}.svg"
	done
}
