// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions and process groups
 */
#include "compat.h"
#include "internal.h"

static bool leads_session(const struct procsrv_process *p)
{
	const struct procsrv_session *session = procsrv_session_of(p);

	return session && procsrv_is_leader(&session->leader, p);
}

/* Does @p lead a group with others in it, whether or not it is still there? */
static bool leads_others(const struct procsrv_process *p)
{
	bool alone = p->group && procsrv_is_leader(&p->group->leader, p) &&
		     p->group->nr_members == 1;

	return p->nr_groups_led > alone;
}

static int check_new_session(struct procsrv *ps,
			     const struct procsrv_process *p)
{
	if (p == ps->init || leads_session(p))
		return -EPERM;
	/* Linux asks whether there is such a group, whatever its members. */
	if (ps->posix_ids ? !!procsrv_find_group(ps, p->pid) : leads_others(p))
		return -EPERM;
	return 0;
}

/* These may pause: nothing is inserted yet. */
static void find_free_ids(struct procsrv_change *c)
{
	if (procsrv_of(c)->posix_ids)
		return;
	procsrv_find_free_sid(c);
	procsrv_find_free_pgid(c);
}

static void begin_group(struct procsrv_change *c, struct procsrv_group *group,
			struct procsrv_session *session,
			struct procsrv_process *leader)
{
	struct procsrv *ps = procsrv_of(c);

	group->pgid = ps->posix_ids ? leader->pid : ps->next_pgid++;
	group->session = session;
	procsrv_insert_group(c, group, leader);
}

static void begin_session(struct procsrv_change *c,
			  struct procsrv_session *session,
			  struct procsrv_process *leader)
{
	struct procsrv *ps = procsrv_of(c);

	session->sid = ps->posix_ids ? leader->pid : ps->next_sid++;
	session->leader = procsrv_as_leader(leader);
	session->uid = leader->uid;
	session->gid = leader->gid;
	procsrv_insert_session(c, session);
}

static void move(struct procsrv_change *c, struct procsrv_process *p,
		 struct procsrv_group *group, enum procsrv_event_kind kind)
{
	u32 old = procsrv_pgid(p);

	procsrv_edit_begin(c, p);
	procsrv_move(c, p, group);
	procsrv_record_event(c, p, kind);
	procsrv_edit_end(c, p);
	/* It may satisfy waits for the new group; those for the old may end. */
	if (p->report != PROCSRV_REPORT_NONE)
		procsrv_queue_offer(c, p);
	procsrv_queue_bereaved(c, p->parent, old);
}

/**
 * procsrv_create_session() - create a session, and a process group in it
 * @ps: the server
 * @leader: the process that is to lead both, and leaves its old ones
 * @sid: where to store the session's id
 * @pgid: where to store the group's id
 *
 * After setsid(2), but unless the server has POSIX ids, a process that leads a group
 * of which it is the only member may create a session.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or it is a zombie; -EPERM if
 * it leads a session, or a group with other members, or is init, or the caller
 * may not act on it; -ENOMEM; -EINTR if the caller is killed.
 */
int procsrv_create_session(struct procsrv *ps, u64 leader, u32 *sid, u32 *pgid)
{
	struct procsrv_session *session = procsrv_session_new();
	struct procsrv_group *group = procsrv_group_new();
	struct procsrv_change *c;
	struct procsrv_process *p;
	int err = -ENOMEM;

	if (!group || !session)
		goto out;
	c = procsrv_change_begin(ps);
	err = -EINTR;
	if (!c)
		goto out;
	err = procsrv_find_to_act(c, leader, &p) ?: check_new_session(ps, p);
	if (!err) {
		find_free_ids(c);
		begin_session(c, session, p);
		begin_group(c, group, session, p);
		*sid = session->sid;
		*pgid = group->pgid;
		move(c, p, group, PROCSRV_EVENT_SESSION);
		session = NULL;
		group = NULL;
	}
	procsrv_change_commit(c);
out:
	procsrv_session_free(session);
	procsrv_group_free(group);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_create_session);

/*
 * May @caller move @p to another group? The checks are in the order of
 * setpgid(2), so that the same error is returned if several apply.
 */
static int check_mover(struct procsrv_change *c, u64 caller,
		       const struct procsrv_process *p)
{
	struct procsrv_process *by = procsrv_find_live(procsrv_of(c), caller);

	if (!p || (caller && !by))
		return -ESRCH;
	if (!procsrv_may_act(&c->caller, p) ||
	    (by && !procsrv_may_act(&c->caller, by)))
		return -EPERM;
	if (by && p->parent == by) {
		if (procsrv_session_of(p) != procsrv_session_of(by))
			return -EPERM;
		if (p->execed)
			return -EACCES;
	} else if (by && p != by) {
		return -ESRCH;
	}
	if (p == procsrv_of(c)->init || leads_session(p))
		return -EPERM;
	return 0;
}

/* May @caller make @p the leader of a new group in session @sid? */
static int check_new_group(struct procsrv_change *c, u64 caller,
			   const struct procsrv_process *p, u32 sid)
{
	int err = check_mover(c, caller, p);

	if (err)
		return err;
	if (sid && !procsrv_find_session(procsrv_of(c), sid))
		return -ESRCH;
	return sid == procsrv_sid(p) ? 0 : -EPERM;
}

/*
 * Makes @p the leader of *@group, which is new; or a member of the group that it
 * would lead, if that exists.
 */
static void lead_group(struct procsrv_change *c, struct procsrv_process *p,
		       struct procsrv_group **group)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_group *there = NULL;

	if (ps->posix_ids)
		there = procsrv_find_group(ps, p->pid);
	else
		procsrv_find_free_pgid(c);
	if (!there) {
		there = *group;
		*group = NULL;
		begin_group(c, there, procsrv_session_of(p), p);
	}
	if (there != p->group)
		move(c, p, there, PROCSRV_EVENT_GROUP);
}

/* With POSIX ids 0 is the caller. */
static u64 pid_or_caller(const struct procsrv *ps, u64 pid, u64 caller)
{
	return !pid && ps->posix_ids ? caller : pid;
}

/**
 * procsrv_create_group() - create a process group
 * @ps: the server
 * @caller: pid of the process that does it, or 0 for one outside the server
 * @leader: the process that is to lead it, and leaves its old one; with POSIX ids it
 *	may be 0 for @caller
 * @sid: the session it is in, or 0 for none
 * @pgid: where to store the group's id
 *
 * After setpgid(2) with two equal arguments, and VeridianOS. With POSIX ids the
 * process moves to the group that has its pid, if that exists.
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process, session or caller, or the
 * process is neither the caller nor its child; -EPERM if the process is not
 * in the session, or leads it, or is init, or a child in another session than
 * the caller, or the calling task may not act on one of the two; -EACCES if it
 * is a child and has called exec; -ENOMEM; -EINTR if the caller is killed.
 */
int procsrv_create_group(struct procsrv *ps, u64 caller, u64 leader, u32 sid,
			 u32 *pgid)
{
	struct procsrv_group *group = procsrv_group_new();
	struct procsrv_change *c;
	struct procsrv_process *p;
	int err = -EINTR;

	if (!group)
		return -ENOMEM;
	c = procsrv_change_begin(ps);
	if (!c)
		goto out;
	p = procsrv_find(ps, pid_or_caller(ps, leader, caller));
	err = check_new_group(c, caller, p, sid);
	if (!err) {
		lead_group(c, p, &group);
		*pgid = p->group->pgid;
	}
	procsrv_change_commit(c);
out:
	procsrv_group_free(group);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_create_group);

static int set_group(struct procsrv_change *c, u64 caller,
		     struct procsrv_process *p, u32 pgid,
		     struct procsrv_group **spare)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_group *group;
	int err = check_mover(c, caller, p);

	if (err)
		return err;
	if (ps->posix_ids && (!pgid || pgid == p->pid)) {
		lead_group(c, p, spare);
		return 0;
	}
	group = procsrv_find_group(ps, pgid);
	if (!group || group->session != procsrv_session_of(p))
		return -EPERM;
	if (group != p->group)
		move(c, p, group, PROCSRV_EVENT_GROUP);
	return 0;
}

/**
 * procsrv_set_group() - move a process to a process group
 * @ps: the server
 * @caller: pid of the process that does it, or 0 for one outside the server
 * @pid: the process; with POSIX ids it may be 0 for @caller
 * @pgid: the group; with POSIX ids the pid of the process, or 0 for that, creates
 *	it unless it exists
 *
 * After setpgid(2).
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such process or caller, or the process is
 * neither the caller nor its child; -EPERM if there is no such group in the
 * session of the process, or the process leads that, or is init, or a child
 * in another session than the caller, or the calling task may not act on one of
 * the two; -EACCES if it is a child and has called exec; -ENOMEM; -EINTR if the
 * caller is killed.
 */
int procsrv_set_group(struct procsrv *ps, u64 caller, u64 pid, u32 pgid)
{
	struct procsrv_group *spare = NULL;
	struct procsrv_change *c;
	int err;

	if (ps->posix_ids) {
		spare = procsrv_group_new();
		if (!spare)
			return -ENOMEM;
	}
	c = procsrv_change_begin(ps);
	err = -EINTR;
	if (c) {
		pid = pid_or_caller(ps, pid, caller);
		err = set_group(c, caller, procsrv_find(ps, pid), pgid, &spare);
		procsrv_change_commit(c);
	}
	procsrv_group_free(spare);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_group);

/* Returns the old one. All members show the terminal, hence the edit. */
static struct procsrv_text *exchange_terminal(struct procsrv_change *c,
					      struct procsrv_session *session,
					      struct procsrv_text *name)
{
	struct procsrv_text *old = session->terminal;
	/* The leader cannot leave the session, but may have been reaped. */
	struct procsrv_process *leader = procsrv_find_leader(procsrv_of(c),
							     &session->leader);
	bool is_reused = !leader &&
			 procsrv_find(procsrv_of(c), session->leader.pid);

	procsrv_edit_all_begin(c);
	WRITE_ONCE(session->terminal, procsrv_text_get(name));
	if (!name)
		session->foreground = 0;
	procsrv_record_event(c, leader, PROCSRV_EVENT_TERMINAL,
			     .pid = is_reused ? 0 : session->leader.pid,
			     .sid = session->sid, .detail = !!name);
	procsrv_edit_all_end(c);
	return old;
}

/**
 * procsrv_set_terminal() - set or remove the terminal of a session
 * @ps: the server
 * @sid: the session
 * @name: its name, of which a reference is taken, or NULL for none
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such session; -EPERM if the caller may not
 * act on it; -EINTR if the caller is killed.
 */
int procsrv_set_terminal(struct procsrv *ps, u32 sid, struct procsrv_text *name)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	struct procsrv_session *session;
	struct procsrv_text *old = NULL;
	int err = 0;

	if (!c)
		return -EINTR;
	session = procsrv_find_session(ps, sid);
	if (!session)
		err = -ESRCH;
	else if (!procsrv_may_act_on_session(&c->caller, session))
		err = -EPERM;
	else
		old = exchange_terminal(c, session, name);
	procsrv_change_commit(c);
	procsrv_text_put(old);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_terminal);

static int set_foreground(struct procsrv_change *c, u32 sid, u32 pgid)
{
	struct procsrv *ps = procsrv_of(c);
	struct procsrv_session *session = procsrv_find_session(ps, sid);
	struct procsrv_group *group = procsrv_find_group(ps, pgid);
	struct procsrv_process *leader;

	if (!session)
		return -ESRCH;
	if (!procsrv_may_act_on_session(&c->caller, session))
		return -EPERM;
	/* Linux takes the terminal away when the leader exits. */
	leader = procsrv_find_leader(ps, &session->leader);
	if (!session->terminal || !leader || procsrv_is_zombie(leader))
		return -ENOTTY;
	if (pgid && !group)
		return -ESRCH;
	if (pgid && group->session != session)
		return -EPERM;
	session->foreground = pgid;
	leader->modes |= PROCSRV_MODE_FOREGROUND;
	return 0;
}

/**
 * procsrv_set_foreground() - set the foreground group of a terminal
 * @ps: the server
 * @sid: the session that it is the terminal of
 * @pgid: a group in the session, or 0 for none
 *
 * After tcsetpgrp(3).
 *
 * Context: may sleep.
 * Return: 0; -ESRCH if there is no such session or group; -EPERM if the group is not
 * in the session, or the caller may not act on that; -ENOTTY if the session has no
 * terminal, or its leader has exited; -EINTR if the caller is killed.
 */
int procsrv_set_foreground(struct procsrv *ps, u32 sid, u32 pgid)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	int err;

	if (!c)
		return -EINTR;
	err = set_foreground(c, sid, pgid);
	procsrv_change_commit(c);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_set_foreground);

/**
 * procsrv_get_session() - get information about a session
 * @ps: the server
 * @sid: the session
 * @info: where to store it
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
		info->leader = session->leader.pid;
		info->terminal = procsrv_text_get(session->terminal);
		info->nr_members = session->nr_members;
		info->nr_groups = session->nr_groups;
		info->foreground = session->foreground;
		err = 0;
	}
	read_unlock(&ps->lock);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_session);

/**
 * procsrv_get_group() - get information about a process group
 * @ps: the server
 * @pgid: the group
 * @info: where to store it
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
		info->leader = group->leader.pid;
		info->sid = group->session ? group->session->sid : 0;
		info->nr_members = group->nr_members;
		err = 0;
	}
	read_unlock(&ps->lock);
	return err;
}
EXPORT_SYMBOL_PROCSRV(procsrv_get_group);

/**
 * procsrv_group_is_orphaned() - find out whether a process group is orphaned
 * @ps: the server
 * @pgid: the group
 *
 * After POSIX, where SIGTSTP, SIGTTIN and SIGTTOU do nothing by default to a process in such
 * a group. Looks at each member until one has a parent in another group of its session.
 *
 * Context: may sleep.
 * Return: 1 if it is, 0 if not; -ESRCH if there is no such group; -EINTR if the caller is
 * killed.
 */
int procsrv_group_is_orphaned(struct procsrv *ps, u32 pgid)
{
	struct procsrv_change *c = procsrv_change_begin(ps);
	struct procsrv_group *group;
	int ret;

	if (!c)
		return -EINTR;
	group = procsrv_find_group(ps, pgid);
	ret = group ? procsrv_is_orphaned(c, group) : -ESRCH;
	procsrv_change_commit(c);
	return ret;
}
EXPORT_SYMBOL_PROCSRV(procsrv_group_is_orphaned);
