# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion for procsrvctl and its kin, for bash; _procsrv is the same for zsh. What there
# is to complete comes from the programs: commands and options from --help, signals from
# "kill --list", and pids, sessions, groups and services from the server as it is. No
# command is run that changes anything.

# --- what --help says; it is in $help ------------------------------------------

_procsrv_commands() {
	awk '/^Commands:/ { inside = 1; next } /^$/ { inside = 0 } inside { print $1 }' <<<"$help"
}

# With = where a value follows.
_procsrv_options() {
	grep -oE '^ +(-., )?--[a-z-]+=?' <<<"$help" | sed -E 's/^ *(-., )?//'
}

# What the value of an option is: PID of "-p, --pid=PID". Nothing if it has none.
_procsrv_value() {
	sed -nE "s/^ +(-., )?$1=([A-Z|]+).*/\\2/p; s/^ +$1, --[a-z-]+=([A-Z|]+).*/\\1/p" <<<"$help"
}

# What argument number $1 is: that of "PID [CODE]". The last one may go on for ever, with dots.
_procsrv_argument() {
	local kinds

	read -ra kinds < <(sed -nE '1s/^Usage: .*\[OPTION\.\.\.\] ?//p' <<<"$help" | tr -d '[]')
	((${#kinds[@]})) || return 0
	if (($1 < ${#kinds[@]})); then
		printf '%s\n' "${kinds[$1]%...}"
	elif [[ ${kinds[-1]} == *... ]]; then
		printf '%s\n' "${kinds[-1]%...}"
	fi
}

# --- what the server says ------------------------------------------------------

# The device may be slow, or not there.
_procsrv_ask() {
	timeout 1 "$ctl" "${server[@]}" "$@" 2>/dev/null </dev/null
}

# Sessions, or groups, of all processes.
_procsrv_ids() {
	_procsrv_ask ps --numeric | awk -v column="$1" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) at = i; next }
		$at > 0 { print $at }' | sort -un
}

# Names go with and without SIG.
_procsrv_signals() {
	local sig=''

	[[ $1 != SIG* ]] || sig=SIG
	_procsrv_ask kill --list | sed -E "s/^ *[0-9]+ SIG/$sig/"
}

# Private servers that have a name.
_procsrv_servers() {
	local directory=/run/procsrv socket

	((EUID == 0)) || directory=${XDG_RUNTIME_DIR:-}/procsrv
	for socket in "$directory"/*; do
		[[ ! -S $socket ]] || printf '%s\n' "${socket##*/}"
	done
}

_procsrv_services() {
	_procsrv_ask supervise "${name[@]}" --status | awk 'NR > 1 { print $1 }'
}

# --- the line --------------------------------------------------------------------

# _procsrv_words KIND WORD: all that can stand for a word of --help
_procsrv_words() {
	case $1 in
	PID | PARENT | LEADER) _procsrv_ask list ;;
	SID) _procsrv_ids SID ;;
	PGID) _procsrv_ids PGID ;;
	SIGNAL) _procsrv_signals "$2" ;;
	SERVICE) _procsrv_services ;;
	'NAME|PID') _procsrv_servers ;;
	USER) compgen -A user ;;
	GROUP) compgen -A group ;;
	STATE) printf '%s\n' running sleeping ;;
	PRIORITY) printf '%s\n' idle low normal high realtime ;;
	KEY) printf '%s\n' cpu memory name pid start time ;;
	KIND)
		printf '%s\n' capability create exec exit group limit parent reap session signal state \
			terminal update
		;;
	WHEN) printf '%s\n' auto always never ;;
	'KIND|PID') _procsrv_words KIND '' && _procsrv_words PID '' ;;
	'on|off') printf '%s\n' on off ;;
	esac
}

# _procsrv_fill KIND WORD [PREFIX]: completes a word; of a list with commas the last one
_procsrv_fill() {
	local word=$2 prefix=${3:-}

	case $1 in
	FILE | ARGUMENT) mapfile -t COMPREPLY < <(compgen -P "$prefix" -f -- "$word") ;;
	DIRECTORY) mapfile -t COMPREPLY < <(compgen -P "$prefix" -d -- "$word") ;;
	COMMAND) mapfile -t COMPREPLY < <(compgen -P "$prefix" -c -- "$word") ;;
	*)
		[[ $word != *,* ]] || prefix+=${word%,*},
		mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$(_procsrv_words "$1" "${word##*,}")" \
			-- "${word##*,}")
		;;
	esac
}

# A word before the one that is completed: a command, an argument, or the value of an option.
_procsrv_read_word() {
	local option=$previous

	previous=$1
	case $1 in
	--server=*) server=("$1") ;;
	--name=*) name=("$1") ;;
	-*) return ;;
	esac
	if [[ $option == -* && $option != *=* && -n $(_procsrv_value "$option") ]]; then
		previous=''
		[[ $option != --server ]] || server=("--server=$1")
		[[ $option != --name ]] || name=("--name=$1")
	elif ((place == 0)) && [[ $1 == help && -z $explain ]]; then
		explain=1
	elif ((place == 0)) && _procsrv_commands | grep -qxF -e "$1"; then
		command+=("$1")
		help=$("${command[@]}" --help 2>/dev/null)
	elif [[ $1 != -* ]]; then
		place=$((place + 1))
	fi
}

_procsrv_complete_word() {
	local value

	case $current in
	--*=*)
		# bash takes what is behind = for a word, unless it is told otherwise.
		[[ $COMP_WORDBREAKS == *=* ]] && value='' || value=${current%%=*}=
		_procsrv_fill "$(_procsrv_value "${current%%=*}")" "${current#*=}" "$value"
		return
		;;
	-*)
		mapfile -t COMPREPLY < <(compgen -W "$(_procsrv_options)" -- "$current")
		[[ ${COMPREPLY[*]} != *= ]] || compopt -o nospace 2>/dev/null || true
		return
		;;
	esac
	[[ $previous != -* || $previous == *=* ]] || value=$(_procsrv_value "$previous")
	if [[ -n ${value:-} ]]; then
		_procsrv_fill "$value" "$current"
	elif [[ $help == *'Commands:'* ]]; then
		# One that there is not has no arguments.
		((place > 0)) || mapfile -t COMPREPLY < <(compgen -W "$(_procsrv_commands)" -- "$current")
	elif [[ -z $explain ]]; then
		_procsrv_fill "$(_procsrv_argument "$place")" "$current"
	fi
}

_procsrv() {
	local line=${COMP_LINE:0:COMP_POINT} current words word
	local ctl=procsrvctl server=() name=() command help explain='' place=0 previous=''

	COMPREPLY=()
	current=${line##*[[:space:]]}
	read -ra words <<<"${line%"$current"}"
	command=("${words[0]}")
	[[ ${words[0]##*/} != procsrvctl ]] || ctl=${words[0]}
	help=$("${command[@]}" --help 2>/dev/null)
	for word in "${words[@]:1}"; do
		# What follows is the command line of a process.
		[[ $word != -- ]] || return 0
		_procsrv_read_word "$word"
	done
	_procsrv_complete_word
}

complete -F _procsrv procsrvctl procsrv-run procsrv-replay procsrv-differential
