# SPDX-License-Identifier: GPL-2.0-only
#
# A replay that is drawn: differences are in the picture. Tests that need no server are in
# tests/scripts/timeline.bats.

load common

CHECK=$BATS_TEST_DIRNAME/check-picture
SVG=$BATS_TEST_TMPDIR/out.svg
JSON=$BATS_TEST_TMPDIR/out.json

# svg EXPRESSION WANTED
svg() {
	run -0 "$CHECK" svg "$SVG" "$1"
	same "$2" "$output"
}

@test "an answer that differs is at its moment, in red" {
	recording <<-END
		100 10:00:00.000000 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		100 10:00:01.000000 fork() = 101
		101 10:00:03.000000 +++ exited with 3 +++
		100 10:00:04.000000 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 4}], 0, NULL) = 101
		100 10:00:10.000000 +++ exited with 0 +++
	END
	run -1 --separate-stderr procsrv-replay --timeline --svg "$SVG" --perfetto "$JSON" "$FILE"
	[[ $output == *"  4.000 s  sh 100  differs: wait4(101, "*"; Linux: "*"; server: "* ]]
	svg '[t.text.split(":")[0] for p in root.iter(SVG + "path") if p.get("class") == "bad" and p.find(SVG + "title") is not None
		for t in p.iter(SVG + "title")]' "['differs']"
	svg '[round((float(p.get("d")[1:].split()[0]) + 5 - row("sh 100").bars[0][1]) / scale, 1)
		for p in root.iter(SVG + "path") if p.get("class") == "bad" and p.find(SVG + "title") is not None]' "[4.0]"
	svg '"1 answer differs" in text and "answers differ" in text' True
	grep -q '"cat":"difference"' "$JSON"
	"$CHECK" perfetto "$JSON"
}

@test "the replay draws what a dry run draws, where nothing differs" {
	FILE=$BATS_TEST_DIRNAME/../recordings/tini.strace
	run -0 --separate-stderr procsrv-replay --dry-run --svg "$SVG.dry" "$FILE"
	run -0 --separate-stderr procsrv-replay --svg "$SVG" "$FILE"
	cmp "$SVG" "$SVG.dry"
}
