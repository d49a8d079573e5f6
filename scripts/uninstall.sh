#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: uninstall.sh FILE...
#        uninstall.sh --help
#
# Removes the files, as far as they are there, and the directories that are empty then.
# Those that every system has, such as /usr/local/lib, stay.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

# Names of directories of hier(7), and of packages of Debian, with or without anything in them.
readonly STAY='bin|etc|include|lib|man|sbin|share|src|usr|local|opt|site-functions|python3[.0-9]*|'\
'dist-packages|'

main() {
	local file dir

	case ${1:-} in
	-h | --help) usage && exit ;;
	'') die "which files? see --help" ;;
	esac
	rm -f -- "$@"
	# In the deepest directories first: those above them may be empty then.
	while read -r dir; do
		while [[ ! ${dir##*/} =~ ^($STAY)$ ]] && rmdir -- "$dir" 2>/dev/null; do
			dir=${dir%/*}
		done
	done < <(for file; do printf '%s\n' "${file%/*}"; done | LC_ALL=C sort -ru)
}

main "$@"
