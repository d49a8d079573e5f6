// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations as commands of io_uring
 *
 * A ring is made when an input first needs it. With the input it is closed, whatever is still
 * in it; if there is nothing the first is kept, because to make one takes longer than all the rest.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	ENTRIES = 32,
};

static struct {
	struct io_uring uring;
	pthread_mutex_t lock;
	bool open;
	unsigned int in_flight;
	int fd;		/* kept free for it, below those of inputs */
} rings[NR_RINGS] = {
	{ .lock = PTHREAD_MUTEX_INITIALIZER }, { .lock = PTHREAD_MUTEX_INITIALIZER },
};

static unsigned int number_of(const struct record *r)
{
	return r->how & HOW_RING ? 1 : 0;
}

/**
 * rings_init() - keep numbers for the descriptors of rings, which outlive an input
 */
void rings_init(void)
{
	unsigned int i;

	for (i = 0; i < NR_RINGS; i++)
		rings[i].fd = dup(STDIN_FILENO);
}

static int open_ring(unsigned int n)
{
	struct io_uring *ring = &rings[n].uring;
	int err = io_uring_queue_init(ENTRIES, ring, 0);

	if (err)
		return err;
	dup3(ring->ring_fd, rings[n].fd, O_CLOEXEC);
	close(ring->ring_fd);
	ring->ring_fd = rings[n].fd;
	ring->enter_ring_fd = rings[n].fd;
	rings[n].open = true;
	rings[n].in_flight = 0;
	return 0;
}

static void close_ring(unsigned int n)
{
	io_uring_queue_exit(&rings[n].uring);
	dup2(STDIN_FILENO, rings[n].fd);
	rings[n].open = false;
}

/* Locked, if nobody else uses it just now. */
static struct io_uring *get_ring(unsigned int n)
{
	if (pthread_mutex_trylock(&rings[n].lock))
		return NULL;
	if (rings[n].open || !open_ring(n))
		return &rings[n].uring;
	pthread_mutex_unlock(&rings[n].lock);
	return NULL;
}

static void put_ring(unsigned int n)
{
	pthread_mutex_unlock(&rings[n].lock);
}

/* Takes what has completed; what came of @data if that has. */
static long reap_ring(unsigned int n, __u64 data)
{
	struct io_uring *ring = &rings[n].uring;
	struct io_uring_cqe *cqe;
	long result = -EINPROGRESS;

	while (!io_uring_peek_cqe(ring, &cqe)) {
		if (cqe->user_data == data)
			result = cqe->res;
		io_uring_cqe_seen(ring, cqe);
		rings[n].in_flight--;
	}
	return result;
}

static long submit(unsigned int n, const struct record *r, int fd, unsigned int cmd,
		   __u64 address, __u64 data)
{
	struct io_uring *ring = get_ring(n);
	struct io_uring_sqe *sqe;
	long result = -EBUSY;

	if (!ring)
		return -EBUSY;
	program.used_uring = true;
	sqe = io_uring_get_sqe(ring);
	if (sqe) {
		io_uring_prep_rw(IORING_OP_URING_CMD, sqe, fd, (void *)address, 0, 0);
		sqe->cmd_op = cmd;
		sqe->user_data = data;
		if (r->how & HOW_ASYNC)
			sqe->flags |= IOSQE_ASYNC;
		if (r->spoil == SPOIL_PADDING && r->arg[0] & 1)
			sqe->len = 1;
		result = io_uring_submit(ring);
		if (result > 0)
			rings[n].in_flight += result;
		if (result >= 0)
			result = reap_ring(n, data);
	}
	put_ring(n);
	return result;
}

/**
 * ring_ioctl() - submit an operation
 * @a: who does
 * @r: the operation
 * @index: which record of the program
 * @fd: the descriptor
 * @cmd: the number
 * @address: of the structure
 *
 * Return: what came of it, or -EINPROGRESS if that is not known yet.
 */
long ring_ioctl(struct actor *a, const struct record *r, unsigned int index, int fd,
		unsigned int cmd, __u64 address)
{
	(void)a;
	return submit(number_of(r), r, fd, cmd, address, index + 1);
}

/**
 * ring_cancel() - cancel what was submitted, by the server's command or by io_uring's
 * @r: the operation
 * @fd: the descriptor
 */
long ring_cancel(const struct record *r, int fd)
{
	unsigned int n = number_of(r), index = r->arg[0] % MAX_RECORDS;
	struct io_uring_sqe *sqe;
	struct io_uring *ring;
	long result = -EBUSY;

	if (r->arg[1] & 1)
		return submit(n, r, fd, PROCSRV_URING_CANCEL, (uintptr_t)args_at(index), 1000);
	ring = get_ring(n);
	if (!ring)
		return -EBUSY;
	sqe = io_uring_get_sqe(ring);
	if (sqe) {
		if (r->arg[1] & 2)
			io_uring_prep_cancel_fd(sqe, fd, IORING_ASYNC_CANCEL_ALL);
		else
			io_uring_prep_cancel64(sqe, index + 1, 0);
		sqe->user_data = 1000;
		result = io_uring_submit(ring);
		if (result > 0)
			rings[n].in_flight += result;
		if (result >= 0)
			result = reap_ring(n, 1000);
	}
	put_ring(n);
	return result;
}

/**
 * ring_wait() - wait a moment for completions
 * @r: the operation
 */
long ring_wait(const struct record *r)
{
	struct __kernel_timespec t = { .tv_nsec = (r->arg[0] & 15) * 100000L };
	struct io_uring_cqe *cqe;
	struct io_uring *ring;
	unsigned int n = number_of(r);
	long result;

	if (!rings[n].open)
		return -ENOENT;
	ring = get_ring(n);
	if (!ring)
		return -EBUSY;
	result = io_uring_wait_cqe_timeout(ring, &cqe, &t);
	reap_ring(n, 0);
	put_ring(n);
	return result;
}

/**
 * ring_close() - close a ring with all that is in it
 * @r: the operation
 */
long ring_close(const struct record *r)
{
	unsigned int n = number_of(r);

	if (pthread_mutex_trylock(&rings[n].lock))
		return -EBUSY;
	if (rings[n].open)
		close_ring(n);
	put_ring(n);
	return 0;
}

/**
 * rings_close() - close them, at the end of an input
 */
void rings_close(void)
{
	unsigned int i;

	for (i = 0; i < NR_RINGS; i++) {
		if (!rings[i].open)
			continue;
		reap_ring(i, 0);
		if (!rings[i].in_flight && i == 0)
			continue;
		close_ring(i);
	}
}
