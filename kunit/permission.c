// SPDX-License-Identifier: GPL-2.0-only
/*
 * Permissions: every operation, by every kind of caller
 *
 * The callers are this thread with other credentials. The user namespace is a
 * fake, which only the functions under test see.
 */
#include <linux/capability.h>
#include <linux/completion.h>
#include <linux/cred.h>
#include <linux/kthread.h>
#include <linux/user_namespace.h>

#include "common.h"

enum {
	OTHER_UID = 3000,
	OTHER_GID = 4000,

	/* The first id of the fake namespace. */
	MAPPED_FIRST = 100000,
	MAPPED_COUNT = 1000,
};

/**
 * struct scene - the target of an operation, created by root
 * @ps: the server
 * @image: for operations that need one
 * @pid: a process
 * @child: a child of it, a zombie
 * @sid: its session
 * @pgid: its group
 */
struct scene {
	struct procsrv *ps;
	struct procsrv_image *image;
	u64 pid;
	u64 child;
	u32 sid;
	u32 pgid;
};

/* A process in a session of its own, with a child that has exited. */
static void set_scene(struct kunit *test, struct scene *s, u32 uid, u32 gid)
{
	s->ps = server(test);
	s->image = make_image("image");
	KUNIT_ASSERT_NOT_NULL(test, s->image);
	s->pid = make_owned(test, PROCSRV_INIT_PID, uid, gid);
	KUNIT_ASSERT_EQ(test, procsrv_create_session(s->ps, s->pid, &s->sid,
						     &s->pgid), 0);
	s->child = make_owned(test, s->pid, uid, gid);
	end_process(test, s->child);
}

static void clear_scene(struct kunit *test, struct scene *s)
{
	u32 count;

	/* The processes that the operation has created are killed, too. */
	procsrv_signal(s->ps, 0, PROCSRV_TARGET_ALL, 0, PROCSRV_SIGKILL,
		       &count);
	procsrv_reap(s->ps);
	procsrv_image_put(s->image);
}

static int try_adopt(struct scene *s)
{
	const struct procsrv_create_params params = {
		.parent = s->pid,
		.image = s->image,
		.uid = current_euid(),
		.gid = current_egid(),
	};
	u64 pid;

	return procsrv_create(s->ps, &params, &pid);
}

static int try_exec(struct scene *s)
{
	return procsrv_exec(s->ps, s->pid, s->image);
}

static int try_terminate(struct scene *s)
{
	return procsrv_terminate(s->ps, s->pid, 0, 0);
}

static int try_wait(struct scene *s)
{
	struct procsrv_wait w = {
		.parent = s->pid,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG,
	};

	return procsrv_wait(s->ps, &w);
}

static int signal_from(struct scene *s, u64 sender, enum procsrv_target target,
		       u64 id, int signo)
{
	u32 count;

	return procsrv_signal(s->ps, sender, target, id, signo, &count);
}

static int try_check(struct scene *s)
{
	return signal_from(s, 0, PROCSRV_TARGET_PID, s->pid, 0);
}

static int try_kill(struct scene *s)
{
	return signal_from(s, 0, PROCSRV_TARGET_PID, s->pid, PROCSRV_SIGKILL);
}

static int try_stop_group(struct scene *s)
{
	return signal_from(s, 0, PROCSRV_TARGET_PGID, s->pgid, PROCSRV_SIGSTOP);
}

static int try_signal_session(struct scene *s)
{
	return signal_from(s, 0, PROCSRV_TARGET_SID, s->sid, 10);
}

static int try_signal_tree(struct scene *s)
{
	return signal_from(s, 0, PROCSRV_TARGET_TREE, s->pid, PROCSRV_SIGTERM);
}

static int try_signal_all(struct scene *s)
{
	return signal_from(s, 0, PROCSRV_TARGET_ALL, 0, 12);
}

static int try_hang_up(struct scene *s)
{
	u32 count;

	return procsrv_hang_up(s->ps, s->sid, &count);
}

static int try_take(struct scene *s)
{
	struct procsrv_take take = {
		.pid = s->pid,
		.mask = U64_MAX,
		.flags = PROCSRV_TAKE_NOHANG,
	};
	int err = procsrv_take_signal(s->ps, &take);

	return err == -EAGAIN ? 0 : err;
}

static int try_update(struct scene *s)
{
	const struct procsrv_update u = {
		.mask = PROCSRV_UPDATE_CPU_TIME,
		.cpu_time = 1,
	};

	return procsrv_update(s->ps, s->pid, &u);
}

static int try_raise(struct scene *s)
{
	struct procsrv_limits limits = procsrv_default_limits;

	limits.max_files++;
	return procsrv_set_limits(s->ps, s->pid, &limits);
}

static int try_raise_nice(struct scene *s)
{
	struct procsrv_limits limits = procsrv_default_limits;

	limits.nice--;
	return procsrv_set_limits(s->ps, s->pid, &limits);
}

static int try_lower(struct scene *s)
{
	struct procsrv_limits limits = procsrv_default_limits;

	limits.max_memory--;
	limits.flags = PROCSRV_LIMITS_ENFORCE;
	return procsrv_set_limits(s->ps, s->pid, &limits);
}

static int try_session(struct scene *s)
{
	u32 sid, pgid;
	int err = procsrv_create_session(s->ps, s->child, &sid, &pgid);

	/* The child is a zombie, which any caller may find out. */
	return err == -ESRCH ? 0 : err;
}

static int try_group(struct scene *s)
{
	u32 pgid;

	return procsrv_create_group(s->ps, 0, s->child, s->sid, &pgid);
}

static int try_join(struct scene *s)
{
	return procsrv_set_group(s->ps, 0, s->child, s->pgid);
}

static int try_terminal(struct scene *s)
{
	return procsrv_set_terminal(s->ps, s->sid, NULL);
}

static int try_revoke(struct scene *s)
{
	return procsrv_revoke(s->ps, s->pid, 1);
}

static int try_reaper(struct scene *s)
{
	return procsrv_set_reaper(s->ps, s->pid, true);
}

/* Whether a look-up and a listing both show the lists, or both hide them. */
static int try_see(struct scene *s)
{
	struct procsrv_info listed = {};
	struct procsrv_details d;
	int err = 0;

	if (procsrv_get_info(s->ps, s->pid, &d))
		return -ESRCH;
	if (procsrv_list(s->ps, PROCSRV_LIST_ALL, 0, s->pid - 1, &listed, 1,
			 NULL) != 1 || listed.flags != d.info.flags ||
	    listed.argv_len != d.info.argv_len)
		err = -EIO;
	else if (d.info.flags & PROCSRV_INFO_HIDDEN)
		err = d.info.argv_len || d.info.envp_len || d.image ? -EIO :
								     -EPERM;
	else if (d.info.argv_len != 4 || d.info.envp_len != 4)
		err = -EIO;
	procsrv_put_info(&d);
	return err;
}

static const struct {
	const char *name;
	int (*try)(struct scene *s);
	int cap;
} operations[] = {
	{ "create", try_adopt, CAP_SYS_ADMIN },
	{ "exec", try_exec, CAP_SYS_ADMIN },
	{ "terminate", try_terminate, CAP_KILL },
	{ "wait", try_wait, CAP_SYS_ADMIN },
	{ "signal 0", try_check, CAP_KILL },
	{ "signal 9", try_kill, CAP_KILL },
	{ "signal to a group", try_stop_group, CAP_KILL },
	{ "signal to a session", try_signal_session, CAP_KILL },
	{ "signal to a tree", try_signal_tree, CAP_KILL },
	{ "signal to all", try_signal_all, CAP_KILL },
	{ "hang up", try_hang_up, CAP_KILL },
	{ "take signal", try_take, CAP_SYS_ADMIN },
	{ "update", try_update, CAP_SYS_ADMIN },
	{ "raise a limit", try_raise, CAP_SYS_RESOURCE },
	{ "lower nice", try_raise_nice, CAP_SYS_RESOURCE },
	{ "lower a limit", try_lower, CAP_SYS_ADMIN },
	{ "create group", try_group, CAP_SYS_ADMIN },
	{ "set group", try_join, CAP_SYS_ADMIN },
	{ "set terminal", try_terminal, CAP_SYS_ADMIN },
	{ "revoke", try_revoke, CAP_SYS_ADMIN },
	{ "set reaper", try_reaper, CAP_SYS_ADMIN },
	{ "see the lists", try_see, CAP_SYS_PTRACE },
};

/* Tries an operation on a process with these ids; refusals change nothing. */
static void expect_one(struct kunit *test, int i, const struct caller *c,
		       u32 uid, u32 gid, bool allowed)
{
	struct procsrv_stats before, after;
	struct scene s;
	struct role r;
	u64 events;
	int err;

	set_scene(test, &s, uid, gid);
	before = stats_of(test);
	events = atomic64_read(&s.ps->events);
	begin_role(test, &r, c);
	err = operations[i].try(&s);
	end_role(&r);
	KUNIT_EXPECT_EQ_MSG(test, err, allowed ? 0 : -EPERM,
			    "%s by %u with capability %d to %u",
			    operations[i].name, c->uid, c->cap, uid);
	after = stats_of(test);
	if (!allowed) {
		KUNIT_EXPECT_EQ(test, memcmp(&before, &after, sizeof(after)), 0);
		KUNIT_EXPECT_EQ(test, atomic64_read(&s.ps->events), events);
	}
	clear_scene(test, &s);
}

static void owner_needs_nothing(struct kunit *test)
{
	const struct caller c = { TEST_UID, OTHER_GID, NO_CAP };
	int i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		expect_one(test, i, &c, TEST_UID, TEST_GID, true);
}

/* Each capability alone: one is sufficient, and no other. */
static void others_need_one_capability(struct kunit *test)
{
	int i, cap;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		for (cap = NO_CAP; cap <= CAP_LAST_CAP; cap++) {
			const struct caller c = { OTHER_UID, TEST_GID, cap };

			expect_one(test, i, &c, TEST_UID, TEST_GID,
				   cap == operations[i].cap);
		}
}

/* Without capabilities user id 0 has no privileges. */
static void root_is_no_capability(struct kunit *test)
{
	const struct caller c = { 0, 0, NO_CAP };
	int i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		expect_one(test, i, &c, TEST_UID, TEST_GID, false);
}

/* A namespace with MAPPED_COUNT ids that begin at MAPPED_FIRST. */
static struct user_namespace *made_up_namespace(struct kunit *test)
{
	struct user_namespace *ns;

	ns = kunit_kzalloc(test, sizeof(*ns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ns);
	ns->parent = &init_user_ns;
	ns->level = 1;
	/*
	 * The owner would have all capabilities in it: no caller is the owner.
	 */
	ns->owner = KUIDT_INIT(MAPPED_FIRST - 1);
	ns->uid_map.nr_extents = 1;
	ns->uid_map.extent[0].lower_first = MAPPED_FIRST;
	ns->uid_map.extent[0].count = MAPPED_COUNT;
	ns->gid_map = ns->uid_map;
	return ns;
}

/* Root of a namespace has all capabilities, but only over its ids. */
static void namespace_reaches_its_ids(struct kunit *test)
{
	struct user_namespace *ns = made_up_namespace(test);
	const struct caller root = { MAPPED_FIRST, MAPPED_FIRST, ALL_CAPS, ns };
	const struct caller none = { MAPPED_FIRST, MAPPED_FIRST, NO_CAP, ns };
	const u32 in = MAPPED_FIRST + MAPPED_COUNT - 1, out = in + 1;
	int i;

	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		expect_one(test, i, &root, in, in, true);
		expect_one(test, i, &root, in, out, false);
		expect_one(test, i, &root, out, in, false);
		expect_one(test, i, &root, 0, 0, false);
		expect_one(test, i, &none, in, in, false);
	}
}

/* In a server of its own namespace it has them over all processes. */
static void namespace_rules_its_server(struct kunit *test)
{
	struct user_namespace *ns = made_up_namespace(test), *first;
	const struct caller root = { MAPPED_FIRST, MAPPED_FIRST, ALL_CAPS, ns };
	const struct caller none = { MAPPED_FIRST, MAPPED_FIRST, NO_CAP, ns };
	const struct caller outer = { OTHER_UID, OTHER_GID, ALL_CAPS };
	int i;

	first = server(test)->user_ns;
	server(test)->user_ns = ns;
	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		expect_one(test, i, &root, 0, 0, true);
		expect_one(test, i, &none, 0, 0, false);
		expect_one(test, i, &outer, 0, 0, true);
	}
	server(test)->user_ns = first;
}

/* For a zombie of another user, the error is ESRCH, not EPERM. */
static void sessions_of_zombies(struct kunit *test)
{
	const struct caller c = { OTHER_UID, OTHER_GID, NO_CAP };
	struct scene s;
	struct role r;

	set_scene(test, &s, TEST_UID, TEST_GID);
	begin_role(test, &r, &c);
	/* It is no secret that the leader would be a zombie. */
	KUNIT_EXPECT_EQ(test, try_session(&s), 0);
	end_role(&r);
	clear_scene(test, &s);
}

static void session_needs_its_leader(struct kunit *test)
{
	const struct caller owner = { TEST_UID, TEST_GID, NO_CAP };
	const struct caller other = { OTHER_UID, TEST_GID, CAP_KILL };
	const struct caller admin = { OTHER_UID, TEST_GID, CAP_SYS_ADMIN };
	const struct caller *callers[] = { &other, &owner, &admin };
	u32 sid, pgid;
	struct role r;
	u64 pid;
	int i;

	for (i = 0; i < ARRAY_SIZE(callers); i++) {
		pid = make_owned(test, PROCSRV_INIT_PID, TEST_UID, TEST_GID);
		begin_role(test, &r, callers[i]);
		KUNIT_EXPECT_EQ(test, procsrv_create_session(server(test), pid,
							     &sid, &pgid),
				i ? 0 : -EPERM);
		end_role(&r);
	}
}

/* A signal in the name of a process of another user is refused. */
static void sender_is_a_claim(struct kunit *test)
{
	const struct caller c = { TEST_UID, TEST_GID, NO_CAP };
	u64 own = make_owned(test, PROCSRV_INIT_PID, TEST_UID, TEST_GID);
	u64 other = make_owned(test, PROCSRV_INIT_PID, OTHER_UID, OTHER_GID);
	struct scene s = { .ps = server(test) };
	struct role r;

	begin_role(test, &r, &c);
	KUNIT_EXPECT_EQ(test, signal_from(&s, own, PROCSRV_TARGET_PID, own, 10),
			0);
	KUNIT_EXPECT_EQ(test, signal_from(&s, other, PROCSRV_TARGET_PID, own,
					  10), -EPERM);
	KUNIT_EXPECT_EQ(test, signal_from(&s, other, PROCSRV_TARGET_ALL, 0, 10),
			-EPERM);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, pending_of(test, other), 0);
}

/* So is a change of groups in the name of a process of another user. */
static void mover_is_a_claim(struct kunit *test)
{
	const struct caller c = { TEST_UID, TEST_GID, NO_CAP };
	u64 parent = make_owned(test, PROCSRV_INIT_PID, OTHER_UID, OTHER_GID);
	u64 child = make_owned(test, parent, TEST_UID, TEST_GID);
	u32 group = make_group(test, child);
	struct role r;
	u32 pgid;

	begin_role(test, &r, &c);
	KUNIT_EXPECT_EQ(test, procsrv_create_group(server(test), parent, child,
						   0, &pgid), -EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_set_group(server(test), parent, child,
						group), -EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_create_group(server(test), child, child,
						   0, &pgid), 0);
	end_role(&r);
}

/* A signal to processes of several users reaches the caller's own. */
static void reaches_its_own(struct kunit *test)
{
	const struct caller c = { TEST_UID, TEST_GID, NO_CAP };
	u64 leader = make_owned(test, PROCSRV_INIT_PID, OTHER_UID, OTHER_GID);
	struct procsrv *ps = server(test);
	u32 sid, pgid, count = 0;
	struct role r;
	u64 own;

	KUNIT_ASSERT_EQ(test, procsrv_create_session(ps, leader, &sid, &pgid),
			0);
	own = make_owned(test, leader, TEST_UID, TEST_GID);
	begin_role(test, &r, &c);
	KUNIT_EXPECT_EQ(test, procsrv_signal(ps, 0, PROCSRV_TARGET_PGID, pgid,
					     10, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	KUNIT_EXPECT_EQ(test, procsrv_signal(ps, 0, PROCSRV_TARGET_TREE, leader,
					     10, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	KUNIT_EXPECT_EQ(test, procsrv_signal(ps, 0, PROCSRV_TARGET_ALL, 0, 12,
					     &count), 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	/* All are below init: the caller must be allowed to signal it. */
	KUNIT_EXPECT_EQ(test, procsrv_signal(ps, 0, PROCSRV_TARGET_TREE,
					     PROCSRV_INIT_PID, 10, &count),
			-EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_hang_up(ps, sid, &count), 0);
	KUNIT_EXPECT_EQ(test, count, 1);
	end_role(&r);
	KUNIT_EXPECT_EQ(test, pending_of(test, own),
			sigbit(10) | sigbit(12) | sigbit(1));
	KUNIT_EXPECT_EQ(test, pending_of(test, leader), 0);
}

/* Any caller may create children of init, and wait there for its own. */
static void init_is_everybodys_parent(struct kunit *test)
{
	const struct caller c = { TEST_UID, TEST_GID, NO_CAP };
	u64 below = make_owned(test, make_process(test, PROCSRV_INIT_PID),
			       TEST_UID, TEST_GID);
	u64 other = make_owned(test, PROCSRV_INIT_PID, OTHER_UID, OTHER_GID);
	struct scene s = { .ps = server(test), .pid = PROCSRV_INIT_PID };
	struct procsrv_wait w = {
		.parent = PROCSRV_INIT_PID,
		.which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED,
		.flags = PROCSRV_WAIT_NOHANG,
	};
	struct role r;
	u64 own;

	s.image = make_image("image");
	end_process(test, other);
	begin_role(test, &r, &c);
	KUNIT_EXPECT_EQ(test, try_adopt(&s), 0);
	own = other + 1;
	KUNIT_EXPECT_EQ(test, procsrv_terminate(s.ps, own, 3, 0), 0);
	/* A wait for any child might find the other one. */
	KUNIT_EXPECT_EQ(test, try_wait(&s), -EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_reap(s.ps), -EPERM);
	KUNIT_EXPECT_EQ(test, procsrv_revoke(s.ps, 0, 1), -EPERM);
	w.id = other;
	KUNIT_EXPECT_EQ(test, procsrv_wait(s.ps, &w), -EPERM);
	w.id = TEST_NO_PID;
	KUNIT_EXPECT_EQ(test, procsrv_wait(s.ps, &w), -EPERM);
	/* The caller's own process, but no child of init. */
	w.id = below;
	KUNIT_EXPECT_EQ(test, procsrv_wait(s.ps, &w), -EPERM);
	w.id = own;
	KUNIT_EXPECT_EQ(test, procsrv_wait(s.ps, &w), 0);
	KUNIT_EXPECT_EQ(test, w.exit_code, 3);
	end_role(&r);
	procsrv_image_put(s.image);
	KUNIT_EXPECT_EQ(test, state_of(test, other), PROCSRV_ZOMBIE);
}

/* Raising one limit and lowering another needs both capabilities. */
static void up_and_down(struct kunit *test)
{
	const struct caller up = { OTHER_UID, TEST_GID, CAP_SYS_RESOURCE };
	const struct caller down = { OTHER_UID, TEST_GID, CAP_SYS_ADMIN };
	const struct caller all = { OTHER_UID, TEST_GID, ALL_CAPS };
	const struct caller *callers[] = { &up, &down, &all };
	struct procsrv_limits limits = procsrv_default_limits;
	u64 pid = make_owned(test, PROCSRV_INIT_PID, TEST_UID, TEST_GID);
	struct role r;
	int i;

	limits.max_files++;
	limits.max_threads--;
	for (i = 0; i < ARRAY_SIZE(callers); i++) {
		begin_role(test, &r, callers[i]);
		KUNIT_EXPECT_EQ(test, procsrv_set_limits(server(test), pid,
							 &limits),
				i == 2 ? 0 : -EPERM);
		end_role(&r);
	}
	/* Clearing the flag counts as raising all limits. */
	limits.flags = PROCSRV_LIMITS_ENFORCE;
	KUNIT_EXPECT_EQ(test, procsrv_set_limits(server(test), pid, &limits), 0);
	limits.flags = 0;
	for (i = 0; i < 2; i++) {
		begin_role(test, &r, callers[1 - i]);
		KUNIT_EXPECT_EQ(test, procsrv_set_limits(server(test), pid,
							 &limits),
				i ? 0 : -EPERM);
		end_role(&r);
	}
}

static int create_as(struct kunit *test, u32 uid, u32 gid)
{
	struct procsrv_create_params params = {
		.parent = PROCSRV_INIT_PID,
		.image = make_image("image"),
		.uid = KUIDT_INIT(uid),
		.gid = KGIDT_INIT(gid),
	};
	u64 pid;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, params.image);
	err = procsrv_create(server(test), &params, &pid);
	procsrv_image_put(params.image);
	return err;
}

static void expect_ids(struct kunit *test, const struct caller *c, u32 uid,
		       u32 gid, bool allowed)
{
	struct role r;
	int err;

	begin_role(test, &r, c);
	err = create_as(test, uid, gid);
	end_role(&r);
	KUNIT_EXPECT_EQ_MSG(test, err, allowed ? 0 : -EPERM,
			    "%u with %d as %u, %u", c->uid, c->cap, uid, gid);
}

static void other_ids_need_a_capability(struct kunit *test)
{
	int cap;

	for (cap = NO_CAP; cap <= CAP_LAST_CAP; cap++) {
		const struct caller c = { TEST_UID, TEST_GID, cap };

		expect_ids(test, &c, TEST_UID, TEST_GID, true);
		expect_ids(test, &c, OTHER_UID, TEST_GID, cap == CAP_SETUID);
		expect_ids(test, &c, TEST_UID, OTHER_GID, cap == CAP_SETGID);
		expect_ids(test, &c, OTHER_UID, OTHER_GID, false);
	}
}

/* As in setresuid(2), real, effective and saved ids are the caller's own. */
static void real_and_saved_ids_are_own(struct kunit *test)
{
	const struct caller c = { TEST_UID, TEST_GID, NO_CAP };
	struct role r;
	int i;

	for (i = 0; i < 3; i++) {
		begin_role(test, &r, &c);
		r.new->uid = KUIDT_INIT(i == 0 ? OTHER_UID : TEST_UID);
		r.new->suid = KUIDT_INIT(i == 1 ? OTHER_UID : TEST_UID);
		r.new->gid = KGIDT_INIT(i == 0 ? OTHER_GID : TEST_GID);
		r.new->sgid = KGIDT_INIT(i == 1 ? OTHER_GID : TEST_GID);
		KUNIT_EXPECT_EQ(test, create_as(test, OTHER_UID, OTHER_GID),
				i < 2 ? 0 : -EPERM);
		end_role(&r);
	}
}

static const struct caller killer = { TEST_UID, TEST_GID, CAP_KILL };
static const struct caller powerless = { TEST_UID, TEST_GID, NO_CAP };

static int kill_as(struct kunit *test, const struct caller *c, u64 pid)
{
	struct role r;
	int err;

	begin_role(test, &r, c);
	err = procsrv_terminate(server(test), pid, 0, 0);
	end_role(&r);
	return err;
}

struct bystander {
	struct kunit *test;
	u64 pid;
	int err;
	struct completion done;
};

static int kill_beside(void *data)
{
	struct bystander *b = data;

	b->err = kill_as(b->test, &powerless, b->pid);
	kthread_complete_and_exit(&b->done, 0);
}

/* A capability of the task that began a batch is not one of other tasks. */
static void batch_is_of_one_task(struct kunit *test)
{
	u64 pids[4];
	struct bystander b = { .test = test };
	struct task_struct *task;
	int i;

	for (i = 0; i < ARRAY_SIZE(pids); i++)
		pids[i] = make_owned(test, PROCSRV_INIT_PID, OTHER_UID,
				     OTHER_GID);
	b.pid = pids[3];
	init_completion(&b.done);
	procsrv_batch_begin(server(test));
	KUNIT_EXPECT_EQ(test, kill_as(test, &killer, pids[0]), 0);
	task = kthread_run(kill_beside, &b, "procsrv-beside");
	if (!IS_ERR(task))
		wait_for_completion(&b.done);
	KUNIT_EXPECT_FALSE(test, IS_ERR(task));
	KUNIT_EXPECT_EQ(test, b.err, -EPERM);
	KUNIT_EXPECT_EQ(test, kill_as(test, &killer, pids[1]), 0);
	procsrv_batch_end(server(test));
	KUNIT_EXPECT_EQ(test, kill_as(test, &powerless, pids[2]), -EPERM);
}

/* Capabilities are checked anew in each batch and after it; refusals, too. */
static void batches_are_asked_anew(struct kunit *test)
{
	u64 pid = make_owned(test, PROCSRV_INIT_PID, OTHER_UID, OTHER_GID);
	u64 other = make_owned(test, PROCSRV_INIT_PID, OTHER_UID, OTHER_GID);

	procsrv_batch_begin(server(test));
	KUNIT_EXPECT_EQ(test, kill_as(test, &powerless, pid), -EPERM);
	procsrv_batch_begin(server(test));
	KUNIT_EXPECT_EQ(test, kill_as(test, &killer, pid), 0);
	procsrv_batch_end(server(test));
	KUNIT_EXPECT_EQ(test, kill_as(test, &powerless, other), -EPERM);
}

static struct kunit_case permission_cases[] = {
	KUNIT_CASE(owner_needs_nothing),
	KUNIT_CASE(others_need_one_capability),
	KUNIT_CASE(root_is_no_capability),
	KUNIT_CASE(namespace_reaches_its_ids),
	KUNIT_CASE(namespace_rules_its_server),
	KUNIT_CASE(sessions_of_zombies),
	KUNIT_CASE(session_needs_its_leader),
	KUNIT_CASE(sender_is_a_claim),
	KUNIT_CASE(mover_is_a_claim),
	KUNIT_CASE(reaches_its_own),
	KUNIT_CASE(init_is_everybodys_parent),
	KUNIT_CASE(batch_is_of_one_task),
	KUNIT_CASE(batches_are_asked_anew),
	KUNIT_CASE(up_and_down),
	KUNIT_CASE(other_ids_need_a_capability),
	KUNIT_CASE(real_and_saved_ids_are_own),
	{}
};

static struct kunit_suite permission_suite = {
	.name = "procsrv-permission",
	.init = fixture_init,
	.exit = fixture_exit,
	.test_cases = permission_cases,
};

kunit_test_suite(permission_suite);
