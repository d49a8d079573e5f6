/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * System calls that return -errno. Puppets share their memory, and the C
 * library's errno with it: two that fail at the same time could mix theirs up.
 */
#ifndef DIFFERENTIAL_SYSCALL_H
#define DIFFERENTIAL_SYSCALL_H

#include <errno.h>
#include <unistd.h>

static inline long syscall5(long number, long a, long b, long c, long d, long e)
{
#ifdef __x86_64__
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long ret;

	__asm__ volatile("syscall"
			 : "=a" (ret)
			 : "a" (number), "D" (a), "S" (b), "d" (c), "r" (r10),
			   "r" (r8)
			 : "rcx", "r11", "memory");
	return ret;
#else
	/* Other architectures: the driver commands one puppet at a time. */
	long ret = syscall(number, a, b, c, d, e);

	return ret < 0 ? -errno : ret;
#endif
}

static inline long syscall3(long number, long a, long b, long c)
{
	return syscall5(number, a, b, c, 0, 0);
}

#endif /* DIFFERENTIAL_SYSCALL_H */
