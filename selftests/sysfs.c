// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - the statistics, by ioctl and in /sys/kernel/procsrv
 */
#include <dirent.h>
#include <sys/stat.h>

#include "fixture.h"

#define SYSFS "/sys/kernel/procsrv/"

static const char *const names[] = {
	"total_processes", "running", "sleeping", "stopped", "zombies",
	"total_created", "total_exited", "sessions", "process_groups",
	"orphans",
};

enum { NR_COUNTERS = ARRAY_SIZE(names) };

/* Reads a file. Returns the number of bytes, or -1. */
static int read_file(const char *name, char *buf, size_t size)
{
	char path[128];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), SYSFS "%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return -1;
	len = read(fd, buf, size - 1);
	close(fd);
	if (len >= 0)
		buf[len] = 0;
	return len;
}

/* The text of the stats file for @stats. */
static void format_stats(const struct procsrv_stats *stats, char *buf)
{
	const __u64 *value = (const __u64 *)stats;
	int i;

	for (i = 0; i < NR_COUNTERS; i++)
		buf += sprintf(buf, "%s %llu\n", names[i],
			       (unsigned long long)value[i]);
}

static bool parse_stats(const char *buf, struct procsrv_stats *stats)
{
	__u64 *value = (__u64 *)stats;
	unsigned long long number;
	char name[32];
	int i, used;

	for (i = 0; i < NR_COUNTERS; i++) {
		if (sscanf(buf, "%31s %llu\n%n", name, &number, &used) != 2 ||
		    strcmp(name, names[i]))
			return false;
		value[i] = number;
		buf += used;
	}
	return !*buf;
}

/* Invariants of the statistics. */
static bool consistent(const struct procsrv_stats *s)
{
	return s->total_processes ==
		       s->running + s->sleeping + s->stopped + s->zombies &&
	       /* All processes but init were created. Exited ones are
		* zombies or gone.
		*/
	       s->total_processes - s->zombies ==
		       1 + s->total_created - s->total_exited &&
	       s->orphans <= s->zombies && s->sessions <= s->process_groups &&
	       s->process_groups <= s->total_processes;
}

/* A process in every state, an orphan, two sessions, three groups. */
static void populate(struct __test_metadata *_metadata, int fd, __u64 root)
{
	struct procsrv_update_args sleeping = {
		.mask = PROCSRV_UPDATE_STATE,
		.state = PROCSRV_SLEEPING,
	};
	__u64 pids[5], orphan;
	__u32 sid, pgid;
	int i;

	ASSERT_EQ(0, create_session(fd, root, &sid, &pgid));
	for (i = 0; i < 5; i++)
		ASSERT_EQ(0, create(fd, root, &pids[i]));
	sleeping.pid = pids[0];
	ASSERT_EQ(0, call(fd, PROCSRV_IOC_UPDATE, &sleeping));
	ASSERT_EQ(0, signal_pid(fd, pids[1], 19));
	ASSERT_EQ(0, create_group(fd, 0, pids[2], sid, &pgid));
	ASSERT_EQ(0, create_group(fd, 0, pids[3], sid, &pgid));
	ASSERT_EQ(0, create_session(fd, pids[3], &sid, &pgid));
	ASSERT_EQ(0, create(fd, pids[4], &orphan));
	ASSERT_EQ(0, terminate(fd, orphan, 0, 0));
	ASSERT_EQ(0, terminate(fd, pids[4], 0, 0));
}

TEST_F(procsrv, every_counter)
{
	const struct procsrv_stats *was = &self->scene.before;
	struct procsrv_stats is;

	populate(_metadata, self->fd, self->root);
	ASSERT_EQ(0, get_stats(self->fd, &is));
	EXPECT_EQ(7, is.total_processes - was->total_processes);
	EXPECT_EQ(3, is.running - was->running);
	EXPECT_EQ(1, is.sleeping - was->sleeping);
	EXPECT_EQ(1, is.stopped - was->stopped);
	EXPECT_EQ(2, is.zombies - was->zombies);
	EXPECT_EQ(7, is.total_created - was->total_created);
	EXPECT_EQ(2, is.total_exited - was->total_exited);
	EXPECT_EQ(2, is.sessions - was->sessions);
	EXPECT_EQ(3, is.process_groups - was->process_groups);
	EXPECT_EQ(1, is.orphans - was->orphans);
	EXPECT_TRUE(consistent(&is));
}

TEST_F(procsrv, stats_file)
{
	struct procsrv_stats stats;
	char got[1024], expected[1024];

	populate(_metadata, self->fd, self->root);
	ASSERT_EQ(0, get_stats(self->fd, &stats));
	format_stats(&stats, expected);
	ASSERT_LT(0, read_file("stats", got, sizeof(got)));
	EXPECT_STREQ(expected, got);
}

TEST_F(procsrv, one_value_files)
{
	struct procsrv_stats stats;
	const __u64 *value = (const __u64 *)&stats;
	char got[64], expected[64];
	int i;

	populate(_metadata, self->fd, self->root);
	ASSERT_EQ(0, get_stats(self->fd, &stats));
	for (i = 0; i < NR_COUNTERS; i++) {
		snprintf(expected, sizeof(expected), "%llu\n",
			 (unsigned long long)value[i]);
		ASSERT_LT(0, read_file(names[i], got, sizeof(got)));
		EXPECT_STREQ(expected, got) TH_LOG("%s", names[i]);
	}
}

TEST_F(procsrv, version_file)
{
	unsigned int major, minor, patch;
	char version[64], module[64];
	int len, fields, used = 0;

	len = read_file("version", version, sizeof(version));
	ASSERT_LT(0, len);
	fields = sscanf(version, "%u.%u.%u\n%n", &major, &minor, &patch, &used);
	EXPECT_EQ(3, fields);
	EXPECT_EQ(len, used);
	/* The version of the module. */
	ASSERT_LT(0, read_file("../../module/procsrv/version", module,
			       sizeof(module)));
	EXPECT_STREQ(module, version);
}

/*
 * There are the counters, stats and version, and no other files; all are
 * read-only.
 */
TEST_F(procsrv, files_are_read_only)
{
	struct dirent *entry;
	struct stat st;
	char path[300];
	int nr = 0;
	DIR *dir;

	dir = opendir(SYSFS);
	ASSERT_NE(NULL, dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		nr++;
		snprintf(path, sizeof(path), SYSFS "%s", entry->d_name);
		ASSERT_EQ(0, stat(path, &st));
		EXPECT_EQ(S_IFREG | 0444, st.st_mode) TH_LOG("%s", path);
		EXPECT_EQ(0, st.st_uid);
		EXPECT_EQ(-1, open(path, O_WRONLY)) TH_LOG("%s", path);
		EXPECT_EQ(-1, open(path, O_RDWR)) TH_LOG("%s", path);
	}
	closedir(dir);
	EXPECT_EQ(NR_COUNTERS + 2, nr);
}

/* The statistics are readable without permission to open the device. */
TEST_F(procsrv, anybody_may_read)
{
	char buf[1024];
	pid_t child;
	int i;

	child = fork_tied();
	ASSERT_LE(0, child);
	if (!child) {
		if (setresgid(65534, 65534, 65534) ||
		    setresuid(65534, 65534, 65534))
			_exit(1);
		if (read_file("stats", buf, sizeof(buf)) <= 0)
			_exit(2);
		for (i = 0; i < NR_COUNTERS; i++)
			if (read_file(names[i], buf, sizeof(buf)) <= 0)
				_exit(3);
		_exit(0);
	}
	EXPECT_EQ(0, child_status(child));
}

/* Runs processes of all kinds, until told to stop. */
struct life {
	pthread_t thread;
	int fd;
	__u64 root;
	bool stop;
	int err;
	unsigned long rounds;
};

static int one_life(struct life *l)
{
	__u64 leader, a, b;
	__u32 sid, pgid;
	int err = 0;

	err |= create(l->fd, l->root, &leader);
	err |= create_session(l->fd, leader, &sid, &pgid);
	err |= create(l->fd, leader, &a);
	err |= create(l->fd, leader, &b);
	err |= create_group(l->fd, leader, a, sid, &pgid);
	err |= signal_pid(l->fd, a, 19);
	err |= signal_pid(l->fd, b, 9);
	err |= signal_pid(l->fd, a, 18);
	err |= terminate(l->fd, leader, 0, 0);
	err |= terminate(l->fd, a, 0, 0);
	err |= reap(l->fd, l->root, leader);
	err |= reap(l->fd, PROCSRV_INIT_PID, b);
	err |= reap(l->fd, PROCSRV_INIT_PID, a);
	return err;
}

static void *life_run(void *data)
{
	struct life *l = data;

	while (!l->err && !__atomic_load_n(&l->stop, __ATOMIC_SEQ_CST)) {
		l->err = one_life(l);
		l->rounds++;
	}
	return NULL;
}

TEST_F(procsrv, consistent_under_load)
{
	enum { READINGS = 3000 };
	struct life lives[2] = {};
	struct procsrv_stats stats, last = {};
	bool good = true;
	char buf[1024];
	int i, n;

	for (i = 0; i < 2; i++) {
		lives[i].fd = self->fd;
		lives[i].root = self->root;
		ASSERT_EQ(0, pthread_create(&lives[i].thread, NULL, life_run,
					    &lives[i]));
	}
	for (n = 0; good && (n < READINGS || !lives[0].rounds ||
			     !lives[1].rounds); n++) {
		if (n % 2)
			good = get_stats(self->fd, &stats) == 0;
		else
			good = read_file("stats", buf, sizeof(buf)) > 0 &&
			       parse_stats(buf, &stats);
		good = good && consistent(&stats) &&
		       stats.total_created >= last.total_created &&
		       stats.total_exited >= last.total_exited;
		last = stats;
	}
	for (i = 0; i < 2; i++) {
		__atomic_store_n(&lives[i].stop, true, __ATOMIC_SEQ_CST);
		pthread_join(lives[i].thread, NULL);
		EXPECT_EQ(0, lives[i].err);
	}
	EXPECT_TRUE(good) {
		format_stats(&stats, buf);
		TH_LOG("reading %d:\n%s", n, buf);
	}
}

TEST_HARNESS_MAIN
