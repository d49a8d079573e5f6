# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Extracts examples from README.md and other pages, so that tests run them as printed.
# TOP is set. PAGE is a file below it, README.md if there is none.

# readme_section HEADING [PAGE]: the lines under it
readme_section() {
	awk -v heading="## $1" '/^## / { inside = $0 == heading } inside' "$TOP/${2:-README.md}"
}

# readme_session HEADING [PAGE]: the text of all terminal sessions in the section. A line that begins
# with "# " or "$ " is typed, and so is one that begins with "> ", which continues it. The others are
# output.
readme_session() {
	# shellcheck disable=SC2016 # these are fences
	readme_section "$@" | sed -n '/^```/,/^```/d; s/^    //p'
}

# readme_typed HEADING [PAGE]: the lines that are typed
readme_typed() {
	readme_session "$@" | sed -n 's/^[#$] //p'
}

# readme_fenced LANGUAGE: the text in fences of this language
readme_fenced() {
	awk -v begin="^\`\`\`$1\$" '$0 ~ begin { inside = 1; next } /^```$/ { inside = 0 } inside' \
		"$TOP/README.md"
}

# readme_program: the C program
readme_program() {
	readme_fenced c
}

# --- a session that is followed ----------------------------------------------

# Commands that change nothing. Their output may become right a moment later.
readonly LOOKS='^(cat [a-z]+|procsrvctl( --server [a-z]+)? (ps|tree|list|info|stats|(group|session) show|supervise --status))( |$)'
# How often they are repeated, a fifth of a second apart; and the time for a reader of events to
# begin, in seconds.
readonly LOOK_TIMES=50 BEGIN_TIME=0.5

# same_each_time: drops the text that differs from run to run: number and time of an event, the time
# of a line of a supervisor, pids in Linux, and durations in milliseconds.
same_each_time() {
	sed -E 's/^ +[0-9]+ +[0-9]+\.[0-9]{6} /EVENT /; s/^\[ *[0-9]+\.[0-9]+\]/[TIME]/
		s/\b[0-9]+ in Linux/PID in Linux/; s/\b[0-9.]+ ms\b/TIME ms/'
}

# A line of a page that differs from run to run has one of these.
readonly VARIES='[0-9]\.[0-9]{6}|in Linux| ms'

# alike WANTED GOT: starts no process without need, as these are slow in an emulated guest.
alike() {
	[[ $1 != "$2" ]] || return 0
	[[ $1 =~ $VARIES ]] && [[ $(same_each_time <<<"$1") == "$(same_each_time <<<"$2")" ]]
}

# pause SECONDS: sleeps without a process. NEVER is a pipe that is never written to.
pause() {
	[[ -v NEVER ]] || exec {NEVER}<> <(:)
	read -rt "$1" -u "$NEVER" || true
}

# follow_step TYPED WANTED FILE: types it in this shell, and compares
follow_step() {
	local left=1 got

	[[ ! $1 =~ $LOOKS ]] || left=$LOOK_TIMES
	while :; do
		eval "$1" >"$3" 2>&1 || true
		IFS= read -rd '' got <"$3" || true
		! alike "$2" "${got%$'\n'}" || break
		((--left)) || {
			printf '# %s\n' "$1"
			diff -u <(printf '%s\n' "$2") "$3"
			return 1
		}
		pause 0.2
	done
	[[ $1 != *' events '*'&)' ]] || pause "$BEGIN_TIME"
}

# follow_session FILE: types the input of the session on stdin, and compares the output. The output
# of a command goes to a file whose name begins with FILE; a command in the background keeps its
# own. Commands that change nothing are repeated until their output is right.
follow_session() {
	local line typed='' want='' session steps=0

	mapfile -t session
	((${#session[@]}))
	for line in "${session[@]}" '# :'; do
		case $line in
		'# '*)
			[[ -z $typed ]] || follow_step "$typed" "${want%$'\n'}" "$1-$((++steps))" || return
			typed=${line#\# } want=''
			;;
		'> '*) typed+=$'\n'${line#> } ;;
		*) want+=$line$'\n' ;;
		esac
	done
}
