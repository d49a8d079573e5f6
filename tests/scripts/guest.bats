#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# "make guest", as a user has it: typed into a terminal, and read from its screen. The terminal
# is one of tmux. Needs TOP, the tools, and the module for stock.

bats_require_minimum_version 1.5.0

load ../readme

# Number of looks, each half a second. A guest on a busy machine takes minutes to boot.
readonly PATIENCE=1200

terminal() {
	tmux -L "$SERVER" -f /dev/null "$@"
}

setup() {
	SERVER=guest-$BATS_SUITE_TEST_NUMBER-$$
	terminal new-session -d -x 120 -y 50 -c "$TOP" "make guest 2>&1"
}

teardown() {
	terminal kill-server || true
}

screen() {
	terminal capture-pane -p "$@"
}

# await PATTERN: until a line of the screen matches
await() {
	local look

	for ((look = 0; look < PATIENCE; look++)); do
		! screen | grep -qE -- "$1" || return 0
		sleep 0.5
	done
	echo "there is no line that matches $1:"
	screen
	return 1
}

# enter LINE: type it
enter() {
	terminal send-keys -l -- "$1"
	terminal send-keys Enter
}

prompts() {
	screen -S - | grep -c '^(stock) ' || true
}

# finish LINE: type it, and wait for the next prompt
finish() {
	local look before

	before=$(prompts)
	enter "$1"
	for ((look = 0; look < PATIENCE; look++)); do
		(($(prompts) <= before)) || return 0
		sleep 0.5
	done
	echo "there is no prompt after $1:"
	screen
	return 1
}

# ask PATTERN LINE: type it, again and again, until a line of its output matches. A shell that has
# just started may not read what was typed before.
ask() {
	local look

	for ((look = 0; look < PATIENCE; look++)); do
		((look % 20)) || enter "clear; $2"
		sleep 0.5
		! screen | grep -qxE -- "$1" || return 0
	done
	echo "there is no line that is $1 after $2:"
	screen
	return 1
}

@test "make guest: the module, the tools, the README's session, more shells, the size" {
	local session line

	await '^\(stock\) .* # *$'
	await 'The module is loaded, and the tools are in PATH'
	await '"tmux" gives more shells'
	await '^"exit" ends the virtual machine'
	run ! grep -E '.{80}' <(screen | sed -n '/^The module is loaded/,/^"exit"/p')

	# As it is printed, except for the block that is for another place.
	session=$(readme_session 'A first session by hand' | sed '/^\$ make guest$/d; /^# make &&/d')
	while IFS= read -r line; do
		finish "$line"
	done < <(sed -n 's/^# //p' <<<"$session")
	diff -u <(printf '%s\n' "$session") \
		<(screen -S - | sed 's/^(stock) [^#]* # */# /' | sed -n '/^# procsrvctl create/,$p' |
			sed '/^# *$/d; /^$/d')

	ask '50 120' 'stty size'
	terminal resize-window -x 90 -y 30
	ask '30 90' 'stty size'

	# One line is tmux's own.
	enter tmux
	await '^\[0\] 0:'
	ask '29 90' 'stty size'
	terminal resize-window -x 132 -y 40
	ask '39 132' 'stty size'
	terminal send-keys C-b c
	await '^\[0\] 0:.* 1:'
	ask '/.*/build/tools/procsrv-replay' 'type -P procsrv-replay'
	enter 'tmux kill-server'
	await '^\[(exited|server exited)\]'
	enter exit
	for ((line = 0; line < PATIENCE; line++)); do
		terminal has-session 2>/dev/null || return 0
		sleep 0.5
	done
	return 1
}
