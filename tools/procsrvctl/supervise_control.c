// SPDX-License-Identifier: GPL-2.0-only
/*
 * --status, --reload, --start, --stop, --restart
 *
 * A running supervisor has a datagram socket with an abstract name, which goes
 * away when it exits. A request is "VERB" or "VERB SERVICE". The answer is a
 * descriptor of memory with a JSON object in it, which can be longer than a
 * datagram: { "error": TEXT } or { "services": [...] }; it is sent after the
 * request has been begun. Only root and the supervisor's own user get answers.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervise.h"

enum {
	REQUEST_MAX = 512,
	PATIENCE_S = 10,
};

/* The length is part of an abstract name. */
static socklen_t make_address(const char *name, struct sockaddr_un *address)
{
	int n;

	*address = (struct sockaddr_un) { .sun_family = AF_UNIX };
	n = snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1,
		     "procsrvctl-supervise/%s", name);
	if ((size_t)n >= sizeof(address->sun_path) - 1)
		fatal(CLIENT_USAGE, "the name '%s' is too long", name);
	return offsetof(struct sockaddr_un, sun_path) + 1 + n;
}

/*
 * The supervisor's side
 */

__attribute__((format(printf, 1, 2)))
static struct json_object *fail(const char *fmt, ...)
{
	struct json_object *answer = need(json_object_new_object());
	char text[REQUEST_MAX + 1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_object_object_add(answer, "error", json_text(text, strlen(text)));
	return answer;
}

/* A service that is not in the file any more is shown until it has stopped. */
static bool is_shown(const struct service *service)
{
	return !service->removed || service_lives(service);
}

static struct json_object *status(const struct supervisor *sup)
{
	struct json_object *answer = need(json_object_new_object());
	struct json_object *services = need(json_object_new_array());
	size_t i;

	json_add_u64(answer, "pid", sup->pid);
	for (i = 0; i < sup->services.nr; i++)
		if (is_shown(sup->services.list[i]))
			json_object_array_add(services,
					      json_service(sup->services.list[i]));
	json_object_object_add(answer, "services", services);
	return answer;
}

static struct json_object *carry_out_reload(struct supervisor *sup)
{
	char *error = reload(sup);
	struct json_object *answer = error ? fail("%s", error) : status(sup);

	free(error);
	return answer;
}

/* Notes the request; the loop then calls settle(). */
static struct json_object *carry_out(struct supervisor *sup, char *request)
{
	char *verb = strsep(&request, " ");
	struct service *service;

	if (!strcmp(verb, "status")) {
		look_at_programs(sup);
		return status(sup);
	}
	if (sup->ending)
		return fail("the supervisor is about to end");
	if (!strcmp(verb, "reload"))
		return carry_out_reload(sup);
	service = request ? find_service(&sup->services, request) : NULL;
	if (!service || service->removed)
		return fail("there is no service '%s'", request ? request : "");

	if (!strcmp(verb, "start")) {
		want(sup, service);
	} else if (!strcmp(verb, "stop")) {
		set_wanted(sup, service, false);
	} else if (!strcmp(verb, "restart")) {
		want(sup, service);
		if (service->state == SERVICE_STARTING ||
		    service->state == SERVICE_RUNNING)
			service_stop(sup, service);
	} else {
		return fail("there is no request '%s'", verb);
	}
	return status(sup);
}

static bool is_trusted(struct msghdr *msg)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);
	struct ucred cred;

	if (!cmsg || cmsg->cmsg_type != SCM_CREDENTIALS)
		return false;
	memcpy(&cred, CMSG_DATA(cmsg), sizeof(cred));
	return !cred.uid || cred.uid == geteuid();
}

/* Memory with the answer in it; -1 if there is none. */
static int make_answer(struct json_object *answer)
{
	int fd = memfd_create("answer", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (json_object_to_fd(fd, answer, JSON_C_TO_STRING_NOSLASHESCAPE)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* A client that does not wait for the answer does not get it. */
static void send_answer(int socket, const struct sockaddr_un *to, socklen_t len,
			int fd)
{
	char room[CMSG_SPACE(sizeof(fd))] = {};
	struct iovec iov = { .iov_base = "", .iov_len = 1 };
	struct msghdr msg = {
		.msg_name = (void *)to, .msg_namelen = len,
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	sendmsg(socket, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void control_ready(struct supervisor *sup, struct source *source)
{
	char text[REQUEST_MAX], room[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov = { .iov_base = text, .iov_len = sizeof(text) - 1 };
	struct sockaddr_un from;
	struct msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	ssize_t n = recvmsg(source->fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct json_object *answer;
	int fd;

	if (n < 0)
		return;
	text[n] = '\0';
	answer = is_trusted(&msg) ? carry_out(sup, text) :
		 fail("only root and the user of the supervisor may ask");
	fd = make_answer(answer);
	if (fd >= 0) {
		send_answer(source->fd, &from, msg.msg_namelen, fd);
		close(fd);
	}
	json_object_put(answer);
}

void begin_control(struct supervisor *sup)
{
	struct sockaddr_un address;
	socklen_t len = make_address(sup->name, &address);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		fatal(CLIENT_REFUSED, "no socket: %s", strerror(errno));
	if (bind(fd, (struct sockaddr *)&address, len) < 0) {
		if (errno == EADDRINUSE)
			fatal(CLIENT_USAGE,
			      "there is a supervisor '%s' already; --name names another",
			      sup->name);
		fatal(CLIENT_REFUSED, "bind: %s", strerror(errno));
	}
	sup->control = (struct source) { .fd = fd, .ready = control_ready };
	watch(sup, &sup->control);
}

/*
 * The client's side
 */

/* NULL if there is none. Any user may have taken the name of a supervisor. */
static const char *text_of(struct json_object *obj, const char *key)
{
	return json_object_get_string(json_object_object_get(obj, key));
}

static __u64 number_of(struct json_object *obj, const char *key)
{
	return json_object_get_uint64(json_object_object_get(obj, key));
}

static void print_service(struct json_object *obj)
{
	__u64 recovery = number_of(obj, "recovery");
	char pid[32] = "-", ms[48] = "-", real[32] = "-";
	char memory[32] = "-", cpu[32] = "-", how[64] = "";
	const struct service last = {
		.exit_code = json_object_get_int(json_object_object_get(obj,
								"exit_code")),
		.exit_signal = number_of(obj, "exit_signal") |
			       (number_of(obj, "core_dumped") ?
				PROCSRV_CORE_DUMP : 0),
	};

	if (number_of(obj, "pid"))
		snprintf(pid, sizeof(pid), "%llu", number_of(obj, "pid"));
	if (recovery)
		snprintf(ms, sizeof(ms), "%llu.%03llu ms", recovery / 1000,
			 recovery % 1000);
	if (number_of(obj, "linux_pid")) {
		snprintf(real, sizeof(real), "%llu", number_of(obj, "linux_pid"));
		snprintf(memory, sizeof(memory), "%llu.%lluM",
			 number_of(obj, "memory") >> 20,
			 (number_of(obj, "memory") & 0xfffff) * 10 >> 20);
		snprintf(cpu, sizeof(cpu), "%llu.%02llus",
			 number_of(obj, "cpu_time") / 1000000,
			 number_of(obj, "cpu_time") / 10000 % 100);
	}
	if (number_of(obj, "exits"))
		format_exit(&last, how, sizeof(how));
	print_column(stdout, text_of(obj, "name") ?: "?", 16);
	putchar(' ');
	print_column(stdout, text_of(obj, "state") ?: "?", 8);
	printf(" %8s %8llu %12s %8s %8s %9s  %s\n", pid,
	       number_of(obj, "restarts"), ms, real, memory, cpu, how);
}

static void print_status(struct json_object *answer)
{
	struct json_object *services;
	size_t i;

	services = json_object_object_get(answer, "services");
	if (!json_object_is_type(services, json_type_array))
		fatal(CLIENT_REFUSED, "the answer is invalid");
	printf("%-16s %-8s %8s %8s %12s %8s %8s %9s  %s\n", "SERVICE", "STATE",
	       "PID", "RESTARTS", "RECOVERY", "LINUX", "MEMORY", "CPU",
	       "LAST EXIT");
	for (i = 0; i < json_object_array_length(services); i++)
		print_service(json_object_array_get_idx(services, i));
}

/* The memory with the answer, at its beginning; or -1. */
static int receive_answer(int socket)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *cmsg;
	int fd;

	if (recvmsg(socket, &msg, MSG_CMSG_CLOEXEC) < 0)
		return -1;
	cmsg = CMSG_FIRSTHDR(&msg);
	if (!cmsg || cmsg->cmsg_type != SCM_RIGHTS) {
		errno = EPROTO;
		return -1;
	}
	memcpy(&fd, CMSG_DATA(cmsg), sizeof(fd));
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static struct json_object *ask(const char *name, const char *request)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct json_object *answer;
	struct sockaddr_un address;
	socklen_t len = make_address(name, &address);
	int memory;

	/* An address with nothing in it makes the kernel choose one. */
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any.sun_family)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) < 0)
		fatal(CLIENT_REFUSED, "no socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&address, len) < 0)
		fatal(CLIENT_REFUSED, "there is no supervisor '%s'", name);
	memory = send(fd, request, strlen(request), 0) < 0 ? -1 :
		 receive_answer(fd);
	if (memory < 0)
		fatal(CLIENT_REFUSED, "supervisor '%s' does not answer: %s",
		      name, strerror(errno));
	answer = json_object_from_fd(memory);
	if (!answer)
		fatal(CLIENT_REFUSED, "the answer of supervisor '%s' is invalid", name);
	close(memory);
	close(fd);
	return answer;
}

int send_request(const char *name, const char *verb, const char *service)
{
	struct json_object *answer;
	char request[REQUEST_MAX];
	const char *error;

	snprintf(request, sizeof(request), "%s%s%s", verb, service ? " " : "",
		 service ? service : "");
	answer = ask(name, request);
	error = text_of(answer, "error");
	if (error)
		fatal(CLIENT_REFUSED, "%s", error);
	if (json_output)
		json_print(answer);
	else if (!strcmp(verb, "status"))
		print_status(answer);
	return CLIENT_OK;
}
