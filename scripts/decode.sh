#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: decode.sh DIRECTORY... <LOG
#        decode.sh --help
#
# Copies kernel messages, and says after each address in procsrv.ko or in one of its tests
# (name+0x12/0x34 [procsrv]) which line of which file that is; if the code was inlined there,
# into which line of what. The modules are looked for below the directories, in their order.
# What cannot be found is copied as it is: other parts of the kernel have no line tables.

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

readonly ADDRESS='[[:alnum:]_.]+\+0x[0-9a-f]+/0x[0-9a-f]+ \[procsrv[[:alnum:]_]*\]'

# The kernel's own script knows of functions with the same name, and of sections.
faddr2line() {
	local tree

	for tree in linux-source linux-source-6.1; do
		[[ ! -x $CACHE/pkg/$tree/scripts/faddr2line ]] || {
			"$CACHE/pkg/$tree/scripts/faddr2line" "$@" 2>/dev/null
			return
		}
	done
}

# A stack has the addresses to return to: the call is before. One byte less is within it, and
# where the address is that of the instruction itself, mostly in the same line.
before() {
	local symbol=${1%%+*} offset=${1#*+} size=${1##*/}

	offset=$((${offset%/*}))
	printf '%s+0x%x/%s\n' "$symbol" $((offset > 0 ? offset - 1 : 0)) "$size"
}

# source_of FILE.ko ADDRESS: "FILE:LINE in FILE:LINE ..."
source_of() {
	faddr2line "$@" |
		sed -nE 's/ \(discriminator [0-9]+\)//; s/.* at ([^ ]+:[0-9]+)$/\1/p' |
		sed -E "s#^/procsrv/##; s#^$CACHE/pkg/[^/]+/##" |
		paste -sd ' ' | sed 's/ / in /g'
}

# lines MODULE ADDRESS...: "ADDRESS [MODULE]|SOURCE" of each that is known. The kernel takes the
# last function of a section for longer than it is: then the size is no help.
lines() {
	local module=$1 address file known

	shift
	file=$(find "${DIRECTORIES[@]}" -name "$module.ko" -print -quit 2>/dev/null)
	[[ -n $file ]] || return 0
	for address; do
		known=$(source_of "$file" "$(before "$address")")
		[[ -n $known ]] || known=$(source_of "$file" "$(before "$address" | sed 's#/.*##')")
		[[ -z $known ]] || printf '%s [%s]|%s\n' "$address" "$module" "$known"
	done
}

main() {
	local messages module addresses table

	case ${1:-} in
	-h | --help) usage && exit ;;
	'' | -*) die "which directories? see --help" ;;
	esac
	DIRECTORIES=("$@")
	messages=$(mktemp)
	# shellcheck disable=SC2064 # the name of now is meant
	trap "rm -f '$messages'" EXIT
	cat >"$messages"
	table=$(grep -aoE "$ADDRESS" "$messages" | sort -u | sed -E 's/.*\[(.*)\]/\1/' | sort -u |
		while read -r module; do
			mapfile -t addresses < <(grep -aoE "$ADDRESS" "$messages" |
				sed -n "s/ \[$module\]\$//p" | sort -u)
			lines "$module" "${addresses[@]}"
		done) || true
	awk -F'|' 'NR == FNR { if (NF) line[$1] = $2; next }
		{
			for (address in line)
				if ((at = index($0, address))) {
					end = at + length(address)
					$0 = substr($0, 1, end - 1) " (" line[address] ")" substr($0, end)
				}
			print
		}' <(printf '%s\n' "$table") "$messages"
}

main "$@"
