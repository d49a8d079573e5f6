// SPDX-License-Identifier: GPL-2.0-only
/*
 * procsrv selftests - hosts that take signals by io_uring
 */
#include "../hosts.h"
#include "uring.h"

FIXTURE(hosting)
{
	struct scene scene;
	struct io_uring ring;
	int fd;
	__u64 root;
	__u64 pid;
};

FIXTURE_SETUP(hosting)
{
	scene_setup(_metadata, &self->scene);
	self->fd = self->scene.fd;
	self->root = self->scene.root;
	ASSERT_EQ(0, ring_init(&self->ring, 0));
	ASSERT_EQ(0, create_hosted(self->fd, self->root, &self->pid));
}

FIXTURE_TEARDOWN(hosting)
{
	io_uring_queue_exit(&self->ring);
	scene_teardown(_metadata, &self->scene);
}

TEST_F(hosting, takes_what_is_there)
{
	struct procsrv_take_signal_args args = take_args(0, 0);

	ASSERT_EQ(0, signal_pid(self->fd, self->pid, 9));
	EXPECT_EQ(0, run(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL, &args,
			 0));
	EXPECT_EQ(9, args.signo);
	EXPECT_EQ(self->pid, args.target);
	EXPECT_EQ(PROCSRV_FROM_OUTSIDE, args.origin);
	args = take_args(0, PROCSRV_TAKE_NOHANG);
	EXPECT_EQ(-EAGAIN, run(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL,
			       &args, 0));
	EXPECT_TRUE(take_is_untouched(&args));
	args = take_args(0, PROCSRV_TAKE_TIMEOUT);
	args.timeout = MSEC;
	EXPECT_EQ(-ETIMEDOUT, run(&self->ring, self->fd,
				  PROCSRV_IOC_TAKE_SIGNAL, &args, 0));
	args = take_args(0, 0);
	args.mask--;
	EXPECT_EQ(-EINVAL, run(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL,
			       &args, 0));
}

TEST_F(hosting, waits_for_one_that_comes)
{
	struct procsrv_take_signal_args args[3];
	__u64 data = 0;
	int i;

	for (i = 0; i < 3; i++) {
		args[i] = take_args(0, 0);
		submit(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL, &args[i],
		       i);
	}
	EXPECT_TRUE(is_idle(&self->ring));
	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, signal_pid(self->fd, self->pid, 20 + i));
		EXPECT_EQ(0, reap_one(&self->ring, &data));
		ASSERT_GT(3, data);
		EXPECT_EQ(20 + i, args[data].signo);
		EXPECT_EQ(self->pid, args[data].target);
		EXPECT_TRUE(is_idle(&self->ring));
	}
	EXPECT_EQ(0, pending_of(self->fd, self->pid));
}

/* A cancelled take consumes no signal. */
TEST_F(hosting, is_cancelled)
{
	struct procsrv_take_signal_args args = take_args(0, 0);
	__u64 data[2];
	int ret[2], i;

	submit(&self->ring, self->fd, PROCSRV_IOC_TAKE_SIGNAL, &args, 1);
	EXPECT_TRUE(is_idle(&self->ring));
	submit(&self->ring, self->fd, PROCSRV_URING_CANCEL, &args, 2);
	for (i = 0; i < 2; i++)
		ret[i] = reap_one(&self->ring, &data[i]);
	EXPECT_EQ(3, data[0] + data[1]);
	EXPECT_EQ(-ECANCELED, ret[data[0] == 1 ? 0 : 1]);
	EXPECT_EQ(0, ret[data[0] == 1 ? 1 : 0]);
	EXPECT_TRUE(take_is_untouched(&args));
	ASSERT_EQ(0, signal_pid(self->fd, self->pid, 9));
	EXPECT_EQ(1ULL << 8, pending_of(self->fd, self->pid));
}

/* Reports through the same ring as the takes. */
TEST_F(hosting, reports)
{
	struct procsrv_report_args args = {
		.pid = self->pid,
		.what = PROCSRV_BODY_STOPPED,
		.signo = 20,
	};

	EXPECT_EQ(0, run(&self->ring, self->fd, PROCSRV_IOC_REPORT, &args, 0));
	EXPECT_EQ(PROCSRV_STOPPED, state_of(self->fd, self->pid));
	args.what = PROCSRV_BODY_EXITING;
	EXPECT_EQ(-EINVAL, run(&self->ring, self->fd, PROCSRV_IOC_REPORT,
			       &args, 0));
	args.signo = 0;
	EXPECT_EQ(0, run(&self->ring, self->fd, PROCSRV_IOC_REPORT, &args,
			 IOSQE_ASYNC));
	EXPECT_EQ(-ESRCH, run(&self->ring, self->fd, PROCSRV_IOC_REPORT,
			      &args, 0));
}

TEST_HARNESS_MAIN
