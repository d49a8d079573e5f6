# SPDX-License-Identifier: GPL-2.0-only
#
# Copies kernel messages without the races that KCSAN reports and procsrv has no part in: the
# kernel has its own. A report is between two lines of equals signs, as those of others are.
# One of these is seen below the module's functions: ns_capable() marks its task, and the scheduler
# looks at that. What is left out leaves empty lines, so that numbers of lines stay what they are.

function hold()
{
	held[++n] = $0
	if (/\[procsrv/)
		ours = 1
}

function release(show,    i)
{
	for (i = 1; i <= n; i++)
		print show ? held[i] : ""
	n = ours = race = kernels = 0
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
