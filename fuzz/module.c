// SPDX-License-Identifier: GPL-2.0-only
/*
 * The module, and what the kernel has to say
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
	PATIENCE_MS = 20000,	/* until nothing holds the module any more */
};

/* What a healthy kernel never says, as in scripts/guest.sh. */
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

/* What goes to the tracepoints is to be looked at, too. */
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
 * module_init() - insert the module that $FUZZ_MODULE names, if it does
 */
void module_init(void)
{
	if (getenv("FUZZ_MODULE"))
		insert_module();
	else
		coverage_module();
}

/* As long as somebody has a descriptor it has to stay. */
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
 * module_wait_unused() - wait until nothing holds the module
 *
 * All descriptors are closed. Requests of a ring hold theirs until the kernel comes to them, and
 * would change the server of the device while the next input runs.
 */
void module_wait_unused(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	unsigned int i;

	for (i = 0; is_in_use(); i++) {
		if (i >= PATIENCE_MS)
			finding("everything is closed, and the module is in use");
		nanosleep(&ms, NULL);
	}
}

/**
 * module_remove() - remove the module, which nothing holds any more
 *
 * The last requests of a ring end a little later than it is closed.
 */
void module_remove(void)
{
	const struct timespec ms = { .tv_nsec = 1000000 };
	unsigned int i;

	if (!getenv("FUZZ_MODULE"))
		return;
	for (i = 0; syscall(SYS_delete_module, "procsrv", O_NONBLOCK); i++) {
		if (errno != EWOULDBLOCK || i >= PATIENCE_MS)
			finding("everything is closed, and the module cannot be removed: %s",
				strerror(errno));
		nanosleep(&ms, NULL);
	}
}

/**
 * module_reload() - remove the module, in vain at first, and insert it again
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
 * kernel_log_init() - look at the kernel's messages from here on
 */
void kernel_log_init(void)
{
	log_fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (log_fd < 0)
		finding("/dev/kmsg: %s", strerror(errno));
	lseek(log_fd, 0, SEEK_END);
}

/**
 * kernel_log_check() - has the kernel complained since the last time?
 */
void kernel_log_check(void)
{
	char line[8192];
	unsigned int i;
	ssize_t len;

	/* EPIPE: some are lost, which does not happen within one input. */
	while ((len = read(log_fd, line, sizeof(line) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		line[len > 0 ? len : 0] = '\0';
		for (i = 0; i < ARRAY_SIZE(complaints); i++)
			if (strstr(line, complaints[i]))
				finding("the kernel complained: %s", line);
	}
}
