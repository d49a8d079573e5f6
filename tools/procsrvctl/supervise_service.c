// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a service
 *
 * From the moment that a service has a process it has a handle of it, which
 * cannot miss its end: there is one way out of a life, service_exited(),
 * whoever ended it. What comes after that is settle()'s to decide.
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

/* No delay the first time, then the shortest, then twice that, and so on. */
static __u64 backoff(const struct service *service)
{
	__u64 delay = service->backoff_min;
	unsigned int i;

	if (!service->in_a_row)
		return 0;
	for (i = 1; i < service->in_a_row && delay < service->backoff_max; i++)
		delay *= 2;
	return delay < service->backoff_max ? delay : service->backoff_max;
}

/* To get a new process when it has been without one for long enough. */
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

static bool wants_restart(const struct service *service)
{
	switch (service->restart) {
	case RESTART_NEVER:
		return false;
	case RESTART_ON_FAILURE:
		return service->exit_code || service->exit_signal;
	case RESTART_ALWAYS:
		return true;
	}
	return false;
}

static void give_up(struct supervisor *sup, struct service *service)
{
	bool failed = service->exit_code || service->exit_signal;

	set_wanted(sup, service, false);
	set_state(sup, service, failed ? SERVICE_FAILED : SERVICE_EXITED);
}

/* The handle can be read. */
static void service_exited(struct supervisor *sup, struct source *handle)
{
	struct service *service = (struct service *)
		((char *)handle - offsetof(struct service, handle));
	struct procsrv_exit_record record;
	bool stopping = service->state == SERVICE_STOPPING;
	char how[64];

	/* They tell when, which the handle does not. */
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

	if (service->exited - service->started >= service->stable)
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

/* Lets a new process run the service; its handle tells if it cannot. */
static int set_up(struct service *service)
{
	const struct procsrv_program program = {
		.name = service->name,
		.argv = service->argv.data,
		.argv_len = service->argv.len,
		.envp = service->envp.data,
		.envp_len = service->envp.len,
	};
	const struct procsrv_update_args directory = {
		.pid = service->pid,
		.mask = PROCSRV_UPDATE_CWD,
		.cwd = (uintptr_t)service->directory,
	};
	int ret;

	/* What loses its parent below stays below, for service_kill(). */
	ret = procsrv_set_reaper(device(), service->pid, true);
	if (!ret && service->directory)
		ret = procsrv_update(device(), &directory);
	if (!ret)
		ret = procsrv_exec(device(), service->pid, &program);
	return ret;
}

/* Gives a service a process and a handle of it. */
static int create(struct supervisor *sup, struct service *service)
{
	const struct procsrv_program program = { .name = sup->name };
	__u64 pid;
	int ret;

	ret = procsrv_create(device(), sup->pid, &program, getuid(), getgid(),
			     PROCSRV_CREATE_TIED, &pid);
	if (ret)
		return ret;
	set_pid(sup, service, pid);
	service->handle.fd = procsrv_open_process(device(), service->pid,
						  PROCSRV_OPEN_NONBLOCK);
	if (service->handle.fd < 0) {
		service_kill(sup, service);
		ret = service->handle.fd;
		service->handle.fd = -1;
		set_pid(sup, service, 0);
		return ret;
	}
	service->handle.ready = service_exited;
	watch(sup, &service->handle);
	return 0;
}

static void tell_start(const struct service *service)
{
	if (service->recovery)
		tell(service->started, service, "start",
		     "process %llu, %llu.%03llu ms after the exit", service->pid,
		     service->recovery / 1000, service->recovery % 1000);
	else
		tell(service->started, service, "start", "process %llu",
		     service->pid);
}

void service_start(struct supervisor *sup, struct service *service)
{
	struct procsrv_info info;
	int ret;

	ret = create(sup, service);
	if (ret) {
		tell(server_time(), service, "error",
		     "no process can be created: %s", strerror(-ret));
		/* At once would be in vain. */
		service->in_a_row += !service->in_a_row;
		come_back(sup, service, server_time());
		tell_backoff(service);
		return;
	}
	set_state(sup, service, service->ready_asleep ? SERVICE_STARTING :
							SERVICE_RUNNING);
	service->started = procsrv_get_info(device(), service->pid, &info) ?
		server_time() : info.start_time;
	service->recovery = service->down_since ?
		service->started - service->down_since : 0;
	service->down_since = 0;
	service->exited = 0;
	tell_start(service);

	ret = set_up(service);
	if (ret && ret != -ESRCH) {
		tell(server_time(), service, "error", "cannot be set up: %s",
		     strerror(-ret));
		service_kill(sup, service);
	}
}

void service_ready(struct supervisor *sup, struct service *service, __u64 time)
{
	if (service->state != SERVICE_STARTING)
		return;
	set_state(sup, service, SERVICE_RUNNING);
	tell(time, service, "ready", "ready");
}

void service_stop(struct supervisor *sup, struct service *service)
{
	const char *name = procsrv_signal_name(service->stop_signal);
	__u64 now = server_time();
	char timeout[32];

	format_time(service->stop_timeout, timeout, sizeof(timeout));
	set_state(sup, service, SERVICE_STOPPING);
	set_deadline(sup, service, service->stop_timeout == PROCSRV_UNLIMITED ?
		     0 : now + service->stop_timeout);
	tell(now, service, "stop", "asked to exit by %s, within %s",
	     name ? name : "a signal", timeout);
	procsrv_signal(device(), sup->pid, PROCSRV_TARGET_PID, service->pid,
		       service->stop_signal, NULL);
}

void service_kill(struct supervisor *sup, struct service *service)
{
	/* A process that is gone sends no signals. */
	__u64 sender = sup->lost ? 0 : sup->pid;

	service->deadline = 0;
	procsrv_signal(device(), sender, PROCSRV_TARGET_TREE, service->pid,
		       SIGNAL_KILL, NULL);
}

void service_timeout(struct supervisor *sup, struct service *service)
{
	service->deadline = 0;
	if (service->state == SERVICE_BACKOFF) {
		set_state(sup, service, SERVICE_STOPPED);
	} else if (service->state == SERVICE_STOPPING) {
		tell(server_time(), service, "timeout",
		     "has not exited in time: killed with all below it");
		service_kill(sup, service);
	}
}
