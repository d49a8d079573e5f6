/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The check of all structures of a server against each other
 */
#ifndef PROCSRV_CHECK_H
#define PROCSRV_CHECK_H

#include <linux/types.h>

#include "procsrv.h"

/**
 * struct procsrv_census - the objects of a server, counted one by one
 * @processes: processes in the table
 * @states: by the state that they show
 * @children: processes that are in the children of another
 * @in_session: processes that are in a session
 * @in_group: processes that are in a group
 * @sessions: sessions in the table
 * @groups: groups in the table
 * @orphans: zombies with a linked &procsrv_process.link
 * @tied: other processes with a linked &procsrv_process.link
 * @waiters: waiters at processes
 * @watchers: readers that follow a subtree
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
 * struct procsrv_verdict - the result of a check
 * @faults: number of faults
 * @first: a description of the first of them
 * @broken: a link is wrong, so the rest was not checked
 * @census: the objects that were found
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

/* The arguments are evaluated only if there is a fault. */
#define require(v, ok, ...)				\
	do {						\
		if (unlikely(!(ok)))			\
			procsrv_fault(v, __VA_ARGS__);	\
	} while (0)

/* For links: after a fault no link is followed, as a walk might not end. */
#define require_link(v, ok, ...)			\
	do {						\
		if (unlikely(!(ok))) {			\
			procsrv_fault(v, __VA_ARGS__);	\
			(v)->broken = true;		\
		}					\
	} while (0)

/* debug/check_family.c */
void procsrv_check_family(struct procsrv_verdict *v, struct procsrv *ps,
			  const struct procsrv_process *p);
void procsrv_check_waiters(struct procsrv_verdict *v,
			   const struct procsrv_process *p);

#endif /* PROCSRV_CHECK_H */
