// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module, and the kernel log
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	PATIENCE_MS = 20000,	/* until the module is no longer in use */
};

/* Messages that a healthy kernel never prints, as in scripts/guest.sh. */
static const char *const complaints[] = {
	"BUG: ", "kernel BUG at", "WARNING: ", "Oops: ", "general protection fault", "KASAN: ",
	"UBSAN: ", "KCSAN: ", "ODEBUG: ", "refcount_t: ", "list_add corruption",
	"list_del corruption", "INFO: task ", "INFO: possible ", "inconsistent lock state",
	"possible circular", "possible recursive", "suspicious RCU usage", "bad unlock balance",
	"held lock freed", "lock held when returning", "still has locks held",
	"sleeping function called", "scheduling while atomic", "Bad page state",
	"Segfault with no mm", "unreferenced object",
};

static int log_fd = -1;

/* Enable the tracepoints, so that their code is covered as well. */
static void trace(void)
{
	int fd = open("/sys/kernel/tracing/events/procsrv/enable", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1", 1) != 1)
		finding("cannot enable the tracepoints: %s", strerror(errno));
	close(fd);
}

static void insert_module(void)
{
	const char *path = getenv("FUZZ_MODULE"), *more = getenv("FUZZ_PARAMETERS");
	char parameters[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	snprintf(parameters, sizeof(parameters), "max_processes=%d max_user_processes=%d %s",
		 MAX_PROCESSES, MAX_USER, more ? more : "");
	if (fd < 0 || syscall(SYS_finit_module, fd, parameters, 0))
		finding("cannot insert %s with %s: %s", path, parameters, strerror(errno));
	close(fd);
	trace();
	coverage_module();
}

/**
 * module_init() - insert the module that $FUZZ_MODULE names, if it is set
 */
void module_init(void)
{
	if (getenv("FUZZ_MODULE"))
		insert_module();
	else
		coverage_module();
}

/* The module cannot be removed while a descriptor is open. */
static void remove_in_use(void)
{
	int fd = open("/dev/procsrv", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		finding("cannot open the device: %s", strerror(errno));
	if (!syscall(SYS_delete_module, "procsrv", O_NONBLOCK))
		finding("the module can be removed while the device is open");
	if (errno != EWOULDBLOCK)
		finding("removing a module that is in use: %s", strerror(errno));
	close(fd);
}

static bool is_in_use(void)
{
	int fd = open("/sys/module/procsrv/refcnt", O_RDONLY | O_CLOEXEC);
	char count = 0;

	if (fd < 0 || read(fd, &count, 1) != 1)
		finding("/sys/module/procsrv/refcnt: %s", strerror(errno));
	close(fd);
	return count != '0';
}

/**
 * module_wait_unused() - wait until the module is not in use
 *
 * All descriptors are closed, but requests of a closed ring hold a reference until the kernel has
 * cancelled them. They could change the device's server while the next input runs; and one that a
 * worker runs may open another descriptor meanwhile.
 */
void module_wait_unused(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	unsigned int i;

	for (i = 0; is_in_use(); i++) {
		if (i >= PATIENCE_MS)
			finding("everything is closed, and the module is in use");
		nanosleep(&ms, NULL);
		close_all();
	}
}

/**
 * module_remove() - remove the module, once it is not in use
 */
void module_remove(void)
{
	if (!getenv("FUZZ_MODULE"))
		return;
	module_wait_unused();
	if (syscall(SYS_delete_module, "procsrv", O_NONBLOCK))
		finding("everything is closed, and the module cannot be removed: %s",
			strerror(errno));
}

/**
 * module_reload() - check that removal fails while in use, then reload the module
 */
void module_reload(void)
{
	if (!getenv("FUZZ_MODULE"))
		return;
	remove_in_use();
	if (getenv("FUZZ_KEEP"))
		return;
	module_remove();
	insert_module();
}

/**
 * kernel_log_init() - start reading the kernel log
 */
void kernel_log_init(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0)
		finding("/dev/kmsg: %s", strerror(errno));
	lseek(log_fd, 0, SEEK_END);
}

/**
 * kernel_log_check() - fail if the kernel has complained since the last check
 */
void kernel_log_check(void)
{
	char line[8192];
	unsigned int i;
	ssize_t len;

	/* EPIPE means that messages were lost, which does not happen within one input. */
	while ((len = read(log_fd, line, sizeof(line) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		line[len > 0 ? len : 0] = '\0';
		for (i = 0; i < ARRAY_SIZE(complaints); i++)
			if (strstr(line, complaints[i]))
				finding("the kernel complained: %s", line);
	}
}
