#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154,SC2016 # variables of common.bash; escapes are not expanded
# shellcheck disable=SC2030,SC2031 # each test is in a subshell, and sets its own locale
#
# Characters that may deceive a terminal or its reader are shown as an escape, wherever the tools
# print them; JSON has its own escapes.

load common

# Names that deceive, and how they are shown where there is UTF-8.
NAMES=(
	$'\e]52;c;ZXZpbA==\a' '\x1b]52;c;ZXZpbA==\x07'	# sets the clipboard of a terminal
	$'\xc2\x9b31mC1' '\u009b31mC1'
	$'\x9b31mraw' '\x9b31mraw'
	$'\x7fdel' '\x7fdel'
	$'new\nline' 'new\nline'
	$'cr\rover' 'cr\rover'
	$'tab\there' 'tab\there'
	$'\xc2\x85nel' '\u0085nel'
	$'\xe2\x80\xaegnp.exe' '\u202egnp.exe'
	$'\xe2\x81\xa6isolate\xe2\x81\xa9' '\u2066isolate\u2069'
	$'\xd8\x9calm' '\u061calm'
	$'a\xe2\x80\x8db\xe2\x80\x8bc' 'a\u200db\u200bc'
	$'\xef\xbb\xbfbom' '\ufeffbom'
	$'\xc2\xadshy' '\u00adshy'
	$'\xef\xbf\xb9anno\xef\xbf\xbb' '\ufff9anno\ufffb'
	$'tag\xf3\xa0\x81\x81' 'tag\U000e0041'
	$'\xe2\x80\xa8ls\xe2\x80\xa9ps' '\u2028ls\u2029ps'
	$'private\xee\x80\x80' 'private\ue000'
	$'heart\xef\xb8\x8f' 'heart\ufe0f'
	$'unassigned\xcd\xb8' 'unassigned\u0378'
	$'noncharacter\xef\xbf\xbf' 'noncharacter\uffff'
	$'plane\xf4\x8f\xbf\xbf' 'plane\U0010ffff'
	$'fillers\xe1\x85\x9f\xe3\x85\xa4\xe2\xa0\x80\xef\xbe\xa0' 'fillers\u115f\u3164\u2800\uffa0'
	$'blanks\xc2\xa0\xe2\x80\x83\xe3\x80\x80' 'blanks\u00a0\u2003\u3000'
	$'\xff\xfe\x80' '\xff\xfe\x80'
	$'surrogate\xed\xa0\x80' 'surrogate\xed\xa0\x80'
	$'beyond\xf4\x90\x80\x80' 'beyond\xf4\x90\x80\x80'
	$'overlong\xc0\xaf\xe0\x80\xaf' 'overlong\xc0\xaf\xe0\x80\xaf'
	$'cut\xe2\x80' 'cut\xe2\x80'
	'\e[31m literal' '\\e[31m literal'
	'\u202e' '\\u202e'
	' ends ' '\x20ends\x20'
	$'\xcc\x81first' '\u0301first'
	$'=\xcc\xb8' '=\u0338'
	$'e\xcc\x81\xcc\x81\xcc\x81' $'e\xcc\x81''\u0301\u0301'
	$'e\xcc\x82\xcc\x81\xcc\x83' $'e\xcc\x82\xcc\x81''\u0303'
	$'\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7' $'\xf0\x9f\x91\xa9''\u200d'$'\xf0\x9f\x91\xa7'
	# Characters that do not deceive.
	'tiếng Việt' 'tiếng Việt'
	$'ti\x65\xcc\x82\xcc\x81ng' $'ti\x65\xcc\x82\xcc\x81ng'
	'日本語プロセス' '日本語プロセス'
	$'\xe0\xa4\x95\xe0\xa4\xbe' $'\xe0\xa4\x95\xe0\xa4\xbe'
	$'\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab' $'\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab'
	'quote"' 'quote"'
)

# harmless FILE...: no line has a character that is not drawn, and no blank but the space. This is
# an independent judgement, by the categories of Python's Unicode. After --ascii: only ASCII.
harmless() {
	python3 - "$@" <<'END'
import sys, unicodedata
ascii_only = "--ascii" in sys.argv
for path in sys.argv[1:]:
    if path == "--ascii":
        continue
    text = open(path, "rb").read().replace(b"\r\n", b"\n").decode("utf-8")
    for line in text.split("\n"):
        bad = [hex(ord(c)) for c in line if unicodedata.category(c)[0] == "C" or
               unicodedata.category(c)[0] == "Z" and c != " " or
               ord(c) in (0x34f, 0x115f, 0x1160, 0x2800, 0x3164, 0xffa0) or
               0xfe00 <= ord(c) <= 0xfe0f or ascii_only and ord(c) > 0x7e]
        if bad:
            sys.exit(f"{path}: {bad} in {ascii(line)}")
END
}

make_all() {
	local i

	pids=()
	for ((i = 0; i < ${#NAMES[@]}; i += 2)); do
		pids+=("$(procsrvctl create "$ROOT" "${NAMES[i]}" --env="${NAMES[i]}" \
			-- "${NAMES[i]}")")
	done
}

# matches COMMAND...: its output is the names as they should be shown, in their order.
matches() {
	diff "$BATS_TEST_TMPDIR/expected" <("$@")
}

@test "names as info, ps, tree and top show them" {
	export LC_ALL=C.UTF-8
	make_all
	for ((i = 1; i < ${#NAMES[@]}; i += 2)); do
		printf '%s\n' "${NAMES[i]}"
	done >"$BATS_TEST_TMPDIR/expected"
	procsrvctl info "${pids[@]}" >"$BATS_TEST_TMPDIR/info"
	matches sed -n 's/^name  *//p' "$BATS_TEST_TMPDIR/info"
	matches sed -n 's/^environment  *//p' "$BATS_TEST_TMPDIR/info"
	matches sed -nE "s/^[^ ]+ +[0-9]+ +$ROOT .* [0-9:]{8} (.*)\$/\1/p" \
		<(procsrvctl ps --wide --env | sed -E 's/(.*) \1$/\1/')
	matches sed -nE "s/^ *[0-9]+ +$ROOT .* [0-9.]+ +[0-9:.]+ [A-Z] (.*)\$/\1/p" \
		<(procsrvctl top --once --sort=pid)
	LC_ALL=C sort -o "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/expected"
	matches env LC_ALL=C sort <(procsrvctl tree --wide "$ROOT" |
		sed -E 's/^(root─┬─| +[├└]─)//')
}

# The words of a command line can be given to bash again, and are what they were.
@test "a command line reads back, whatever character is in it" {
	export LC_ALL=C.UTF-8
	python3 - "$BATS_TEST_TMPDIR" <<'END'
import sys
points = [*range(1, 0xd800), *range(0xe000, 0x1e000), *range(0xe0000, 0xe0200)]
for n, i in enumerate(range(0, len(points), 18000)):
    with open(f"{sys.argv[1]}/words{n}", "wb") as f:
        for c in points[i:i + 18000]:
            f.write(b"a" + chr(c).encode() + b"z\0")
END
	for file in "$BATS_TEST_TMPDIR"/words?; do
		mapfile -d '' words <"$file"
		pid=$(procsrvctl create "$ROOT" x -- "${words[@]}")
		procsrvctl info "$pid" | sed -n 's/^command line *//p' >"$BATS_TEST_TMPDIR/line"
		eval "words=($(<"$BATS_TEST_TMPDIR/line"))"
		printf '%s\0' "${words[@]}" | cmp - "$file"
		mv "$BATS_TEST_TMPDIR/line" "$file.utf8"
		LC_ALL=C procsrvctl info "$pid" >"$file.ascii"
	done
	harmless "$BATS_TEST_TMPDIR"/words*.utf8
	harmless --ascii "$BATS_TEST_TMPDIR"/words*.ascii
}

# everything DIRECTORY: the output of all commands about the processes that are there.
everything() {
	procsrvctl ps >"$1/ps"
	procsrvctl ps --long --env --wide >"$1/long"
	procsrvctl tree >"$1/tree"
	procsrvctl tree --pids >"$1/pids"
	procsrvctl top --once >"$1/top"
	procsrvctl top --once --tree --command --filter=$'\xe2\x80\xae' >"$1/command"
	procsrvctl session show "$session" >"$1/session"
	procsrvctl events --snapshot --count=1 --timeout=1s >"$1/events" || true
	procsrvctl mirror --verbose --proc="$BATS_TEST_TMPDIR/proc" >"$1/mirror"
}

@test "nothing that deceives is printed, with or without UTF-8" {
	make_all
	session=$(procsrvctl session create "$ROOT")
	procsrvctl session terminal "$session" $'pts/\e[2J\xe2\x80\xae 0'
	procsrvctl update "$ROOT" --cwd=$'/\e[31m \xff\xe2\x80\x8b'
	procsrvctl update "${pids[0]}" --cwd=$'/\n/\xe2\x81\xa6'
	"$BATS_TEST_DIRNAME/fake-proc" "$BATS_TEST_TMPDIR/proc" <<<$'1 0 0 0 S init\n2 1 0 0 S evil'
	sed -i $'s/(evil)/(\xe2\x80\xaex\e)/' "$BATS_TEST_TMPDIR/proc/2/stat"
	mkdir "$BATS_TEST_TMPDIR/"{utf8,c}
	LC_ALL=C.UTF-8 everything "$BATS_TEST_TMPDIR/utf8"
	LC_ALL=C everything "$BATS_TEST_TMPDIR/c"
	harmless "$BATS_TEST_TMPDIR/utf8"/*
	harmless --ascii "$BATS_TEST_TMPDIR/c"/*
	grep -qF '\u202ex\x1b' "$BATS_TEST_TMPDIR/utf8/mirror"
	grep -qF 'pts/\x1b[2J\u202e 0' "$BATS_TEST_TMPDIR/c/session"
}

@test "text in a column has no blanks, and keeps the columns after it in their place" {
	export LC_ALL=C.UTF-8
	session=$(procsrvctl session create "$ROOT")
	procsrvctl session terminal "$session" "漢 x"
	procsrvctl update "$ROOT" --cwd='/a b/漢'
	procsrvctl ps --long --session="$session" >"$BATS_TEST_TMPDIR/out"
	same '漢\x20x Rs   ' "$(sed -nE 's/.* (漢[^ ]* +Rs +)normal.*/\1/p' "$BATS_TEST_TMPDIR/out")"
	same '/a\x20b/漢 [root]' "$(sed -n 's/.* - //p' "$BATS_TEST_TMPDIR/out" | tail -1 | sed 's/^ *//')"
}

@test "JSON is UTF-8, without what deceives, and says what there is" {
	make_all
	procsrvctl update "$ROOT" --cwd=$'/\xe2\x80\xae\xff\x7f'
	procsrvctl ps --json --env >"$BATS_TEST_TMPDIR/ps"
	procsrvctl tree --json >"$BATS_TEST_TMPDIR/tree"
	procsrvctl top --once --json >"$BATS_TEST_TMPDIR/top"
	procsrvctl events --json --snapshot --count=1 --timeout=1s >"$BATS_TEST_TMPDIR/events" || true
	mapfile -t pids < <(procsrvctl list)
	procsrvctl info --json "${pids[@]}" >"$BATS_TEST_TMPDIR/info"
	for file in ps tree top events info; do
		harmless "$BATS_TEST_TMPDIR/$file"
	done
	for ((i = 0; i < ${#NAMES[@]}; i += 2)); do
		printf '%s\0' "${NAMES[i]}"
	done >"$BATS_TEST_TMPDIR/names"
	python3 - "$BATS_TEST_TMPDIR" "$ROOT" <<'END'
import json, sys
where, root = sys.argv[1], int(sys.argv[2])
def utf8(b):
    # A replacement for each byte that is not UTF-8.
    return b.decode("utf-8", "surrogateescape").translate({c: "\ufffd" for c in range(0xdc80, 0xdd00)})
want = [utf8(n) for n in open(where + "/names", "rb").read().split(b"\0")[:-1]]
for name in "ps", "info":
    ps = json.load(open(f"{where}/{name}"))
    mine = sorted((p for p in ps if p["ppid"] == root), key=lambda p: p["pid"])
    assert [p["name"] for p in mine] == want, name
    assert [p["argv"] for p in mine] == [[n] for n in want], name
    assert [p["cwd"] for p in ps if p["pid"] == root] == ["/\u202e\ufffd\x7f"], name
top = json.load(open(where + "/top"))["processes"]
assert sorted(p["name"] for p in top if p["ppid"] == root) == sorted(want)
json.load(open(where + "/tree"))
END
	grep -qF '"tag\udb40\udc41"' "$BATS_TEST_TMPDIR/ps"
	grep -qF '\u007fdel' "$BATS_TEST_TMPDIR/ps"
	grep -qF '日本語' "$BATS_TEST_TMPDIR/ps"
}

@test "error messages" {
	export LC_ALL=C.UTF-8
	usage_error "there is no command '\\u202ea\\x1b[2J\\nb\\\\'" $'\xe2\x80\xaea\e[2J\nb\\'
	usage_error "kill: '\\u200b1' is not a process id" kill $'\xe2\x80\x8b1'
	LC_ALL=C usage_error "there is no command '\\u00e9'" é
	PROCSRV_DEVICE=$'/\xe2\x80\xae\n' fails 3 \
		"list: cannot open /\\u202e\\n: No such file or directory (is the module loaded?)" list
	fails 1 "supervise: there is no supervisor '\\x1b[2J\\u202e'" \
		supervise --name=$'\e[2J\xe2\x80\xae' --status
}

@test "replay" {
	export LC_ALL=C.UTF-8
	cat >"$BATS_TEST_TMPDIR/x.strace" <<'END'
1 execve("./a\\b", ["./a\\b"], 0x7ffe /* 0 vars */) = 0
1 kill(1<HERE>, 0) = 7
1 exit_group(0) = ?
1 +++ exited with 0 +++
END
	sed -i $'s/HERE/\e[2J\xe2\x80\xae\xff/' "$BATS_TEST_TMPDIR/x.strace"
	procsrv-replay --verbose "$BATS_TEST_TMPDIR/x.strace" >"$BATS_TEST_TMPDIR/out" \
		2>"$BATS_TEST_TMPDIR/err" || true
	harmless "$BATS_TEST_TMPDIR/"{out,err}
	grep -qF '"./a\\b"' "$BATS_TEST_TMPDIR/out"
	procsrv-replay --json "$BATS_TEST_TMPDIR/x.strace" >"$BATS_TEST_TMPDIR/out" || true
	harmless "$BATS_TEST_TMPDIR/out"
	python3 -m json.tool "$BATS_TEST_TMPDIR/out" >/dev/null
}
