# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What README.md shows, taken out of it, so that tests run what is printed. TOP is set.

# readme_section HEADING: the lines under it
readme_section() {
	awk -v heading="## $1" '/^## / { inside = $0 == heading } inside' "$TOP/README.md"
}

# readme_session HEADING: what is printed as a terminal shows it, of all blocks of the section;
# a line that begins with "# " or "$ " is typed, the others are what comes out.
readme_session() {
	readme_section "$1" | sed -n 's/^    //p'
}

# readme_typed HEADING: what is typed
readme_typed() {
	readme_session "$1" | sed -n 's/^[#$] //p'
}

# readme_program: the C program
readme_program() {
	awk '/^```c$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$TOP/README.md"
}
