#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/decode.sh, and guest.sh that calls it, on stacks that are made up: addresses in the
# module that was built for the bed uml. To be run on the host; TOP is the tree.

setup() {
	BUILT=$TOP/build/uml
	[[ -e $BUILT/procsrv.ko ]]
}

# address NAME: in the middle of a function, with the size that the kernel would say
address() {
	local start end

	{ read -r start && read -r end; } < <(nm -n "$BUILT/procsrv.ko" |
		awk -v name="$1" '$2 ~ /[tT]/ { if (n) { print $1; exit } }
			$2 ~ /[tT]/ && $3 == name { print $1; n++ }')
	start=$((16#$start)) end=$((16#$end))
	printf '%s+0x%x/0x%x [procsrv]' "$1" $(((end - start) / 2)) $((end - start))
}

# within NAME FILE LINE: whether a function begins before a line and ends after it
within() {
	awk -v name="$1" -v line="$3" '
		index($0, name "(") && /^[a-z]/ { start = NR }
		/^}/ && start { exit !(line >= start && line <= NR) }
		END { if (!start) exit 1 }' "$TOP/$2"
}

# The location of an address comes in parentheses; the outermost function is the last.
outermost() {
	sed -nE 's/.*\[procsrv\] \((.* in )?([^ ()]+):([0-9]+)\).*/\2 \3/p'
}

@test "an address in the module gets its file and line" {
	local file line

	read -r file line < <(echo "[    1.0]  [<a0b1>] ? $(address procsrv_get_stats)" |
		"$TOP/scripts/decode.sh" "$BUILT" | outermost)
	echo "$file:$line"
	[[ $file == core/info.c ]]
	within procsrv_get_stats "$file" "$line"
}

@test "so does one for which the kernel gives another size" {
	local file line text

	text=$(address procsrv_wait)
	read -r file line < <(echo "$text" | sed 's#/0x[0-9a-f]*#/0xfff0#' |
		"$TOP/scripts/decode.sh" "$BUILT" | outermost)
	echo "$file:$line"
	[[ $file == core/wait.c ]]
	within procsrv_wait "$file" "$line"
}

@test "the text behind an address stays, and so does every other line" {
	local text out

	text="WARNING: at $(address procsrv_get_stats), CPU#1: cat/62
 [<6034cfd7>] ? sysfs_kf_seq_show+0x97/0x150
 [<6034cfd7>] ? no_such_function+0x97/0x150 [procsrv]
   a | b  \\n%s"
	out=$(printf '%s\n' "$text" | "$TOP/scripts/decode.sh" "$BUILT")
	echo "$out"
	[[ $out == *"[procsrv] (core/info.c:"*"), CPU#1: cat/62"* ]]
	[[ $(tail -n +2 <<<"$out") == "$(tail -n +2 <<<"$text")" ]]
}

@test "without a module there, messages are copied" {
	local text

	text=$(address procsrv_get_stats)
	[[ $("$TOP/scripts/decode.sh" "$BATS_TEST_TMPDIR" <<<"$text") == "$text" ]]
	[[ -z $("$TOP/scripts/decode.sh" "$BATS_TEST_TMPDIR" </dev/null) ]]
}

@test "guest.sh shows a complaint with its lines" {
	run "$TOP/scripts/guest.sh" --bed uml --module "$BUILT/procsrv.ko" \
		--log "$BATS_TEST_TMPDIR/log" -- \
		sh -c "echo '<4>WARNING: made up: $(address procsrv_get_stats)' >/dev/kmsg"
	echo "$output"
	((status == 125))
	[[ $output == *"WARNING: made up: "*"[procsrv] (core/info.c:"* ]]
}
