/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Children, as a test expects them, to compare with the results of waits
 */
#ifndef PROCSRV_KUNIT_SHADOW_H
#define PROCSRV_KUNIT_SHADOW_H

#include "common.h"

/**
 * struct shadow_child - a child, as the test expects it
 * @pid: its pid, or 0 if the slot is free
 * @pgid: its group, or 0
 * @clone: its exit signal is not SIGCHLD
 * @zombie: it has exited
 * @stopped: it is stopped
 * @report: the report that was not consumed yet: PROCSRV_WAIT_STOPPED,
 *	PROCSRV_WAIT_CONTINUED, or 0
 */
struct shadow_child {
	u64 pid;
	u32 pgid;
	bool clone;
	bool zombie;
	bool stopped;
	u32 report;
};

void shadow_compare(struct kunit *test, struct shadow_child *children, u32 nr,
		    struct procsrv_wait *w);
void shadow_signal(struct kunit *test, struct shadow_child *c, int signo);

#endif /* PROCSRV_KUNIT_SHADOW_H */
