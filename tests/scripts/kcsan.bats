#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/kcsan.awk, on messages that are made up. To be run on the host; TOP is the tree.

LINE="[    9.1] =================================================================="

without_others() {
	awk -f "$TOP/scripts/kcsan.awk"
}

report() {
	printf '%s\n' "$LINE" "[    9.1] BUG: KCSAN: data-race in $1 / $2" "[    9.1] " \
		"[    9.1] write to 0xffff of 8 bytes by task 1 on cpu 0:" \
		"[    9.1]  $1+0x1/0x2" "[    9.1]  $3+0x1/0x2" "$LINE"
}

@test "a race in the kernel is left out, and numbers of lines stay" {
	local out

	out=$(printf '%s\n' before "$(report tick_sched find_next caller)" after | without_others)
	[[ $out != *KCSAN* && $out != *===* ]]
	[[ $(wc -l <<<"$out") == 9 ]]
	[[ $(head -n1 <<<"$out") == before && $(tail -n1 <<<"$out") == after ]]
}

@test "a race with the module stays, on either side and below others" {
	local text

	for text in "$(report "look [procsrv]" find_next caller)" \
		"$(report tick_sched "look [procsrv]" caller)" \
		"$(report rb_erase rb_next "remove_leaf [procsrv]")"; do
		[[ $(without_others <<<"$text") == "$text" ]]
	done
}

@test "a race of the kernel with a task that checks a capability is left out" {
	[[ $(report kthread_is_per_cpu ns_capable_noaudit "may [procsrv]" | without_others) != *KCSAN* ]]
	[[ $(report ns_capable_noaudit x "may [procsrv]" | without_others) != *KCSAN* ]]
}

@test "a race of an interrupt is left out, whatever it has interrupted" {
	local interrupt="asm_sysvec_timer+0x1/0x2"$'\n'"[    9.1]  look [procsrv]"

	[[ $(report timer tick "$interrupt" | without_others) != *KCSAN* ]]
	[[ $(report "look [procsrv]" tick "$interrupt" | without_others) == *KCSAN* ]]
}

@test "of two reports one after the other each counts by itself" {
	local out

	out=$({ report a b c && report "look [procsrv]" d e && report f g h; } | without_others)
	echo "$out"
	[[ $(grep -c KCSAN <<<"$out") == 1 ]]
	[[ $out == *"look [procsrv]"* ]]
}

@test "other complaints stay, and so does a report that has no end" {
	local text

	text=$(printf '%s\n' "$LINE" "BUG: KASAN: use-after-free in x" "y+0x1/0x2" "$LINE" z)
	[[ $(without_others <<<"$text") == "$text" ]]
	text=$(report "look [procsrv]" a b | head -n 4)
	[[ $(without_others <<<"$text") == "$text" ]]
}
