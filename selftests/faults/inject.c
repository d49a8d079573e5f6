// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - allocations and copies that fail
 *
 * Every call is made to fail at the first place where it can, then at the
 * second, and so on, until no fault is injected. Each time it has either failed
 * and changed nothing, or succeeded completely.
 *
 * One exception is unavoidable: the last copy, of the result, may fail after
 * the call has taken effect, if the program has unmapped the memory meanwhile.
 */
#include "attempt.h"
#include "../events.h"

/* The effects of all faults in the call of one struct row. */
struct tally {
	unsigned int faults;	/* injected */
	unsigned int memory;	/* failed with ENOMEM */
	unsigned int copies;	/* failed with EFAULT */
	unsigned int late;	/* the same, after the call took effect */
	unsigned int absorbed;	/* without an error */
};

/* The same call without a fault, for comparison. */
static struct attempt whole;

static void attempt_nth(struct attempt *a, int nth_fd, unsigned int nth,
			const struct row *row)
{
	int fd = a->world.scene.fd;

	nth_arm(nth_fd, nth);
	a->ret = call(fd, row->cmd, &a->args);
	a->failed = nth_has_failed(nth_fd);
}

/* Compares results, except for addresses and times. */
static bool same_result(const struct row *row, const union procsrv_args *args)
{
	union procsrv_args a = *args, b = whole.args;

	switch (row->cmd) {
	case PROCSRV_IOC_TIME:
		return a.time.frequency == b.time.frequency &&
		       a.time.source == b.time.source;
	case PROCSRV_IOC_INFO:
		memset(&a.info.info, 0, 5 * sizeof(__u64));
		memset(&b.info.info, 0, 5 * sizeof(__u64));
		break;
	case PROCSRV_IOC_LIST:
	case PROCSRV_IOC_LIST_PIDS:
		a.list.buf = b.list.buf;
		break;
	case PROCSRV_IOC_SESSION:
		a.session.terminal = b.session.terminal;
		break;
	}
	return !memcmp(&a, &b, _IOC_SIZE(row->cmd));
}

static bool gives_file(const struct row *row)
{
	return row->cmd == PROCSRV_IOC_OPEN_PROCESS ||
	       row->cmd == PROCSRV_IOC_NEW_SERVER;
}

/* Whether the call may take effect although its result is not stored. */
static bool may_be_late(const struct row *row)
{
	return find_call(row->cmd)->changes && !gives_file(row) &&
	       _IOC_DIR(row->cmd) & _IOC_READ;
}

/* The call took full effect. */
static void expect_done(struct __test_metadata *_metadata,
			const struct row *row)
{
	EXPECT_EQ(0, attempt.ret);
	EXPECT_TRUE(same_result(row, &attempt.args));
	EXPECT_TRUE(is_same(&attempt.after, &whole.after));
}

/* The call changed nothing, and works when repeated without faults. */
static void expect_undone(struct __test_metadata *_metadata,
			  const struct row *row)
{
	const struct scene *scene = &attempt.world.scene;

	EXPECT_EQ(0, memcmp(&attempt.args, &attempt.given,
			    sizeof(attempt.args)));
	EXPECT_TRUE(is_same(&attempt.after, &attempt.before));
	row->prepare(&attempt.world, &attempt.args);
	attempt.ret = call(scene->fd, row->cmd, &attempt.args);
	take_snapshot(_metadata, scene, &attempt.after);
	expect_done(_metadata, row);
}

/* The batch succeeds, but one of its operations has failed. */
static bool fails_inside(const struct row *row)
{
	const struct procsrv_batch_args *batch = &attempt.args.batch;
	int err;

	if (row->cmd != PROCSRV_IOC_BATCH || attempt.ret || !batch->done)
		return false;
	err = ops[batch->done - 1].result;
	if (err == -ENOMEM || err == -EFAULT)
		attempt.ret = err;
	return attempt.ret;
}

static void judge(struct __test_metadata *_metadata, const struct row *row,
		  struct tally *tally)
{
	if (fails_inside(row))
		attempt.args = attempt.given;
	tally->faults++;
	switch (attempt.ret) {
	case 0:
		tally->absorbed++;
		expect_done(_metadata, row);
		break;
	case -EFAULT:
		if (may_be_late(row) &&
		    !is_same(&attempt.after, &attempt.before)) {
			tally->late++;
			EXPECT_TRUE(is_same(&attempt.after, &whole.after));
			break;
		}
		tally->copies++;
		expect_undone(_metadata, row);
		break;
	default:
		EXPECT_EQ(-ENOMEM, attempt.ret);
		tally->memory++;
		expect_undone(_metadata, row);
	}
}

/* The call without faults, which the others are compared with. */
static void do_it_whole(struct __test_metadata *_metadata, int device,
			const struct row *row)
{
	begin(_metadata, &whole, device, row);
	whole.ret = call(whole.world.scene.fd, row->cmd, &whole.args);
	take_snapshot(_metadata, &whole.world.scene, &whole.after);
	finish(&whole);
	ASSERT_EQ(0, whole.ret);
}

static void fail_in_turn(struct __test_metadata *_metadata, int device,
			 int nth_fd, const struct row *row, struct tally *tally)
{
	unsigned int nth = 0;

	memset(tally, 0, sizeof(*tally));
	do {
		begin(_metadata, &attempt, device, row);
		attempt_nth(&attempt, nth_fd, ++nth, row);
		take_snapshot(_metadata, &attempt.world.scene, &attempt.after);
		if (attempt.failed)
			judge(_metadata, row, tally);
		else
			expect_done(_metadata, row);
		finish(&attempt);
	} while (attempt.failed && _metadata->passed);
	nr_faults += tally->faults;
}

static void check_row(struct __test_metadata *_metadata, int device,
		      int nth_fd, const struct row *row)
{
	struct tally tally;
	int round = 0;

	do_it_whole(_metadata, device, row);
	do {
		fail_in_turn(_metadata, device, nth_fd, row, &tally);
	} while (may_find_more(row, tally.memory, ++round));
	EXPECT_LE(least_memory(row), tally.memory);
	/* Every call copies its structure, in or out. */
	EXPECT_LT(0, tally.copies + tally.late);
	TH_LOG("%s: %u faults: %u ENOMEM, %u EFAULT, %u when it was done, %u without consequence",
	       row->name, tally.faults, tally.memory, tally.copies,
	       tally.late, tally.absorbed);
}

/* With no memory at all, exactly the calls that allocate fail. */
static void check_shortage(struct __test_metadata *_metadata, int device,
			   int mark, const struct row *row)
{
	struct tally tally = {};

	do_it_whole(_metadata, device, row);
	begin(_metadata, &attempt, device, row);
	shortage_set(mark, true);
	attempt.ret = call(attempt.world.scene.fd, row->cmd, &attempt.args);
	shortage_set(mark, false);
	take_snapshot(_metadata, &attempt.world.scene, &attempt.after);
	judge(_metadata, row, &tally);
	EXPECT_EQ(row->memory || row->takes, tally.memory)
		TH_LOG("%s", row->name);
	finish(&attempt);
	nr_faults += tally.memory;
}

TEST_F(faults, every_call_at_every_place)
{
	int i, failed = 0;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		check_row(_metadata, self->device, self->nth, &rows[i]);
		if (!_metadata->passed) {
			TH_LOG("in %s", rows[i].name);
			failed++;
			_metadata->passed = 1;
		}
	}
	EXPECT_EQ(0, failed);
}

TEST_F(faults, every_call_without_memory)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		check_shortage(_metadata, self->device, self->mark, &rows[i]);
}

/* There is a row for every call. */
TEST(no_call_is_missing)
{
	int i, j;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		for (j = 0; j < ARRAY_SIZE(rows); j++)
			if (rows[j].cmd == calls[i].cmd)
				break;
		EXPECT_GT(ARRAY_SIZE(rows), j)
			TH_LOG("%s", calls[i].name);
	}
}

/*
 * Files
 */

TEST_F(faults, open_the_device)
{
	int ret, fd = free_fd();
	bool failed;

	do {
		nth_arm(self->nth, nr_faults + 1);
		ret = open(DEVICE, O_RDWR | O_CLOEXEC);
		ret = ret < 0 ? -errno : ret;
		failed = nth_has_failed(self->nth);
		if (ret >= 0) {
			EXPECT_EQ(fd, ret);
			EXPECT_EQ(0, close(ret));
		} else {
			EXPECT_TRUE(failed);
			EXPECT_TRUE(ret == -ENOMEM || ret == -EFAULT);
			EXPECT_EQ(fd, free_fd());
		}
		nr_faults += failed;
	} while (failed);
	/* The name, the file, the client and its reader. */
	EXPECT_LE(4, nr_faults);
}

/* A failed copy to mapped memory is retried: no event is lost. */
TEST_F(faults, read_events)
{
	enum { NR = 5 };
	struct procsrv_event got[NR];
	int i, n, server;
	bool failed;
	__u64 pid;

	do {
		server = new_server(self->device);
		ASSERT_LE(0, server);
		ASSERT_EQ(0, fcntl(server, F_SETFL, O_NONBLOCK));
		ASSERT_EQ(0, subscribe_to_all(server));
		for (i = 0; i < NR; i++)
			ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
		memset(got, PATTERN, sizeof(got));
		nth_arm(self->nth, nr_faults + 1);
		n = read_events(server, got, NR);
		failed = nth_has_failed(self->nth);
		EXPECT_EQ(NR, n);
		for (i = 0; i < NR; i++)
			EXPECT_EQ(i + 1, got[i].seq);
		nr_faults += failed;
		EXPECT_EQ(0, close(server));
	} while (failed);
	EXPECT_EQ(NR, nr_faults);
}

/* The first read or poll subscribes. If that fails, the next one does. */
TEST_F(faults, subscribe_by_reading)
{
	struct procsrv_event event;
	int server, ret, round;
	__u64 pid;

	for (round = 0; round < 2; round++) {
		server = new_server(self->device);
		ASSERT_LE(0, server);
		ASSERT_EQ(0, fcntl(server, F_SETFL, O_NONBLOCK));
		shortage_set(self->mark, true);
		ret = round ? polled(server, 0) :
			      read_events(server, &event, 1);
		shortage_set(self->mark, false);
		EXPECT_EQ(round ? POLLERR : -ENOMEM, ret);
		nr_faults++;
		ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
		EXPECT_EQ(-EAGAIN, read_events(server, &event, 1));
		ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
		ASSERT_EQ(1, read_events(server, &event, 1));
		EXPECT_EQ(2, event.seq);
		EXPECT_EQ(0, close(server));
	}
}

TEST_F(faults, read_a_handle)
{
	struct procsrv_exit_record record;
	int server = new_server(self->device), handle;
	__u64 pid;

	ASSERT_LE(0, server);
	ASSERT_EQ(0, create(server, PROCSRV_INIT_PID, &pid));
	handle = open_process(server, pid, 0);
	ASSERT_LE(0, handle);
	ASSERT_EQ(0, terminate(server, pid, 3, 0));
	nth_arm(self->nth, 1);
	EXPECT_EQ(-EFAULT, read_record(handle, &record));
	nr_faults += nth_has_failed(self->nth);
	EXPECT_TRUE(untouched(&record, sizeof(record)));
	ASSERT_EQ(0, read_record(handle, &record));
	EXPECT_EQ(3, record.exit_code);
	close(handle);
	close(server);
}

TEST_HARNESS_MAIN
