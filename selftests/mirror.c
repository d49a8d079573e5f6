// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - a listing and events together give the exact state
 *
 * Threads make random changes in a private server. Meanwhile a mirror
 * subscribes, lists, and applies the events. After the last change the mirror
 * must be equal to a listing.
 */
#include "events.h"
#include "handles.h"
#include "tasks.h"

enum {
	MUTATORS = 3,
	STEPS = 700,
	MOST = 8192,			/* more than the highest possible pid */
	PAGE = 16,
};

/* The state of a process according to events; all zero for no process. */
struct image {
	__u64 pid;
	__u64 ppid;
	__u64 seq;			/* the latest event when it was listed */
	__u32 sid;
	__u32 pgid;
	__u32 state;
	__u32 execed;
	__s32 exit_code;
	__u32 exit_signal;
};

static struct image mirror[MOST];
static struct procsrv_event events[PROCSRV_RING_MAX / 16];

static void image_of(struct image *image, const struct procsrv_info *info)
{
	*image = (struct image) {
		.pid = info->pid,
		.ppid = info->ppid,
		.seq = info->seq,
		.sid = info->sid,
		.pgid = info->pgid,
		.state = info->state,
		.execed = info->flags & PROCSRV_INFO_EXECED,
		.exit_code = info->exit_code,
		.exit_signal = info->exit_signal,
	};
}

/* Lists all: 0, or a negative errno; -EIO if pages are inconsistent. */
static int list_all(int fd, struct image *images)
{
	struct procsrv_info infos[PAGE];
	struct procsrv_list_args args = {
		.buf = to_u64(infos),
		.record_size = sizeof(*infos),
	};
	__u64 seq = 0;
	int i, ret;

	do {
		args.count = PAGE;
		ret = call(fd, PROCSRV_IOC_LIST, &args);
		if (ret)
			return ret;
		if (args.seq < seq)
			return -EIO;
		seq = args.seq;
		for (i = 0; i < args.count; i++) {
			/* A page of up to 64 elements is consistent. */
			if (infos[i].seq != args.seq || infos[i].pid >= MOST)
				return -EIO;
			image_of(&images[infos[i].pid], &infos[i]);
		}
	} while (args.count == PAGE);
	return 0;
}

static void apply(struct image *images, const struct procsrv_event *e)
{
	struct image *image = &images[e->pid];

	if (e->seq <= image->seq)
		return;
	if (e->kind == PROCSRV_EVENT_CREATE)
		*image = (struct image) { .pid = e->pid, .ppid = e->other };
	if (!image->pid)
		return;			/* gone before it was listed */
	image->sid = e->sid;
	image->pgid = e->pgid;
	switch (e->kind) {
	case PROCSRV_EVENT_EXEC:
		image->execed = PROCSRV_INFO_EXECED;
		break;
	case PROCSRV_EVENT_EXIT:
		image->state = PROCSRV_ZOMBIE;
		image->exit_code = e->code;
		image->exit_signal = e->signo;
		break;
	case PROCSRV_EVENT_REAP:
		*image = (struct image) {};
		break;
	case PROCSRV_EVENT_STATE:
		image->state = e->detail;
		break;
	case PROCSRV_EVENT_PARENT:
		image->ppid = e->other;
		break;
	}
}

/* Makes a random change to a random process. */
static void step(int fd, unsigned int *seed, __u64 newest)
{
	__u64 pid = 2 + rand_r(seed) % newest, other = 1 + rand_r(seed) % newest;
	struct procsrv_update_args update = {
		.pid = pid,
		.mask = PROCSRV_UPDATE_STATE,
		.state = rand_r(seed) % 2,
	};
	struct procsrv_set_reaper_args reaper = { pid, rand_r(seed) % 2 };
	const int signals[] = { 9, 15, 18, 19, 19, 10 };
	struct procsrv_info info;
	__u32 sid, pgid;

	switch (rand_r(seed) % 12) {
	case 0:
		terminate(fd, pid, rand_r(seed) % 100, 0);
		break;
	case 1:
		signal_pid(fd, pid, signals[rand_r(seed) % 6]);
		break;
	case 2:
		create_session(fd, pid, &sid, &pgid);
		break;
	case 3:
		if (!get_info(fd, pid, &info))
			create_group(fd, 0, pid, info.sid, &pgid);
		break;
	case 4:
		if (!get_info(fd, other, &info))
			set_group(fd, 0, pid, info.pgid);
		break;
	case 5:
		do_exec(fd, pid, "execed");
		break;
	case 6:
		call(fd, PROCSRV_IOC_UPDATE, &update);
		break;
	case 7:
		call(fd, PROCSRV_IOC_SET_REAPER, &reaper);
		break;
	case 8:
		reap(fd, other, pid);
		break;
	case 9:
		call(fd, PROCSRV_IOC_REAP, &(struct procsrv_reap_args) {});
		break;
	default:
		create(fd, other, &pid);
	}
}

/* The mirror has begun to read. */
static bool subscribed;

static long mutate(struct task *task)
{
	unsigned int seed = 1 + (uintptr_t)task->data;
	struct procsrv_stats stats;
	int i;

	for (i = 0; i < STEPS; i++) {
		/* Half of the changes follow the subscription. */
		while (i >= STEPS / 2 && !__atomic_load_n(&subscribed,
							  __ATOMIC_ACQUIRE))
			sched_yield();
		if (get_stats(task->fd, &stats))
			return -EIO;
		step(task->fd, &seed, stats.total_created + 1);
	}
	return 0;
}

TEST_F(procsrv, mirrored)
{
	int server = new_server(self->fd), looks = 0, i, n, pass;
	static struct image listed[MOST];
	struct task tasks[MUTATORS];
	struct procsrv_stats stats;
	__u64 seq, last;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, fcntl(server, F_SETFL, O_NONBLOCK));
	for (i = 0; i < MUTATORS; i++)
		ASSERT_EQ(0, task_start(&tasks[i], server, mutate,
					(void *)(uintptr_t)i));
	/* Begin in the middle of the changes. */
	do {
		ASSERT_EQ(0, get_stats(server, &stats));
	} while (stats.total_created < 40 && look_again(&looks));
	ASSERT_EQ(0, subscribe(server, 0, ALL_EVENTS, PROCSRV_RING_MAX, 0,
			       &seq));
	__atomic_store_n(&subscribed, true, __ATOMIC_RELEASE);
	ASSERT_EQ(0, list_all(server, mirror));
	last = seq;
	/* Once more after all threads have ended. */
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < MUTATORS && pass; i++)
			EXPECT_EQ(0, task_join(&tasks[i]));
		while ((n = read_events(server, events,
					ARRAY_SIZE(events))) > 0) {
			for (i = 0; i < n; i++) {
				ASSERT_EQ(++last, events[i].seq);
				ASSERT_GT(MOST, events[i].pid);
				apply(mirror, &events[i]);
			}
		}
		ASSERT_EQ(-EAGAIN, n);
	}
	ASSERT_EQ(0, list_all(server, listed));
	EXPECT_EQ(last, listed[PROCSRV_INIT_PID].seq);
	EXPECT_LT(seq, last);
	for (i = 0; i < MOST; i++) {
		mirror[i].seq = 0;
		listed[i].seq = 0;
		EXPECT_EQ(0, memcmp(&mirror[i], &listed[i], sizeof(*mirror)))
			TH_LOG("pid %d", i);
	}
	ASSERT_EQ(0, close(server));
}

/* A page and its elements have the number of the latest event. */
TEST_F(events, numbers_of_pages)
{
	struct procsrv_info info;
	__u64 pids[4], seq;
	struct procsrv_list_args args = {
		.buf = to_u64(pids),
		.record_size = sizeof(*pids),
		.count = 4,
		.seq = PATTERN64,
	};

	ASSERT_EQ(0, get_info(self->fd, self->root, &info));
	EXPECT_EQ(self->seq, info.seq);
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_LIST_PIDS, &args));
	EXPECT_EQ(self->seq, args.seq);
	ASSERT_EQ(0, signal_pid(self->fd, self->root, 10));
	ASSERT_EQ(0, get_info(self->fd, self->root, &info));
	EXPECT_EQ(self->seq + 1, info.seq);
	args.cursor = self->root - 1;
	args.buf = to_u64(&info);
	args.record_size = sizeof(info);
	args.count = 1;
	ASSERT_EQ(0, call(self->fd, PROCSRV_IOC_LIST, &args));
	EXPECT_EQ(self->seq + 1, args.seq);
	EXPECT_EQ(self->seq + 1, info.seq);
	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, 0, 0, &seq));
	EXPECT_EQ(self->seq + 1, seq);
}

TEST_HARNESS_MAIN
