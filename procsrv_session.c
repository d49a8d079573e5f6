// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions and process groups
 */
#include <linux/sched.h>

#include "compat.h"
#include "procsrv_tables.h"

static bool leads_session(const struct procsrv_process *p)
{
	return p->session && p->session->leader == p->pid;
}

/* Does @p lead a group with others in it, whether or not it is still there? */
static bool leads_others(const struct procsrv_process *p)
{
	bool alone = p->group && p->group->leader == p->pid &&
		     p->group->nr_members == 1;

	return p->nr_led > alone;
}

/* May @p begin a session? -EAGAIN: the next ids are in use, try again. */
static int check_new_session(struct procsrv *ps, struct procsrv_process *p)
{
	lockdep_assert_held_write(&ps->lock);
	if (!p)
		return -ESRCH;
	if (!procsrv_may_act(ps, p))
		return -EPERM;
	if (p == ps->init || leads_session(p) || leads_others(p))
		return -EPERM;
	if (!procsrv_find_free_sid(ps) || !procsrv_find_free_pgid(ps))
		return -EAGAIN;
	return 0;
}

static void begin_group(struct procsrv *ps, struct procsrv_group *group,
			struct procsrv_session *session,
			struct procsrv_process *leader)
{
	group->pgid = ps->next_pgid++;
	group->session = session;
	procsrv_insert_group(ps, group, leader);
}

/* Moves @p, tells of it as @kind; after this @p may be in no table. */
static void move(struct procsrv *ps, struct procsrv_process *p,
		 struct procsrv_group *group, enum procsrv_event_kind kind,
		 struct procsrv_vacated *v)
{
	u32 old = procsrv_pgid(p);

	procsrv_change_begin(ps, p);
	procsrv_move(ps, p, group->session, group, v);
	procsrv_tell(ps, p, (struct procsrv_event) { .kind = kind });
	procsrv_change_end(ps, p);
	/* Who waits for the children of one group has lost one, or got one. */
	procsrv_end_vain_child_waits(ps, p->parent, old);
	procsrv_offer_report(ps, p);
}

/* One attempt; @spare has the new session and group, then the old ones. */
static int try_create_session(struct procsrv *ps, u64 leader,
			      struct procsrv_vacated *spare, u32 *sid,
			      u32 *pgid)
{
	struct procsrv_vacated vacated = {};
	struct procsrv_session *session = spare->session;
	struct procsrv_process *p;
	int err;

	write_lock(&ps->lock);
	p = procsrv_find_live(ps, leader);
	err = check_new_session(ps, p);
	if (!err) {
		session->sid = ps->next_sid++;
		session->leader = leader;
		session->uid = p->uid;
		session->gid = p->gid;
		procsrv_insert_session(ps, session);
		begin_group(ps, spare->group, session, p);
		*sid = session->sid;
		*pgid = spare->group->pgid;
		move(ps, p, spare->group, PROCSRV_EVENT_SESSION, &vacated);
		*spare = vacated;
	}
	procsrv_write_unlock(ps);
	return err;
}

/**
 * procsrv_create_session() - begin a session, and a process group in it
 * @ps: the server
 * @leader: the process that leaves its old ones to lead them
 * @sid: where to store the session's id
 * @pgid: where to store the group's id
 *
 * After setsid(2), but a process that leads a group of which it is the only
 * member may begin a session.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * it leads a session, or a group with other members, or is init, or the caller
 * may not act on it; -ENOMEM.
 */
int procsrv_create_session(struct procsrv *ps, u64 leader, u32 *sid, u32 *pgid)
{
	struct procsrv_vacated spare = {
		.group = procsrv_group_new(),
		.session = procsrv_session_new(),
	};
	int err = -ENOMEM;

	if (spare.group && spare.session) {
		while ((err = try_create_session(ps, leader, &spare, sid,
						 pgid)) == -EAGAIN)
			cond_resched();
	}
	procsrv_vacated_free(&spare);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_create_session);

/*
 * May @caller move @p to another group? In the order of setpgid(2), so that
 * the same error is given where there are several to choose from.
 */
static int check_mover(struct procsrv *ps, u64 caller,
		       const struct procsrv_process *p)
{
	struct procsrv_process *by = procsrv_find_live(ps, caller);

	lockdep_assert_held_write(&ps->lock);
	if (!p || (caller && !by))
		return -ESRCH;
	if (!procsrv_may_act(ps, p) || (by && !procsrv_may_act(ps, by)))
		return -EPERM;
	if (by && p->parent == by) {
		if (p->session != by->session)
			return -EPERM;
		if (p->execed)
			return -EACCES;
	} else if (by && p != by) {
		return -ESRCH;
	}
	if (p == ps->init || leads_session(p))
		return -EPERM;
	return 0;
}

/*
 * May @caller make @p the leader of a new group in session @sid? -EAGAIN: the
 * next ids are in use, try again.
 */
static int check_new_group(struct procsrv *ps, u64 caller,
			   const struct procsrv_process *p, u32 sid)
{
	int err = check_mover(ps, caller, p);

	if (err)
		return err;
	if (sid && !procsrv_find_session(ps, sid))
		return -ESRCH;
	if (sid != procsrv_sid(p))
		return -EPERM;
	return procsrv_find_free_pgid(ps) ? 0 : -EAGAIN;
}

/* One attempt; @spare has the new group, then what was left behind. */
static int try_create_group(struct procsrv *ps, u64 caller, u64 leader, u32 sid,
			    struct procsrv_vacated *spare, u32 *pgid)
{
	struct procsrv_vacated vacated = {};
	struct procsrv_process *p;
	int err;

	write_lock(&ps->lock);
	p = procsrv_find(ps, leader);
	err = check_new_group(ps, caller, p, sid);
	if (!err) {
		begin_group(ps, spare->group, p->session, p);
		*pgid = spare->group->pgid;
		move(ps, p, spare->group, PROCSRV_EVENT_GROUP, &vacated);
		*spare = vacated;
	}
	procsrv_write_unlock(ps);
	return err;
}

/**
 * procsrv_create_group() - begin a process group
 * @ps: the server
 * @caller: pid on whose behalf, or 0 for the world outside
 * @leader: the process that leaves its old one to lead it
 * @sid: the session it is in, or 0 for none
 * @pgid: where to store the group's id
 *
 * After setpgid(2) with two equal arguments, and VeridianOS.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process, session or caller, or the
 * process is neither the caller nor its child; -EPERM if the process is not
 * in the session, or leads it, or is init, or a child in another session than
 * the caller, or the calling task may not act on one of the two; -EACCES if it
 * is a child and has called exec; -ENOMEM.
 */
int procsrv_create_group(struct procsrv *ps, u64 caller, u64 leader, u32 sid,
			 u32 *pgid)
{
	struct procsrv_vacated spare = { .group = procsrv_group_new() };
	int err;

	if (!spare.group)
		return -ENOMEM;
	while ((err = try_create_group(ps, caller, leader, sid, &spare,
				       pgid)) == -EAGAIN)
		cond_resched();
	procsrv_vacated_free(&spare);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_create_group);

/**
 * procsrv_set_group() - move a process to a process group
 * @ps: the server
 * @caller: pid on whose behalf, or 0 for the world outside
 * @pid: the process
 * @pgid: the group
 *
 * After setpgid(2).
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or caller, or the process is
 * neither the caller nor its child; -EPERM if there is no such group in the
 * session of the process, or the process leads that, or is init, or a child
 * in another session than the caller, or the calling task may not act on one of
 * the two; -EACCES if it is a child and has called exec.
 */
int procsrv_set_group(struct procsrv *ps, u64 caller, u64 pid, u32 pgid)
{
	struct procsrv_vacated vacated = {};
	struct procsrv_process *p;
	struct procsrv_group *group;
	int err;

	write_lock(&ps->lock);
	p = procsrv_find(ps, pid);
	err = check_mover(ps, caller, p);
	if (err)
		goto out;
	group = procsrv_find_group(ps, pgid);
	if (!group || group->session != p->session)
		err = -EPERM;
	else if (group != p->group)
		move(ps, p, group, PROCSRV_EVENT_GROUP, &vacated);
out:
	procsrv_write_unlock(ps);
	procsrv_vacated_free(&vacated);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_group);

/**
 * procsrv_set_terminal() - give a session a terminal, or take it away
 * @ps: the server
 * @sid: the session
 * @name: its name, of which a reference is taken, or NULL for none
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such session; -EPERM if the caller may not
 * act on it.
 */
int procsrv_set_terminal(struct procsrv *ps, u32 sid, struct procsrv_text *name)
{
	struct procsrv_session *session;
	struct procsrv_process *leader;
	struct procsrv_text *old;
	int err = 0;

	write_lock(&ps->lock);
	session = procsrv_find_session(ps, sid);
	if (!session)
		err = -ESRCH;
	else if (!procsrv_may_act_on_session(ps, session))
		err = -EPERM;
	if (err) {
		procsrv_write_unlock(ps);
		return err;
	}
	/* The leader cannot leave the session, but may be gone. */
	leader = procsrv_find(ps, session->leader);
	/* All its members show it. */
	procsrv_change_all_begin(ps);
	old = session->terminal;
	WRITE_ONCE(session->terminal, procsrv_text_get(name));
	procsrv_tell(ps, leader, (struct procsrv_event) {
		.kind = PROCSRV_EVENT_TERMINAL,
		.pid = session->leader,
		.sid = sid,
		.detail = !!name,
	});
	procsrv_change_all_end(ps);
	procsrv_write_unlock(ps);

	procsrv_text_put(old);
	return 0;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_terminal);

/**
 * procsrv_get_session() - look at a session
 * @ps: the server
 * @sid: the session
 * @info: where to store what there is to know
 *
 * Return: 0, and the caller drops @info->terminal; -ESRCH if there is none.
 */
int procsrv_get_session(struct procsrv *ps, u32 sid,
			struct procsrv_session_info *info)
{
	struct procsrv_session *session;
	int err = -ESRCH;

	read_lock(&ps->lock);
	session = procsrv_find_session(ps, sid);
	if (session) {
		info->leader = session->leader;
		info->terminal = procsrv_text_get(session->terminal);
		info->nr_members = session->nr_members;
		info->nr_groups = session->nr_groups;
		err = 0;
	}
	read_unlock(&ps->lock);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_session);

/**
 * procsrv_get_group() - look at a process group
 * @ps: the server
 * @pgid: the group
 * @info: where to store what there is to know
 *
 * Return: 0; -ESRCH if there is no such group.
 */
int procsrv_get_group(struct procsrv *ps, u32 pgid,
		      struct procsrv_group_info *info)
{
	struct procsrv_group *group;
	int err = -ESRCH;

	read_lock(&ps->lock);
	group = procsrv_find_group(ps, pgid);
	if (group) {
		info->leader = group->leader;
		info->sid = group->session ? group->session->sid : 0;
		info->nr_members = group->nr_members;
		err = 0;
	}
	read_unlock(&ps->lock);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_group);
