/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of a server: what the model does with them, and nobody else.
 *
 * All of these want the server's lock: for reading where they only look, for
 * writing otherwise.
 */
#ifndef PROCSRV_TABLES_H
#define PROCSRV_TABLES_H

#include "procsrv.h"

/* Objects, outside the lock. */
struct procsrv_process *procsrv_process_new(void);
void procsrv_process_get(struct procsrv_process *p);
void procsrv_process_put(struct procsrv_process *p);
struct procsrv_session *procsrv_session_new(void);
void procsrv_session_free(struct procsrv_session *session);
struct procsrv_group *procsrv_group_new(void);

/**
 * struct procsrv_vacated - a group and a session that lost their last member
 * @group: the group, or NULL
 * @session: the session, or NULL
 *
 * Filled under the lock, freed by procsrv_vacated_free() outside it.
 */
struct procsrv_vacated {
	struct procsrv_group *group;
	struct procsrv_session *session;
};

void procsrv_vacated_free(struct procsrv_vacated *v);

/* Look-ups. */
struct procsrv_process *procsrv_find(struct procsrv *ps, u64 pid);
struct procsrv_process *procsrv_find_live(struct procsrv *ps, u64 pid);
struct procsrv_process *procsrv_find_after(struct procsrv *ps, u64 pid);
struct procsrv_session *procsrv_find_session(struct procsrv *ps, u32 sid);
struct procsrv_group *procsrv_find_group(struct procsrv *ps, u32 pgid);
struct procsrv_process *
procsrv_session_member_after(struct procsrv_session *session, u64 pid);
struct procsrv_process *
procsrv_group_member_after(struct procsrv_group *group, u64 pid);

/* Changes. */
void procsrv_insert(struct procsrv *ps, struct procsrv_process *p);
void procsrv_remove(struct procsrv *ps, struct procsrv_process *p);
void procsrv_insert_session(struct procsrv *ps,
			    struct procsrv_session *session);
void procsrv_insert_group(struct procsrv *ps, struct procsrv_group *group,
			  struct procsrv_process *leader);
void procsrv_join(struct procsrv *ps, struct procsrv_process *p,
		  struct procsrv_session *session, struct procsrv_group *group);
void procsrv_leave(struct procsrv *ps, struct procsrv_process *p,
		   struct procsrv_vacated *v);
void procsrv_move(struct procsrv *ps, struct procsrv_process *p,
		  struct procsrv_session *session, struct procsrv_group *group,
		  struct procsrv_vacated *v);

/* States. */
enum procsrv_state procsrv_state_of(const struct procsrv_process *p);
void procsrv_set_state(struct procsrv *ps, struct procsrv_process *p,
		       enum procsrv_state state);
void procsrv_add_waiters(struct procsrv *ps, struct procsrv_process *p,
			 int change);

/* Families (procsrv_family.c). */
void procsrv_adopt(struct procsrv_process *parent, struct procsrv_process *p);
void procsrv_disown(struct procsrv_process *p);
void procsrv_give_children(struct procsrv *ps, struct procsrv_process *p,
			   struct procsrv_process *reaper);
void procsrv_set_report(struct procsrv_process *p, enum procsrv_report report);
bool procsrv_has_report(const struct procsrv_process *p, u32 reports);
u64 procsrv_lowest_child(const struct procsrv_process *parent, u32 reports);
u64 procsrv_lowest_child_in(const struct procsrv_process *parent, u32 pgid,
			    u32 reports);

/* The end of a process (procsrv_lifecycle.c). */
void procsrv_zombify(struct procsrv *ps, struct procsrv_process *p,
		     s32 exit_code, u32 exit_signal);
void procsrv_unlink(struct procsrv *ps, struct procsrv_process *p,
		    struct procsrv_vacated *v);

static inline bool procsrv_is_zombie(const struct procsrv_process *p)
{
	return p->state == PROCSRV_ZOMBIE;
}

static inline u32 procsrv_pgid(const struct procsrv_process *p)
{
	return p->group ? p->group->pgid : 0;
}

static inline u32 procsrv_sid(const struct procsrv_process *p)
{
	return p->session ? p->session->sid : 0;
}

#endif /* PROCSRV_TABLES_H */
