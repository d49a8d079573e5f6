/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - snapshots of all visible state of a scene
 *
 * That a failed call has changed nothing is tested by comparing the state
 * before and after: the statistics, and for every process of the scene its
 * information, strings, limits and credentials, its session and its group. The
 * information includes the number of the latest event, so a spurious event is
 * found as well. The lowest free descriptor is compared, too, to find leaked
 * descriptors.
 */
#ifndef SELFTESTS_SNAPSHOT_H
#define SELFTESTS_SNAPSHOT_H

#include "common.h"

/* Define it before the inclusion to have room for more processes. */
#ifndef SNAPSHOT_MAX
#define SNAPSHOT_MAX 16
#endif

enum {
	SNAPSHOT_TEXT = 64,
};

struct snapshot_process {
	struct procsrv_info info;
	struct procsrv_limits limits;
	struct procsrv_credentials credentials;
	struct procsrv_session_args session;
	struct procsrv_group_args group;
	char argv[SNAPSHOT_TEXT];
	char envp[SNAPSHOT_TEXT];
	char cwd[SNAPSHOT_TEXT];
	char terminal[SNAPSHOT_TEXT];
};

struct snapshot {
	struct procsrv_stats stats;
	int free_fd;
	struct snapshot_process processes[SNAPSHOT_MAX];
};

static inline int snapshot_process(int fd, __u64 pid,
				   struct snapshot_process *p)
{
	struct procsrv_info_args args = {
		.pid = pid,
		.info = to_u64(&p->info),
		.argv = to_u64(p->argv),
		.envp = to_u64(p->envp),
		.cwd = to_u64(p->cwd),
		.terminal = to_u64(p->terminal),
		.info_size = sizeof(p->info),
		.argv_size = sizeof(p->argv),
		.envp_size = sizeof(p->envp),
		.cwd_size = sizeof(p->cwd),
		.terminal_size = sizeof(p->terminal),
	};
	int ret = call(fd, PROCSRV_IOC_INFO, &args);

	if (!ret)
		ret = get_limits(fd, pid, &p->limits);
	if (!ret)
		ret = get_credentials(fd, pid, &p->credentials);
	if (!ret && p->info.sid)
		ret = get_session(fd, p->info.sid, &p->session);
	if (!ret && p->info.pgid)
		ret = get_group(fd, p->info.pgid, &p->group);
	return ret;
}

static inline void snapshot_take(struct __test_metadata *_metadata,
				 const struct scene *scene,
				 struct snapshot *snapshot)
{
	__u64 pids[SNAPSHOT_MAX + 1];
	__u64 cursor = scene->root - 1;
	int i, n;

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->free_fd = free_fd();
	ASSERT_EQ(0, get_stats(scene->fd, &snapshot->stats));
	n = list_pids(scene->fd, PROCSRV_LIST_ALL, 0, &cursor, pids,
		      ARRAY_SIZE(pids));
	ASSERT_LE(0, n);
	ASSERT_GE(SNAPSHOT_MAX, n);
	for (i = 0; i < n; i++)
		ASSERT_EQ(0, snapshot_process(scene->fd, pids[i],
					      &snapshot->processes[i]));
}

static inline bool snapshot_same(struct __test_metadata *_metadata,
				 const struct scene *scene,
				 const struct snapshot *before)
{
	struct snapshot after;

	snapshot_take(_metadata, scene, &after);
	return !memcmp(&after, before, sizeof(after));
}

#endif /* SELFTESTS_SNAPSHOT_H */
