# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Functions that the tests of completion share.

COMPLETION=$BATS_TEST_DIRNAME/../../completion

# complete_line LINE: as Tab at its end; sets COMPREPLY
complete_line() {
	# shellcheck source-path=SCRIPTDIR source=../../completion/procsrv.bash
	. "$COMPLETION/procsrv.bash"
	COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=${2-$' \t\n"\'><=;|&(:'}
	_procsrv
}

# offers WORDS LINE: these words and no others, in any order
offers() {
	complete_line "${@:2}"
	same "$(tr ' ' '\n' <<<"$1" | sort)" "$(printf '%s\n' "${COMPREPLY[@]}" | sort -u)"
}

# zsh_line LINE: the line after Tab. It is typed on a terminal.
zsh_line() {
	sed "s|@BASHDIR@/procsrvctl|$COMPLETION/procsrv.bash|" \
		"$COMPLETION/_procsrv.in" >"$BATS_TEST_TMPDIR/_procsrv"
	zsh -f "$BATS_TEST_DIRNAME/../tools/complete.zsh" "$BATS_TEST_TMPDIR" "$1"
}
