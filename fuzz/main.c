// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fuzzer's entry points for libFuzzer
 *
 * In the environment:
 *   FUZZ_MODULE      the module to insert, and to reload now and then
 *   FUZZ_KEEP        set: do not reload it
 *   FUZZ_PARAMETERS  module parameters besides the limits
 *   FUZZ_OUT         a directory for the latest inputs and the coverage
 *   FUZZ_PRINT       set: print each operation
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

enum {
	RELOAD_EVERY	= 1000,	/* inputs */
	STATUS_EVERY_S	= 10,
	NR_RUNNING	= 4,	/* files with the last inputs */
};

struct program program;
bool verbose;

static __u64 nr_inputs;
static int running_fd[NR_RUNNING] = { -1, -1, -1, -1 };

/**
 * finding() - report a failure, and have libFuzzer keep the input
 * @format: the message
 */
void finding(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "fuzz: FINDING: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "\n");
	coverage_save();
	abort();
}

/* The latest inputs are written to the host, because they cannot be saved after a kernel crash. */
static void open_running(void)
{
	const char *out = getenv("FUZZ_OUT");
	char path[4096];
	unsigned int i;

	for (i = 0; out && i < NR_RUNNING; i++) {
		snprintf(path, sizeof(path), "%s/running-%u", out, i);
		running_fd[i] = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		if (running_fd[i] < 0)
			finding("%s: %s", path, strerror(errno));
	}
}

static void keep_running(const __u8 *data, size_t size)
{
	int fd = running_fd[nr_inputs % NR_RUNNING];

	if (fd < 0)
		return;
	if (pwrite(fd, data, size, 0) != (ssize_t)size || ftruncate(fd, size))
		finding("cannot keep the input: %s", strerror(errno));
	sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
}

static void init(void)
{
	verbose = getenv("FUZZ_PRINT");
	module_init();
	kernel_log_init();
	memory_init();
	coverage_init();
	actors_init();
	open_running();
	rings_init();
	close_all();
}

/* A private server, the device, and the device once more with O_NONBLOCK. */
static void open_servers(void)
{
	struct procsrv_new_server_args server = { 0 };
	int device = open("/dev/procsrv", O_RDWR | O_CLOEXEC);
	int other = open("/dev/procsrv", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	unsigned int i;

	if (device < 0 || other < 0 || ioctl(device, PROCSRV_IOC_NEW_SERVER, &server))
		finding("cannot open the device or a server: %s", strerror(errno));
	for (i = 0; i < NR_SLOTS; i++)
		program.slot[i] = (struct slot) { .fd = -1 };
	for (i = 0; i < NR_SERVERS; i++) {
		program.ids[i].pid[0] = PROCSRV_INIT_PID;
		program.ids[i].nr_pids = 1;
	}
	add_fd(server.fd, 0);
	add_fd(device, 1);
	add_fd(other, 1);
}

/* Signals do not terminate hosted processes, and their host's descriptor may be closed later. */
static void terminate_all(int fd)
{
	__u64 pids[MAX_PROCESSES + 8];
	struct procsrv_list_args list = {
		.buf = (uintptr_t)pids, .record_size = sizeof(pids[0]), .count = ARRAY_SIZE(pids),
		.cursor = PROCSRV_INIT_PID,
	};
	unsigned int i;

	if (ioctl(fd, PROCSRV_IOC_LIST_PIDS, &list))
		finding("LIST_PIDS: %s", strerror(errno));
	for (i = 0; i < list.count; i++) {
		struct procsrv_terminate_args end = { .pid = pids[i], .exit_signal = 9 };

		if (ioctl(fd, PROCSRV_IOC_TERMINATE, &end) && errno != ESRCH)
			finding("TERMINATE: %s", strerror(errno));
	}
}

/* The device's server lives on. Nothing of this input may remain in it. */
static void empty_device(void)
{
	struct procsrv_signal_args kill = { .target = PROCSRV_TARGET_ALL, .signo = 9 };
	struct procsrv_set_autoreap_args no_autoreap = { .pid = PROCSRV_INIT_PID };
	struct procsrv_reap_args reap = { 0 };
	struct procsrv_stats stats;
	int fd = open("/dev/procsrv", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		finding("cannot open the device: %s", strerror(errno));
	if (ioctl(fd, PROCSRV_IOC_SIGNAL, &kill) && errno != ESRCH)
		finding("SIGNAL: %s", strerror(errno));
	terminate_all(fd);
	if (ioctl(fd, PROCSRV_IOC_SET_AUTOREAP, &no_autoreap))
		finding("init: %s", strerror(errno));
	if (ioctl(fd, PROCSRV_IOC_REAP, &reap) || ioctl(fd, PROCSRV_IOC_STATS, &stats))
		finding("REAP: %s", strerror(errno));
	if (stats.total_processes != 1 || stats.sessions || stats.process_groups)
		finding("killed and reaped: there are %llu processes, %llu sessions, %llu groups",
			stats.total_processes, stats.sessions, stats.process_groups);
	close(fd);
}

/* Assigns each top-level record to a thread, with the records that belong to it. */
static void load(const __u8 *data, size_t size)
{
	unsigned int i;

	memset(&program, 0, sizeof(program));
	program.nr = size / sizeof(struct record);
	if (program.nr > MAX_RECORDS)
		program.nr = MAX_RECORDS;
	memcpy(program.record, data, program.nr * sizeof(struct record));
	for (i = 0; i < NR_THREADS; i++)
		actors[i].nr_steps = 0;
	for (i = 0; i < program.nr; i += 1 + body_length(&program.record[i])) {
		struct actor *a = &actors[program.record[i].how & HOW_THREAD];

		a->step[a->nr_steps++] = i;
	}
}

static void report_status(void)
{
	static time_t begin, last;
	static __u64 last_inputs;
	time_t now = time(NULL);

	if (!begin) {
		begin = now;
		last = now;
	}
	if (now - last < STATUS_EVERY_S)
		return;
	fprintf(stderr, "fuzz: %llds, %llu executions, %llu/s, %u places\n",
		(long long)(now - begin), (unsigned long long)nr_inputs,
		(unsigned long long)(nr_inputs - last_inputs) / (now - last), coverage_count());
	last = now;
	last_inputs = nr_inputs;
	coverage_save();
}

static void at_end(void)
{
	coverage_save();
	module_remove();
	kernel_log_check();
}

/**
 * LLVMFuzzerTestOneInput() - run an input
 * @data: records
 * @size: bytes of them
 *
 * Return: 0
 */
int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	if (!nr_inputs) {
		init();
		atexit(at_end);
	}
	keep_running(data, size);
	load(data, size);
	coverage_begin();
	open_servers();
	sockets_init();
	actors_run();
	rings_close();
	oracle();
	close_all();
	if (program.used_uring)
		module_wait_unused();
	coverage_fold();
	memory_reset();
	empty_device();
	if (++nr_inputs % RELOAD_EVERY == 0)
		module_reload();
	kernel_log_check();
	report_status();
	return 0;
}
