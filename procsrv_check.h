/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check of every structure of a server against every other
 */
#ifndef PROCSRV_CHECK_H
#define PROCSRV_CHECK_H

#include <linux/types.h>

#include "procsrv.h"

/**
 * struct procsrv_census - what there is, counted one by one
 * @processes: processes in the table
 * @states: by the state that they show
 * @children: processes that are in the children of some other
 * @in_session: processes that are in a session
 * @in_group: processes that are in a group
 * @sessions: sessions in the table
 * @groups: groups in the table
 * @orphans: processes that are on the orphan list by their own word
 * @tied: processes that are tied to somebody by their own word
 * @waiters: those who sleep for something
 * @watchers: readers that are told what happens below some process
 * @handles: handles of processes in the table
 */
struct procsrv_census {
	u64 processes;
	u64 states[PROCSRV_DEAD];
	u64 children;
	u64 in_session;
	u64 in_group;
	u64 sessions;
	u64 groups;
	u64 orphans;
	u64 tied;
	u64 waiters;
	u64 watchers;
	u64 handles;
};

/**
 * struct procsrv_verdict - what a check has found
 * @faults: how many
 * @first: the first of them, in words
 * @broken: one is a link that leads elsewhere: what follows was not looked at
 * @census: what there is
 */
struct procsrv_verdict {
	u32 faults;
	char first[160];
	bool broken;
	struct procsrv_census census;
};

u32 procsrv_check(struct procsrv *ps, struct procsrv_verdict *v);
u32 procsrv_check_owner(struct procsrv *ps, const struct procsrv_owner *owner,
			struct procsrv_verdict *v);

/*
 * What its parts share
 */

__printf(2, 3)
void procsrv_fault(struct procsrv_verdict *v, const char *fmt, ...);
u64 procsrv_check_tree(struct procsrv_verdict *v, const struct rb_root *root);
u64 procsrv_check_list(struct procsrv_verdict *v, const struct list_head *head);
bool procsrv_is_in(const struct rb_node *n, const struct rb_root *root);
bool procsrv_is_in_table(struct procsrv *ps, const struct procsrv_process *p);

/* What is said of a fault is put together only if it is one. */
#define require(v, ok, ...)				\
	do {						\
		if (unlikely(!(ok)))			\
			procsrv_fault(v, __VA_ARGS__);	\
	} while (0)

/* A link that is wrong: who follows it may never come back. */
#define require_link(v, ok, ...)			\
	do {						\
		if (unlikely(!(ok))) {			\
			procsrv_fault(v, __VA_ARGS__);	\
			(v)->broken = true;		\
		}					\
	} while (0)

/* procsrv_check_family.c */
void procsrv_check_family(struct procsrv_verdict *v, struct procsrv *ps,
			  const struct procsrv_process *p);
void procsrv_check_waiters(struct procsrv_verdict *v,
			    const struct procsrv_process *p);

#endif /* PROCSRV_CHECK_H */
