// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: library [DEVICE]
 *
 * Calls every function of libprocsrv once, in a server of its own, and says
 * which one did not do what it should.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <procsrv.h>

#define EXPECT(condition) \
	expect(condition, #condition, __LINE__)

static void expect(bool right, const char *what, int line)
{
	if (right)
		return;
	fprintf(stderr, "line %d: not so: %s\n", line, what);
	exit(1);
}

static int open_server(const char *path)
{
	int fd = procsrv_open(path);
	int server;

	if (fd < 0) {
		printf("%s: %s\n", path ? path : procsrv_device(),
		       strerrorname_np(-fd));
		exit(1);
	}
	server = procsrv_new_server(fd);
	EXPECT(server >= 0);
	close(fd);
	return server;
}

static __u64 create(int fd, __u64 parent)
{
	static char * const argv[] = { "sh", "-c", "exit", NULL };
	static char * const none[] = { NULL };
	struct procsrv_program program = { .name = "child" };
	char buf[11], small[4];
	__u64 pid = 0;

	EXPECT(procsrv_pack(argv, NULL, 0) == sizeof(buf));
	EXPECT(procsrv_pack(argv, small, sizeof(small)) == sizeof(buf));
	EXPECT(procsrv_pack(argv, buf, sizeof(buf)) == sizeof(buf));
	EXPECT(!memcmp(buf, "sh\0-c\0exit", sizeof(buf)));
	EXPECT(procsrv_pack(none, buf, sizeof(buf)) == 0);
	program.argv = buf;
	program.argv_len = sizeof(buf);
	EXPECT(!procsrv_create(fd, parent, &program, getuid(), getgid(), 0,
			       &pid));
	EXPECT(!procsrv_create(fd, pid, &program, getuid(), getgid(),
			       PROCSRV_CREATE_TIED, NULL));
	return pid;
}

static void test_lifecycle(int fd)
{
	struct procsrv_program program = { .name = "other", .argv_len = PROCSRV_STRINGS_MAX + 1 };
	struct procsrv_wait_args wait = {
		.parent = PROCSRV_INIT_PID, .what = PROCSRV_WAIT_EXITED,
	};
	__u64 pid = create(fd, PROCSRV_INIT_PID), count = 0;

	errno = 0;
	EXPECT(procsrv_exec(fd, pid, &program) == -E2BIG);
	program.argv_len = 0;
	EXPECT(!procsrv_exec(fd, pid, &program));
	EXPECT(!procsrv_set_reaper(fd, pid, true));
	EXPECT(procsrv_set_reaper(fd, PROCSRV_INIT_PID, false) == -EPERM);
	EXPECT(!procsrv_terminate(fd, pid, -7, 33));
	EXPECT(procsrv_terminate(fd, pid, 0, 0) == -ESRCH);
	EXPECT(!procsrv_wait(fd, &wait));
	EXPECT(wait.pid == pid && wait.exit_code == -7 && wait.exit_signal == 33);
	EXPECT(!procsrv_terminate(fd, pid + 1, 0, 0));
	EXPECT(!procsrv_reap(fd, &count) && count == 1);
	EXPECT(!procsrv_reap(fd, NULL));
	EXPECT(!errno);
}

static void test_signals(int fd)
{
	__u64 pid = create(fd, PROCSRV_INIT_PID);
	struct procsrv_take_signal_args take = {
		.pid = pid, .mask = ~0ULL, .flags = PROCSRV_TAKE_NOHANG,
	};
	__u32 count = 0;

	EXPECT(!procsrv_signal(fd, 0, PROCSRV_TARGET_TREE, pid, 10, &count));
	EXPECT(count == 2);
	EXPECT(!procsrv_signal(fd, pid, PROCSRV_TARGET_PID, pid, 10, NULL));
	EXPECT(!procsrv_take_signal(fd, &take));
	EXPECT(take.signo == 10 && take.count == 2 && !take.sender);
	EXPECT(procsrv_take_signal(fd, &take) == -EAGAIN);
	/* It does not touch fields that the first version did not have. */
	take.target = 4711;
	EXPECT(!procsrv_signal(fd, 0, PROCSRV_TARGET_PID, pid, 12, NULL));
	EXPECT(!procsrv_take_signal(fd, &take) && take.signo == 12);
	EXPECT(take.target == 4711);
	EXPECT(!procsrv_signal(fd, 0, PROCSRV_TARGET_PID, pid, 12, NULL));
	EXPECT(!procsrv_take(fd, &take) && take.signo == 12);
	EXPECT(take.target == pid && !take.origin);
	EXPECT(!procsrv_signal(fd, 0, PROCSRV_TARGET_TREE, pid, 9, NULL));
}

static __u64 create_hosted(int fd, __u64 parent)
{
	struct procsrv_program program = { .name = "hosted" };
	__u64 pid = 0;

	EXPECT(!procsrv_create(fd, parent, &program, getuid(), getgid(),
			       PROCSRV_CREATE_HOSTED, &pid));
	return pid;
}

static void test_hosted(int fd)
{
	__u64 parent = create(fd, PROCSRV_INIT_PID), pid = create_hosted(fd, parent);
	struct procsrv_take_signal_args take = {
		.mask = ~0ULL, .flags = PROCSRV_TAKE_NOHANG,
	};
	struct procsrv_wait_args wait = {
		.parent = parent, .which = PROCSRV_WAIT_PID, .id = pid,
		.what = PROCSRV_WAIT_STOPPED | PROCSRV_WAIT_EXITED,
	};
	struct procsrv_credentials credentials;
	struct procsrv_info info;

	EXPECT(procsrv_take(fd, &take) == -EAGAIN);
	EXPECT(!procsrv_signal(fd, 0, PROCSRV_TARGET_PID, pid, 20, NULL));
	EXPECT(!procsrv_take(fd, &take) && take.signo == 20);
	EXPECT(take.target == pid && take.origin == PROCSRV_FROM_OUTSIDE);
	EXPECT(procsrv_report(fd, parent, PROCSRV_BODY_STOPPED, 20) == -EOPNOTSUPP);
	EXPECT(procsrv_report(fd, pid, PROCSRV_BODY_STOPPED, 9) == -EINVAL);
	EXPECT(!procsrv_report(fd, pid, PROCSRV_BODY_STOPPED, 20));
	EXPECT(!procsrv_get_info(fd, pid, &info) && info.exit_signal == 20);
	EXPECT(info.state == PROCSRV_STOPPED && info.flags & PROCSRV_INFO_HOSTED);
	EXPECT(!procsrv_wait(fd, &wait) && wait.exit_signal == 20);
	EXPECT(!procsrv_report(fd, pid, PROCSRV_BODY_CONTINUED, 0));

	EXPECT(!procsrv_get_credentials(fd, pid, &credentials));
	EXPECT(credentials.ruid == getuid() && credentials.sgid == getgid());
	credentials.flags = 1U << 31;
	EXPECT(procsrv_set_credentials(fd, pid, &credentials) == -EINVAL);
	credentials.flags = 0;
	EXPECT(!procsrv_set_credentials(fd, pid, &credentials));
	EXPECT(procsrv_set_credentials(fd, parent, &credentials) == -EOPNOTSUPP);

	EXPECT(!procsrv_report(fd, pid, PROCSRV_BODY_EXITING, 0));
	EXPECT(procsrv_report(fd, pid, PROCSRV_BODY_EXITING, 0) == -ESRCH);
	EXPECT(!procsrv_terminate(fd, pid, 0, 11 | PROCSRV_CORE_DUMP));
	EXPECT(!procsrv_wait(fd, &wait));
	EXPECT(wait.exit_signal == (11 | PROCSRV_CORE_DUMP));
}

static void test_clones(int fd)
{
	struct procsrv_program program = { .name = "clone" };
	__u64 parent = create(fd, PROCSRV_INIT_PID), pid = 0;
	struct procsrv_wait_args wait = {
		.parent = parent, .which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED, .flags = PROCSRV_WAIT_NOHANG,
	};
	struct procsrv_info info;

	EXPECT(!procsrv_clone(fd, parent, &program, getuid(), getgid(), 0, 0, &pid));
	EXPECT(procsrv_clone(fd, parent, &program, getuid(), getgid(), 0, 65,
			     NULL) == -EINVAL);
	EXPECT(!procsrv_get_info(fd, pid, &info) && info.flags & PROCSRV_INFO_CLONE);
	EXPECT(!procsrv_terminate(fd, pid, 1, 0));
	wait.id = pid;
	EXPECT(procsrv_wait(fd, &wait) == -ECHILD);
	wait.flags |= PROCSRV_WAIT_WCLONE;
	EXPECT(!procsrv_wait(fd, &wait) && wait.exit_code == 1);

	EXPECT(!procsrv_set_autoreap(fd, parent, true));
	pid = create(fd, parent);
	EXPECT(!procsrv_terminate(fd, pid, 0, 0));
	EXPECT(procsrv_get_info(fd, pid, &info) == -ESRCH);
	EXPECT(!procsrv_set_autoreap(fd, parent, false));
	EXPECT(procsrv_set_autoreap(fd, pid, true) == -ESRCH);
}

static void test_further(int fd)
{
	int server = procsrv_new_server_flags(fd, PROCSRV_SERVER_POSIX_IDS);
	int other = procsrv_new_server_flags(server, PROCSRV_SERVER_SAME);
	__u64 pid = create(other, PROCSRV_INIT_PID);
	struct procsrv_program program = { .name = "late" };
	__u32 sid = 0, pgid = 0;

	EXPECT(!procsrv_create_session(server, pid, &sid, &pgid));
	EXPECT(sid == pid && pgid == pid);
	EXPECT(procsrv_new_server_flags(fd, PROCSRV_SERVER_SAME |
					PROCSRV_SERVER_POSIX_IDS) == -EINVAL);
	close(server);
	EXPECT(procsrv_create(other, PROCSRV_INIT_PID, &program, getuid(),
			      getgid(), 0, NULL) == -ESHUTDOWN);
	EXPECT(procsrv_new_server_flags(other, PROCSRV_SERVER_SAME) == -ESHUTDOWN);
	close(other);
}

static int count_info(const struct procsrv_info *info, void *data)
{
	int *count = data;

	EXPECT(info->pid >= PROCSRV_INIT_PID);
	return ++*count == 100 ? 100 : 0;
}

static int count_pid(__u64 pid, void *data)
{
	int *count = data;

	return pid ? ++*count == 600 ? 600 : 0 : -1;
}

static void test_lists(int fd)
{
	struct procsrv_program program = { .name = "many" };
	struct procsrv_info page[2];
	__u64 pids[2], cursor = 0, seq = 0;
	int count = 0, i;

	for (i = 0; i < 700; i++)
		EXPECT(!procsrv_create(fd, PROCSRV_INIT_PID, &program, getuid(),
				       getgid(), 0, NULL));
	EXPECT(procsrv_list(fd, PROCSRV_LIST_ALL, 0, &cursor, page, 2, &seq) == 2);
	EXPECT(page[0].pid == PROCSRV_INIT_PID && cursor == page[1].pid);
	EXPECT(seq >= 700 && page[0].seq == seq);
	EXPECT(procsrv_list_pids(fd, PROCSRV_LIST_ALL, 0, &cursor, pids, 2,
				 NULL) == 2);
	EXPECT(pids[0] > page[1].pid && cursor == pids[1]);
	EXPECT(procsrv_for_each(fd, PROCSRV_LIST_ALL, 0, count_info, &count) == 100);
	count = 0;
	EXPECT(procsrv_for_pids(fd, PROCSRV_LIST_ALL, 0, count_pid, &count) == 600);
	EXPECT(!procsrv_for_pids(fd, PROCSRV_LIST_ALL, 0, count_pid, &count));
	EXPECT(count > 1300);
	EXPECT(procsrv_for_each(fd, PROCSRV_LIST_SID, 9, count_info, &count) == -ESRCH);
	EXPECT(procsrv_for_pids(fd, PROCSRV_LIST_PGID, 9, count_pid, &count) == -ESRCH);
}

static void test_info(int fd)
{
	struct procsrv_details details = { .argv = NULL };
	struct procsrv_limits limits;
	struct procsrv_update_args update = { .mask = PROCSRV_UPDATE_MEMORY };
	struct procsrv_time_args clock;
	struct procsrv_stats stats;
	struct procsrv_info info;
	__u64 pid = create(fd, PROCSRV_INIT_PID);

	EXPECT(!procsrv_get_limits(fd, pid, &limits));
	limits.max_memory = 1;
	EXPECT(!procsrv_set_limits(fd, pid, &limits));
	update.pid = pid;
	update.memory_usage = 2;
	EXPECT(!procsrv_update(fd, &update));
	EXPECT(!procsrv_get_info(fd, pid, &info) && info.memory_usage == 2);
	EXPECT(info.limits_passed == PROCSRV_LIMIT_MEMORY);
	EXPECT(procsrv_get_info(fd, pid + 1000, &info) == -ESRCH);
	EXPECT(!procsrv_revoke(fd, pid, 7));
	EXPECT(!procsrv_get_details(fd, pid, &details));
	EXPECT(details.info.revocations == 1 && details.info.argv_len == 11);
	EXPECT(!strcmp(details.argv, "sh") && !strcmp(details.cwd, "/"));
	EXPECT(!*details.terminal && !*details.envp);
	procsrv_free_details(&details);
	procsrv_free_details(&details);
	EXPECT(!procsrv_get_stats(fd, &stats) && stats.total_created > 700);
	EXPECT(!procsrv_get_time(fd, &clock) && clock.time);
}

static void test_sessions(int fd)
{
	char terminal[PROCSRV_NAME_MAX + 1] = "";
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	__u64 pid = create(fd, PROCSRV_INIT_PID), other = create(fd, pid);
	__u32 sid = 0, pgid = 0, second = 0, count = 0;

	EXPECT(!procsrv_create_session(fd, other, NULL, NULL));
	EXPECT(!procsrv_create_session(fd, pid, &sid, &pgid) && sid && pgid);
	EXPECT(!procsrv_set_terminal(fd, sid, "tty1"));
	EXPECT(!procsrv_get_session(fd, sid, &session, terminal,
				    sizeof(terminal)));
	EXPECT(session.leader == pid && !strcmp(terminal, "tty1"));
	EXPECT(!session.foreground);
	EXPECT(!procsrv_set_foreground(fd, sid, pgid));
	EXPECT(!procsrv_get_session(fd, sid, &session, NULL, 0));
	EXPECT(session.foreground == pgid);
	EXPECT(procsrv_set_foreground(fd, sid, 999) == -ESRCH);
	EXPECT(!procsrv_set_foreground(fd, sid, 0));
	EXPECT(!procsrv_set_terminal(fd, sid, NULL));
	EXPECT(procsrv_set_foreground(fd, sid, pgid) == -ENOTTY);
	EXPECT(!procsrv_get_session(fd, sid, &session, NULL, 0));
	EXPECT(!session.terminal_size && session.nr_processes == 1);
	EXPECT(!procsrv_hang_up(fd, sid, &count) && count == 1);
	EXPECT(procsrv_hang_up(fd, 999, NULL) == -ESRCH);

	other = create(fd, pid);
	EXPECT(!procsrv_create_group(fd, pid, other, sid, &second) && second);
	EXPECT(!procsrv_get_group(fd, second, &group) && group.leader == other);
	EXPECT(!procsrv_group_is_orphaned(fd, second));
	EXPECT(!procsrv_set_group(fd, 0, other, pgid));
	EXPECT(procsrv_get_group(fd, second, NULL) == -ESRCH);
	EXPECT(procsrv_group_is_orphaned(fd, second) == -ESRCH);
	EXPECT(procsrv_group_is_orphaned(fd, pgid) == 1);
}

static void test_events(int fd)
{
	struct procsrv_exit_record record;
	struct procsrv_event events[4];
	struct pollfd poll_handle = { .events = POLLIN };
	__u64 pid = create(fd, PROCSRV_INIT_PID), seq = 0;

	EXPECT(!procsrv_subscribe(fd, pid, PROCSRV_EVENTS_ALL, 0,
				  PROCSRV_SUBSCRIBE_SUBTREE, &seq) && seq);
	poll_handle.fd = procsrv_open_process(fd, pid, PROCSRV_OPEN_NONBLOCK);
	EXPECT(poll_handle.fd >= 0);
	EXPECT(procsrv_read_exit_record(poll_handle.fd, &record) == -EAGAIN);
	EXPECT(!poll(&poll_handle, 1, 0));
	EXPECT(!procsrv_terminate(fd, pid, 3, 0));
	EXPECT(poll(&poll_handle, 1, 0) == 1);
	EXPECT(!procsrv_read_exit_record(poll_handle.fd, &record));
	EXPECT(record.pid == pid && record.exit_code == 3);
	/* Its child, and then itself. */
	EXPECT(procsrv_read_events(fd, events, 4) >= 2);
	EXPECT(events[0].kind == PROCSRV_EVENT_PARENT);
	EXPECT(events[1].pid == pid && events[1].kind == PROCSRV_EVENT_EXIT);
	EXPECT(events[0].seq > seq);
	EXPECT(procsrv_read_events(fd, events, 0) == -EINVAL);
	EXPECT(!procsrv_subscribe(fd, 0, 0, 0, 0, NULL));
	EXPECT(procsrv_open_process(fd, pid + 1000, 0) == -ESRCH);
	close(poll_handle.fd);
}

static void test_batch(int fd)
{
	struct procsrv_terminate_args terminate = { .exit_code = 9 };
	struct procsrv_wait_args wait = {
		.parent = PROCSRV_INIT_PID, .which = PROCSRV_WAIT_PID,
		.what = PROCSRV_WAIT_EXITED, .flags = PROCSRV_WAIT_NOHANG,
	};
	struct procsrv_batch_op ops[3];

	terminate.pid = create(fd, PROCSRV_INIT_PID);
	wait.id = terminate.pid;
	procsrv_batch_set(&ops[0], PROCSRV_IOC_TERMINATE, &terminate);
	procsrv_batch_set(&ops[1], PROCSRV_IOC_WAIT, &wait);
	procsrv_batch_set(&ops[2], PROCSRV_IOC_WAIT, &wait);
	EXPECT(procsrv_batch(fd, ops, 3, 0) == 3);
	EXPECT(!procsrv_batch_get(&ops[0], &terminate));
	EXPECT(!procsrv_batch_get(&ops[1], &wait) && wait.exit_code == 9);
	EXPECT(procsrv_batch_get(&ops[2], &wait) == -ECHILD);
	EXPECT(procsrv_batch(fd, ops, 3, PROCSRV_BATCH_STOP) == 1);
	EXPECT(ops[0].result == -ESRCH);
	EXPECT(procsrv_batch(fd, ops, 0, 0) == -EINVAL);
}

static void test_names(void)
{
	__u32 n = 77;
	int signo;

	for (signo = 0; signo <= 64; signo++) {
		int found = 77;

		if (!procsrv_signal_name(signo))
			EXPECT(signo == 0 || signo == 32 || signo == 33);
		else
			EXPECT(!procsrv_parse_signal(procsrv_signal_name(signo), &found) &&
			       found == signo);
	}
	EXPECT(!strcmp(procsrv_signal_name(37), "SIGRTMIN+3"));
	EXPECT(!procsrv_parse_signal("rtmin+20", &signo) && signo == 54);
	EXPECT(!procsrv_parse_signal("RT_0", &signo) && signo == 32);
	EXPECT(!procsrv_parse_signal("64", &signo) && signo == 64);
	EXPECT(procsrv_parse_signal("65", &signo) == -EINVAL && signo == 64);
	EXPECT(procsrv_parse_signal("", &signo) == -EINVAL);
	EXPECT(!procsrv_signal_name(-1) && !procsrv_signal_name(65));
	EXPECT(!strcmp(procsrv_state_name(PROCSRV_ZOMBIE), "ZOMBIE"));
	EXPECT(!procsrv_state_name(PROCSRV_DEAD + 1));
	EXPECT(procsrv_state_letter(PROCSRV_ZOMBIE) == 'Z' && procsrv_state_letter(99) == '?');
	EXPECT(procsrv_parse_state("gone", &n) == -EINVAL && n == 77);
	EXPECT(!procsrv_parse_state("stopped", &n) && n == PROCSRV_STOPPED);
	EXPECT(!procsrv_parse_state("w", &n) && n == PROCSRV_WAITING);
	EXPECT(!strcmp(procsrv_priority_name(PROCSRV_PRIO_HIGH), "high"));
	EXPECT(!procsrv_parse_priority("Idle", &n) && n == PROCSRV_PRIO_IDLE);
	EXPECT(procsrv_parse_priority("", &n) == -EINVAL && !procsrv_priority_name(5));
	EXPECT(!strcmp(procsrv_event_name(PROCSRV_EVENT_LOST), "lost"));
	EXPECT(!procsrv_event_name(PROCSRV_NR_EVENTS));
	EXPECT(!procsrv_parse_event("reap", &n) && n == PROCSRV_EVENT_REAP);
	EXPECT(procsrv_parse_event("lost", &n) == -EINVAL);
	EXPECT(!strcmp(procsrv_limit_name(PROCSRV_LIMIT_CPU_TIME), "cpu-time"));
	EXPECT(!procsrv_limit_name(3));
	EXPECT(!strcmp(procsrv_update_name(PROCSRV_UPDATE_CWD), "cwd"));
	EXPECT(!procsrv_update_name(0));
}

static void test_explain(int fd)
{
	struct procsrv_terminate_args args = { .pid = 4711 };
	char why[256], small[10];

	errno = 0;
	procsrv_explain(fd, PROCSRV_IOC_TERMINATE, &args, ESRCH, why, sizeof(why));
	EXPECT(!strcmp(why, "there is no process 4711 (ESRCH)"));
	procsrv_explain(fd, PROCSRV_IOC_TERMINATE, &args, ESRCH, small, sizeof(small));
	EXPECT(!strcmp(small, "there is "));
	procsrv_explain(-1, 0, NULL, EIO, why, sizeof(why));
	EXPECT(!strcmp(why, "Input/output error (EIO)"));
	EXPECT(!errno);
}

int main(int argc, char **argv)
{
	int fd = open_server(argc > 1 ? argv[1] : NULL);
	struct procsrv_time_args clock;

	test_lifecycle(fd);
	test_signals(fd);
	test_hosted(fd);
	test_clones(fd);
	test_further(fd);
	test_lists(fd);
	test_info(fd);
	test_sessions(fd);
	test_events(fd);
	test_batch(fd);
	test_names();
	test_explain(fd);
	EXPECT(procsrv_call(fd, 0, NULL) == -ENOTTY);
	close(fd);
	EXPECT(procsrv_get_time(fd, &clock) == -EBADF);
	return 0;
}
