# SPDX-License-Identifier: GPL-2.0-only
#
# Copies kernel messages without the races that KCSAN reports and procsrv has no part in: the
# kernel has its own. A report is between two lines of equals signs, as those of others are.
# Some of these are seen with the module's functions: ns_capable() marks its task, and the
# scheduler looks at that; and interrupts, the stack of which goes on with what they have
# interrupted. What is left out leaves empty lines, so that numbers of lines stay what they are.

function hold()
{
	held[++n] = $0
	if (/ (to|of) 0x[0-9a-f]+ of [0-9]+ bytes? by /)
		interrupted = 0
	if (/ asm_(sysvec|common_interrupt|exc)/)
		interrupted = 1
	if (/\[procsrv/ && !interrupted)
		ours = 1
}

function release(show,    i)
{
	for (i = 1; i <= n; i++)
		print show ? held[i] : ""
	n = ours = race = kernels = interrupted = 0
}

/====================/ {
	if (!race)
		release(1)
	hold()
	if (race)
		release(ours && !kernels)
	next
}

n == 1 {
	race = /BUG: KCSAN: /
	kernels = / ns_capable(_noaudit)?( |$)/
}

n {
	hold()
	if (!race)
		release(1)
	next
}

{
	print
}

END {
	release(ours || !race)
}
