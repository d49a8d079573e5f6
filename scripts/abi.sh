#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: abi.sh --check | --update
#        abi.sh --help
#
# The interface, as programs have compiled it in: the layout of every structure of
# include/uapi/linux/procsrv.h as pahole sees it, and the value of every constant, in
# abi/procsrv.h.layout. Both have to be the same for 64-bit and for 32-bit programs.
#
#   --check   fail, and show the difference, if the header does not say what the file does
#   --update  write the file: something is new; what was there does not change

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

readonly HEADER=$TOP/include/uapi/linux/procsrv.h
readonly LAYOUT=$TOP/abi/procsrv.h.layout

compile() {
	gcc "-m$1" -std=gnu11 -O1 -gdwarf-4 -I"$TOP/include/uapi" "${@:2}"
}

structures() {
	sed -nE 's/^struct (procsrv_[a-z0-9_]+) \{$/\1/p' "$HEADER"
}

# Macros that take no arguments, and members of enums, in the order of the header.
constants() {
	sed -nE -e 's/^#define[[:space:]]+(PROCSRV_[A-Z0-9_]+)([[:space:]].*)?$/\1/p' \
		-e 's/^[[:space:]]+(PROCSRV_[A-Z0-9_]+)([[:space:]]*=.*)?,$/\1/p' "$HEADER"
}

# One of each, so that the compiler tells the debugger about all of them.
list_structures() {
	echo '#include <linux/procsrv.h>'
	structures | sed 's/.*/struct & a_&;/'
}

# As the kernel finds out offsets: the compiler evaluates them, into lines of assembly that
# no assembler gets to see. In two halves, because a 32-bit compiler has no more to write.
list_constants() {
	printf '%s\n' '#include <linux/procsrv.h>' \
		'#define HIGH(x) ((int)((unsigned long long)(x) >> 32))' \
		'#define LOW(x) ((int)(unsigned long long)(x))' 'void f(void)' '{'
	constants | sed -E 's/(.*)/asm volatile("->\1 %c0 %c1" : : "i"(HIGH(\1)), "i"(LOW(\1)));/'
	echo '}'
}

# Without what depends on the version of pahole, and on the machine: its cache lines.
layout_of_structures() {
	list_structures >"$WORK/structures.c"
	compile "$1" -c -o "$WORK/structures.o" "$WORK/structures.c"
	pahole "$WORK/structures.o" |
		sed -E -e '/^[[:space:]]*\/\* (---|last cacheline)/d' -e 's/cachelines: [0-9]+, //' \
			-e 's/[[:space:]]+/ /g' |
		awk '/^struct procsrv_/ { on = 1 } on && NF; /^}/ { if (on) print ""; on = 0 }'
}

values_of_constants() {
	list_constants >"$WORK/constants.c"
	compile "$1" -S -o "$WORK/constants.s" "$WORK/constants.c"
	sed -n 's/^[[:space:]]*->//p' "$WORK/constants.s" |
		while read -r name high low; do
			printf '%s 0x%x\n' "$name" $((high << 32 | (low & 0xffffffff)))
		done
}

layout() {
	# REUSE-IgnoreStart
	echo '# SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note'
	# REUSE-IgnoreEnd
	echo '# By scripts/abi.sh --update, from include/uapi/linux/procsrv.h'
	echo
	layout_of_structures "$1"
	values_of_constants "$1"
}

# Whether all that the header has is in a layout: what is not seen is not held still.
is_whole() {
	(($(grep -c '^struct ' "$1") == $(structures | wc -l) &&
		$(grep -c '^PROCSRV_' "$1") == $(constants | wc -l)))
}

main() {
	case ${1:-} in
	-h | --help) usage && exit ;;
	--check | --update) ;;
	*) die "check or update? see --help" ;;
	esac
	WORK=$(mktemp -d)
	trap 'rm -rf "$WORK"' EXIT
	layout 64 >"$WORK/64"
	layout 32 >"$WORK/32"
	is_whole "$WORK/64" || die "not all of the header is in the layout"
	diff -u --label '64 bits' --label '32 bits' "$WORK/64" "$WORK/32" ||
		die "64-bit and 32-bit programs see different things"
	if [[ $1 == --update ]]; then
		cp "$WORK/64" "$LAYOUT"
	else
		diff -u --label abi/procsrv.h.layout --label header "$LAYOUT" "$WORK/64" ||
			die "the interface has changed; if it may, scripts/abi.sh --update"
	fi
}

main "$@"
