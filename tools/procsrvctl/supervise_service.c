// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a service
 *
 * As soon as a service has a process it has a handle of it, which cannot miss its
 * end: every life ends in service_ended(), for whatever reason. A life that has a
 * program is over when its process on the server has exited and nothing of the
 * program is left: each of the two causes the other. settle() decides what comes
 * after that.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "supervise.h"

enum {
	SIGNAL_KILL = 9,
};

bool service_lives(const struct service *service)
{
	return service->state == SERVICE_STARTING ||
		service->state == SERVICE_RUNNING ||
		service->state == SERVICE_STOPPING;
}

static void set_deadline(struct supervisor *sup, struct service *service,
			 __u64 deadline)
{
	service->deadline = deadline;
	if (deadline)
		queue_push(&sup->deadlines, deadline, service);
}

/* No delay for the first restart, then the shortest, then twice that, and so on. */
static __u64 backoff(const struct service *service)
{
	__u64 delay = service->config.backoff_min;
	unsigned int i;

	if (!service->in_a_row)
		return 0;
	for (i = 1; i < service->in_a_row && delay < service->config.backoff_max; i++)
		delay *= 2;
	return delay < service->config.backoff_max ? delay : service->config.backoff_max;
}

/* The service gets a new process when it has been without one for the delay. */
static void come_back(struct supervisor *sup, struct service *service,
		      __u64 since)
{
	__u64 delay = backoff(service);

	service->in_a_row++;
	service->restarts++;
	service->down_since = since;
	set_deadline(sup, service, delay == PROCSRV_UNLIMITED ? 0 :
							    since + delay);
	set_state(sup, service, SERVICE_BACKOFF);
}

static void tell_backoff(const struct service *service)
{
	char delay[32];

	if (service->deadline == service->down_since)
		return;
	format_time(service->deadline ?
		    service->deadline - service->down_since : PROCSRV_UNLIMITED,
		    delay, sizeof(delay));
	tell(server_time(), service, "backoff", "restart in %s, %u in a row",
	     delay, service->in_a_row);
}

static bool has_failed(const struct service *service)
{
	return service->exit_code || service->exit_signal || service->late;
}

static bool wants_restart(const struct service *service)
{
	switch (service->config.restart) {
	case RESTART_NEVER:
		return false;
	case RESTART_ON_FAILURE:
		return has_failed(service);
	case RESTART_ALWAYS:
		return true;
	}
	return false;
}

static void give_up(struct supervisor *sup, struct service *service)
{
	set_wanted(sup, service, false);
	set_state(sup, service, has_failed(service) ? SERVICE_FAILED :
						      SERVICE_EXITED);
}

/* The handle can be read, and remains readable. */
static void handle_ready(struct supervisor *sup, struct source *handle)
{
	struct service *service = (struct service *)
		((char *)handle - offsetof(struct service, handle));

	unwatch(sup, handle);
	service->gone = true;
	if (service->real.keeper)
		real_kill(service);
	else
		service_ended(sup, service);
}

void service_ended(struct supervisor *sup, struct service *service)
{
	struct source *handle = &service->handle;
	struct procsrv_exit_record record;
	bool stopping = service->state == SERVICE_STOPPING && !service->late;
	char how[64];

	/* Events have the time of the exit, the handle has not. */
	drain_events(sup);
	if (procsrv_read_exit_record(handle->fd, &record))
		return;
	close(handle->fd);
	handle->fd = -1;
	service->exits++;
	service->exit_code = record.exit_code;
	service->exit_signal = record.exit_signal;
	if (!service->exited)
		service->exited = server_time();
	service->deadline = 0;

	if (!service->late &&
	    service->exited - service->started >= service->config.stable)
		service->in_a_row = 0;
	if (stopping || !service->wanted)
		set_state(sup, service, SERVICE_STOPPED);
	else if (wants_restart(service))
		come_back(sup, service, service->exited);
	else
		give_up(sup, service);

	format_exit(service, how, sizeof(how));
	tell(service->exited, service, "exit", "%s", how);
	set_pid(sup, service, 0);
	if (service->state == SERVICE_BACKOFF)
		tell_backoff(service);
}

/* The limits of the server are for all processes of the program together. */
static int set_limits(const struct service *service)
{
	const struct config *c = &service->config;
	struct procsrv_limits limits;
	int ret = procsrv_get_limits(device(), service->pid, &limits);

	if (ret)
		return ret;
	limits.max_memory = c->max_memory;
	limits.max_cpu_time = c->max_cpu_time;
	limits.max_threads = UINT32_MAX;
	if (c->max_memory != PROCSRV_UNLIMITED ||
	    c->max_cpu_time != PROCSRV_UNLIMITED)
		limits.flags |= PROCSRV_LIMITS_ENFORCE;
	return procsrv_set_limits(device(), service->pid, &limits);
}

/* Sets up a new process for the service; its handle reports if it has ended. */
static int set_up(struct supervisor *sup, struct service *service)
{
	const struct config *c = &service->config;
	const struct procsrv_program program = {
		.name = service->name,
		.argv = c->argv.data,
		.argv_len = c->argv.len,
		.envp = c->envp.data,
		.envp_len = c->envp.len,
	};
	const struct procsrv_update_args directory = {
		.pid = service->pid,
		.mask = PROCSRV_UPDATE_CWD,
		.cwd = (uintptr_t)c->directory,
	};
	int ret;

	/* Orphans of its descendants remain its descendants, for service_kill(). */
	ret = procsrv_set_reaper(device(), service->pid, true);
	if (!ret && c->directory)
		ret = procsrv_update(device(), &directory);
	if (!ret)
		ret = procsrv_exec(device(), service->pid, &program);
	if (!ret && service_is_real(service))
		ret = set_limits(service);
	if (!ret && service_is_real(service))
		ret = real_start(sup, service);
	return ret;
}

/* Gives a service a process and a handle of it. */
static int create(struct supervisor *sup, struct service *service)
{
	const struct procsrv_program program = { .name = sup->name };
	bool real = service_is_real(service);
	__u64 pid;
	int ret;

	ret = procsrv_create(device(), sup->pid, &program,
			     real ? service->config.uid : getuid(),
			     real ? service->config.gid : getgid(),
			     real ? PROCSRV_CREATE_HOSTED : PROCSRV_CREATE_TIED,
			     &pid);
	if (ret)
		return ret;
	ret = procsrv_open_process(device(), pid, PROCSRV_OPEN_NONBLOCK);
	if (ret < 0) {
		procsrv_terminate(device(), pid, RUN_FAILED, 0);
		return ret;
	}
	set_pid(sup, service, pid);
	service->gone = false;
	service->handle = (struct source) { .fd = ret, .ready = handle_ready };
	watch(sup, &service->handle);
	return 0;
}

static void tell_start(const struct service *service)
{
	char in_linux[32] = "", recovery[64] = "";

	if (service->real.main.pid)
		snprintf(in_linux, sizeof(in_linux), ", %d in Linux",
			 service->real.main.pid);
	if (service->recovery)
		snprintf(recovery, sizeof(recovery),
			 ", %llu.%03llu ms after the exit",
			 service->recovery / 1000, service->recovery % 1000);
	tell(service->started, service, "start", "process %llu%s%s",
	     service->pid, in_linux, recovery);
}

/* The service has started, at @time. */
static void begun(struct service *service, __u64 time)
{
	service->started = time;
	service->recovery = service->down_since ? time - service->down_since :
						  0;
	service->down_since = 0;
	tell_start(service);
}

void service_executed(struct supervisor *sup, struct service *service)
{
	begun(service, server_time());
	if (service->config.ready == READY_CREATED || service->real.ready)
		service_ready(sup, service, service->started);
	look_later(sup, service);
}

static void start_process(struct supervisor *sup, struct service *service)
{
	struct procsrv_info info;
	bool real = service_is_real(service);
	int ret;

	service->started = procsrv_get_info(device(), service->pid, &info) ?
		server_time() : info.start_time;
	service->exited = 0;
	service->late = false;
	set_state(sup, service,
		  real || service->config.ready != READY_CREATED ?
		  SERVICE_STARTING : SERVICE_RUNNING);
	if (service->state == SERVICE_STARTING &&
	    service->config.start_timeout != PROCSRV_UNLIMITED)
		set_deadline(sup, service,
			     service->started + service->config.start_timeout);
	if (!real)
		begun(service, service->started);

	ret = set_up(sup, service);
	if (ret && ret != -ESRCH) {
		tell(server_time(), service, "error", "cannot be set up: %s",
		     strerror(-ret));
		procsrv_terminate(device(), service->pid, RUN_FAILED, 0);
	}
}

void service_start(struct supervisor *sup, struct service *service)
{
	int ret = create(sup, service);

	if (!ret) {
		start_process(sup, service);
		return;
	}
	tell(server_time(), service, "error", "no process can be created: %s",
	     strerror(-ret));
	/* Another try at once would fail, too. */
	service->in_a_row += !service->in_a_row;
	come_back(sup, service, server_time());
	tell_backoff(service);
}

void service_ready(struct supervisor *sup, struct service *service, __u64 time)
{
	if (service->state != SERVICE_STARTING)
		return;
	service->deadline = 0;
	set_state(sup, service, SERVICE_RUNNING);
	if (service->config.ready != READY_CREATED)
		tell(time, service, "ready", "ready");
}

void service_stop(struct supervisor *sup, struct service *service)
{
	const char *name = procsrv_signal_name(service->config.stop_signal);
	__u64 now = server_time();
	char timeout[32];

	format_time(service->config.stop_timeout, timeout, sizeof(timeout));
	set_state(sup, service, SERVICE_STOPPING);
	set_deadline(sup, service, service->config.stop_timeout == PROCSRV_UNLIMITED ?
		     0 : now + service->config.stop_timeout);
	tell(now, service, "stop", "asked to exit by %s, within %s",
	     name ? name : "a signal", timeout);
	procsrv_signal(device(), sup->pid, PROCSRV_TARGET_PID, service->pid,
		       service->config.stop_signal, NULL);
}

void service_kill(struct supervisor *sup, struct service *service)
{
	/* A process that is gone sends no signals. */
	__u64 sender = sup->lost ? 0 : sup->pid;

	service->deadline = 0;
	procsrv_signal(device(), sender, PROCSRV_TARGET_TREE, service->pid,
		       SIGNAL_KILL, NULL);
	if (service->real.keeper)
		real_kill(service);
}

/* The service is stopped, and then handled like after any other failure. */
static void start_timed_out(struct supervisor *sup, struct service *service)
{
	char timeout[32];

	format_time(service->config.start_timeout, timeout, sizeof(timeout));
	tell(server_time(), service, "timeout", "is not ready within %s",
	     timeout);
	service->late = true;
	service_stop(sup, service);
}

void service_timeout(struct supervisor *sup, struct service *service)
{
	service->deadline = 0;
	if (service->state == SERVICE_BACKOFF) {
		set_state(sup, service, SERVICE_STOPPED);
	} else if (service->state == SERVICE_STARTING) {
		start_timed_out(sup, service);
	} else if (service->state == SERVICE_STOPPING) {
		tell(server_time(), service, "timeout",
		     "has not exited in time: killed with all below it");
		service_kill(sup, service);
	}
}
