/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procsrv selftests - reading events
 */
#ifndef SELFTESTS_EVENTS_H
#define SELFTESTS_EVENTS_H

#include "fixture.h"

#define ALL_EVENTS PROCSRV_EVENTS_ALL

static inline int subscribe(int fd, __u64 pid, __u32 kinds, __u32 capacity,
			    __u32 flags, __u64 *seq)
{
	struct procsrv_subscribe_args args = {
		.pid = pid,
		.kinds = kinds,
		.capacity = capacity,
		.flags = flags,
		.seq = PATTERN64,
	};
	int ret = call(fd, PROCSRV_IOC_SUBSCRIBE, &args);

	if (seq)
		*seq = args.seq;
	return ret;
}

static inline int subscribe_to_all(int fd)
{
	return subscribe(fd, 0, ALL_EVENTS, 0, 0, NULL);
}

/* Returns the number of bytes read, or a negative errno. */
static inline long read_bytes(int fd, void *buf, size_t size)
{
	/* Not read(), because the compiler rejects NULL there. */
	long ret = syscall(SYS_read, fd, buf, size);

	return ret < 0 ? -errno : ret;
}

/*
 * Returns the number of events read, or a negative errno; -EIO for a partial
 * one.
 */
static inline int read_events(int fd, struct procsrv_event *events, int max)
{
	long ret = read_bytes(fd, events, max * sizeof(*events));

	if (ret < 0)
		return ret;
	return ret % sizeof(*events) ? -EIO : (int)(ret / sizeof(*events));
}

/* Reads the next event. Returns its kind, or a negative errno. */
static inline int next_kind(int fd)
{
	struct procsrv_event event;
	int n = read_events(fd, &event, 1);

	return n < 0 ? n : n == 1 ? (int)event.kind : -EIO;
}

/* Reads all events. Returns their number, or a negative errno. */
static inline int drain(int fd)
{
	struct procsrv_event events[32];
	int n, sum = 0;

	while ((n = read_events(fd, events, ARRAY_SIZE(events))) > 0)
		sum += n;
	return n == -EAGAIN ? sum : n;
}

/* The next event must be @want. Its number and time are copied to @want. */
static inline void expect_event(struct __test_metadata *_metadata, int fd,
				struct procsrv_event *want)
{
	struct procsrv_event got;

	memset(&got, PATTERN, sizeof(got));
	ASSERT_EQ(1, read_events(fd, &got, 1));
	EXPECT_EQ(want->kind, got.kind);
	EXPECT_EQ(want->pid, got.pid);
	EXPECT_EQ(want->other, got.other);
	EXPECT_EQ(want->value, got.value);
	EXPECT_EQ(want->sid, got.sid);
	EXPECT_EQ(want->pgid, got.pgid);
	EXPECT_EQ(want->signo, got.signo);
	EXPECT_EQ(want->code, got.code);
	EXPECT_EQ(want->detail, got.detail);
	*want = got;
}

static inline void expect_nothing(struct __test_metadata *_metadata, int fd)
{
	struct procsrv_event event;

	memset(&event, PATTERN, sizeof(event));
	EXPECT_EQ(-EAGAIN, read_events(fd, &event, 1));
	EXPECT_TRUE(untouched(&event, sizeof(event)));
}

/* A descriptor of the device that does not block, with no subscription. */
static inline int open_reader(void)
{
	return open(DEVICE, O_RDWR | O_CLOEXEC | O_NONBLOCK);
}

/* A scene, and a reader of all events from its setup on. */
FIXTURE(events)
{
	struct scene scene;
	int fd;
	__u64 root;
	int reader;
	__u64 seq;
};

FIXTURE_SETUP(events)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	self->root = self->scene.root;
	self->reader = open_reader();
	ASSERT_LE(0, self->reader);
	ASSERT_EQ(0, subscribe(self->reader, 0, ALL_EVENTS, 0, 0, &self->seq));
}

FIXTURE_TEARDOWN(events)
{
	EXPECT_EQ(0, close(self->reader));
	scene_teardown(_metadata, &self->scene);
}

#endif /* SELFTESTS_EVENTS_H */
