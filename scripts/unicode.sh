#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: unicode.sh --check | --update
#        unicode.sh --help
#
# The characters that the tools show as escapes, and those that are drawn onto others, in
# tools/escape_table.h: made from the character database that perl comes with, as it was in one
# version of Unicode, so that a newer perl makes the same file.
#
#   --check   fail, and show the difference, if the file is not what would be made
#   --update  write the file

# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

readonly TABLE=$TOP/tools/escape_table.h
readonly UNICODE=14.0

# Hidden: controls, formats, surrogates, private use, what is not assigned, separators and
# blanks, and what has no look of its own (Default_Ignorable_Code_Point). The last four are
# assigned as symbols or marks, and drawn as nothing: BRAILLE PATTERN BLANK, MUSICAL SYMBOL NULL
# NOTEHEAD, KHITAN SMALL SCRIPT FILLER, OBJECT REPLACEMENT CHARACTER.
# Marks: those without a width, and the vowels and final consonants that complete a Hangul
# syllable.
make_table() {
	perl -e '
		use strict;
		my $in = shift;
		my @kinds = (
			[ HIDDEN => qr/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]|\P{Present_In=$in}|[\x{2800}\x{1d159}\x{16fe4}\x{fffc}]/ ],
			[ MARK => qr/[\p{Mn}\p{Me}\p{Hangul_Syllable_Type=V}\p{Hangul_Syllable_Type=T}]/ ],
			[ SPACING => qr/\p{Mc}/ ],
		);
		my ($kind, $first) = ("", 0);
		no warnings;
		for my $c (0x80 .. 0x110000) {
			my $now = "";
			for (@kinds) {
				last if $c > 0x10ffff;
				next unless chr($c) =~ $_->[1];
				$now = $_->[0];
				last;
			}
			next if $now eq $kind;
			printf "\t{ 0x%04x, 0x%04x, %s },\n", $first, $c - 1, $kind if $kind;
			($kind, $first) = ($now, $c);
		}' "$UNICODE"
}

make_file() {
	cat <<-END
		/* SPDX-License-Identifier: GPL-2.0-only */
		/*
		 * Made by scripts/unicode.sh from Unicode $UNICODE: characters beyond ASCII that are
		 * not simply shown. Included by escape.c.
		 */
		static const struct run runs[] = {
	END
	make_table
	echo '};'
}

case ${1:-} in
--check)
	make_file | diff -u --label tools/escape_table.h --label made "$TABLE" - ||
		die "the table is not what is made from Unicode $UNICODE; scripts/unicode.sh --update"
	;;
--update) make_file >"$TABLE" ;;
*) usage ;;
esac
