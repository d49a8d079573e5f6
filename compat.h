/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the kernels that procsrv is built for, 6.1 and later.
 * The only file that checks the version.
 */
#ifndef PROCSRV_COMPAT_H
#define PROCSRV_COMPAT_H

#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/module.h>
#include <linux/version.h>

/* The namespace of exported symbols became a string in 6.13. */
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
#define EXPORT_SYMBOL_PROCSRV(sym) EXPORT_SYMBOL_NS_GPL(sym, "PROCSRV")
#define PROCSRV_IMPORT() MODULE_IMPORT_NS("PROCSRV")
#else
#define EXPORT_SYMBOL_PROCSRV(sym) EXPORT_SYMBOL_NS_GPL(sym, PROCSRV)
#define PROCSRV_IMPORT() MODULE_IMPORT_NS(PROCSRV)
#endif

/* __assign_str() found its source by itself from 6.10 on. */
#if KERNEL_VERSION(6, 10, 0) <= LINUX_VERSION_CODE
#define procsrv_assign_str(dst, ...) __assign_str(dst)
#else
#define procsrv_assign_str(dst, src) __assign_str(dst, src)
#endif

/* From 6.13 on the function of a timer is passed to its set-up. */
#if KERNEL_VERSION(6, 13, 0) <= LINUX_VERSION_CODE
#define procsrv_hrtimer_setup(timer, fn, clock, mode) \
	hrtimer_setup(timer, fn, clock, mode)
#else
#define procsrv_hrtimer_setup(timer, fn, clock, mode)	\
	do {						\
		hrtimer_init(timer, clock, mode);	\
		(timer)->function = fn;			\
	} while (0)
#endif

/*
 * Commands of io_uring that wait can be cancelled from 6.7 on, and have a
 * header of their own from 6.8 on.
 */
#if defined(CONFIG_IO_URING) && KERNEL_VERSION(6, 8, 0) <= LINUX_VERSION_CODE
#define PROCSRV_URING

/* The second result was removed in 6.18. */
#if KERNEL_VERSION(6, 18, 0) <= LINUX_VERSION_CODE
#define procsrv_uring_done(cmd, ret, flags) io_uring_cmd_done(cmd, ret, flags)
#else
#define procsrv_uring_done(cmd, ret, flags) \
	io_uring_cmd_done(cmd, ret, 0, flags)
#endif

/* Task work gets the request and not the command from 6.19 on. */
#if KERNEL_VERSION(6, 19, 0) <= LINUX_VERSION_CODE
#define PROCSRV_URING_TASK_WORK(name, fn)				\
	static void name(struct io_tw_req req, io_tw_token_t tw)	\
	{								\
		fn(io_uring_cmd_from_tw(req),				\
		   IO_URING_CMD_TASK_WORK_ISSUE_FLAGS);			\
	}								\
	static_assert(true)
#else
#define PROCSRV_URING_TASK_WORK(name, fn)				\
	static void name(struct io_uring_cmd *cmd, unsigned int flags)	\
	{								\
		fn(cmd, flags);						\
	}								\
	static_assert(true)
#endif
#endif /* PROCSRV_URING */

/* The device that the devnode callback gets was not constant before 6.2. */
#if KERNEL_VERSION(6, 2, 0) <= LINUX_VERSION_CODE
#define procsrv_devnode_device const struct device
#else
#define procsrv_devnode_device struct device
#endif

/* Interrupts of the local timer of this processor; an array of counts from 7.2 on. */
#if !defined(CONFIG_X86_LOCAL_APIC)
#define procsrv_timer_interrupts() 0
#elif KERNEL_VERSION(7, 2, 0) <= LINUX_VERSION_CODE
#define procsrv_timer_interrupts() raw_cpu_read(irq_stat.counts[IRQ_COUNT_APIC_TIMER])
#else
#define procsrv_timer_interrupts() raw_cpu_read(irq_stat.apic_timer_irqs)
#endif

/* A class has no owner from 6.4 on. */
#if KERNEL_VERSION(6, 4, 0) <= LINUX_VERSION_CODE
#define procsrv_class_create(name) class_create(name)
#else
#define procsrv_class_create(name) class_create(THIS_MODULE, name)
#endif

/*
 * Not to be zeroed beforehand: for buffers that are read only as far as they
 * were written. Not for structures that are copied out: a field that is forgotten
 * would be old memory of the stack; unless a test looks at every byte.
 */
#if __has_attribute(uninitialized)
#define procsrv_uninitialized __attribute__((uninitialized))
#else
#define procsrv_uninitialized
#endif

#endif /* PROCSRV_COMPAT_H */
