// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations as commands of io_uring
 *
 * A ring is created when an input first needs it. At the end of the input it is closed, with all
 * requests in flight. The first ring is kept if no requests are in flight, because creating one
 * takes longer than all the rest. A process has a ring of its own, which the kernel closes when the
 * process dies; it shares the second ring with the threads.
 *
 * A request that is linked to the next one is submitted together with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <string.h>
#include <sys/mman.h>
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
	int fd;		/* reserved for it, below the descriptors of inputs */
} rings[NR_RINGS];

static unsigned int number_of(const struct actor *a, const struct record *r)
{
	if (r->how & HOW_RING)
		return 1;
	return a - actors < FIRST_PROCESS ? 0 : NR_SHARED_RINGS + (a - actors - FIRST_PROCESS);
}

/**
 * rings_init() - reserve numbers for the descriptors of rings, which outlive an input
 */
void rings_init(void)
{
	unsigned int i;

	for (i = 0; i < NR_RINGS; i++) {
		rings[i].fd = dup(STDIN_FILENO);
		pthread_mutex_init(&rings[i].lock, NULL);
	}
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

/* Its number is never free: a worker of the ring could take it for what it opens. */
static void close_ring(unsigned int n)
{
	dup2(STDIN_FILENO, rings[n].fd);
	rings[n].uring.ring_fd = dup(STDIN_FILENO);
	io_uring_queue_exit(&rings[n].uring);
	rings[n].open = false;
}

/* Returns the ring locked, or NULL if it is in use or cannot be created. */
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

/* Reaps all completions. Returns the result of request @data, or -EINPROGRESS. */
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

static void set_flags(struct io_uring_sqe *sqe, const struct record *r)
{
	if (r->how & HOW_ASYNC)
		sqe->flags |= IOSQE_ASYNC;
	if (r->how & HOW_DRAIN)
		sqe->flags |= IOSQE_IO_DRAIN;
	if (r->how & HOW_LINK)
		sqe->flags |= IOSQE_IO_LINK;
	if (r->how & HOW_HARD_LINK)
		sqe->flags |= IOSQE_IO_HARDLINK;
}

/* Submits a request together with those linked to it. */
static long submit_linked(unsigned int n, const struct record *r, __u64 data)
{
	long result;

	if (r->how & (HOW_LINK | HOW_HARD_LINK) && io_uring_sq_space_left(&rings[n].uring))
		return -EINPROGRESS;
	result = io_uring_submit(&rings[n].uring);
	if (result > 0)
		rings[n].in_flight += result;
	return result < 0 ? result : reap_ring(n, data);
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
		set_flags(sqe, r);
		if (r->spoil == SPOIL_PADDING && r->arg[0] & 1)
			sqe->len = 1;
		result = submit_linked(n, r, data);
	}
	put_ring(n);
	return result;
}

/**
 * ring_ioctl() - submit an operation
 * @a: the actor
 * @r: the operation
 * @index: index of the record in the program
 * @fd: the descriptor
 * @cmd: the ioctl number
 * @address: address of the structure
 *
 * Return: the result, or -EINPROGRESS if the request has not completed.
 */
long ring_ioctl(struct actor *a, const struct record *r, unsigned int index, int fd,
		unsigned int cmd, __u64 address)
{
	return submit(number_of(a, r), r, fd, cmd, address, index + 1);
}

/**
 * ring_cancel() - cancel a request, by the server's command or by io_uring's
 * @a: the actor
 * @r: the operation
 * @fd: the descriptor
 */
long ring_cancel(const struct actor *a, const struct record *r, int fd)
{
	unsigned int n = number_of(a, r), index = r->arg[0] % MAX_RECORDS;
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
 * @a: the actor
 * @r: the operation
 */
long ring_wait(const struct actor *a, const struct record *r)
{
	struct __kernel_timespec t = { .tv_nsec = (r->arg[0] & 15) * 100000L };
	struct io_uring_cqe *cqe;
	struct io_uring *ring;
	unsigned int n = number_of(a, r);
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
 * ring_close() - close a ring with all its requests
 * @a: the actor
 * @r: the operation
 */
long ring_close(const struct actor *a, const struct record *r)
{
	unsigned int n = number_of(a, r);

	if (pthread_mutex_trylock(&rings[n].lock))
		return -EBUSY;
	if (rings[n].open)
		close_ring(n);
	put_ring(n);
	return 0;
}

/**
 * ring_forget() - free the memory of a ring whose process is gone
 * @a: the actor that had the ring
 *
 * The kernel has closed its descriptor. The process may have died while it held the lock.
 */
void ring_forget(const struct actor *a)
{
	unsigned int n = NR_SHARED_RINGS + (a - actors - FIRST_PROCESS);
	struct io_uring *ring = &rings[n].uring;

	pthread_mutex_init(&rings[n].lock, NULL);
	if (!rings[n].open)
		return;
	munmap(ring->sq.sqes, ring->sq.ring_entries * sizeof(*ring->sq.sqes));
	if (ring->cq.ring_ptr && ring->cq.ring_ptr != ring->sq.ring_ptr)
		munmap(ring->cq.ring_ptr, ring->cq.ring_sz);
	munmap(ring->sq.ring_ptr, ring->sq.ring_sz);
	rings[n].open = false;
}

/**
 * rings_close() - close the shared rings at the end of an input
 */
void rings_close(void)
{
	unsigned int i;

	for (i = 0; i < NR_SHARED_RINGS; i++) {
		if (!rings[i].open)
			continue;
		reap_ring(i, 0);
		if (!rings[i].in_flight && !io_uring_sq_ready(&rings[i].uring) && i == 0)
			continue;
		close_ring(i);
	}
}
