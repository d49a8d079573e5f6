// SPDX-License-Identifier: GPL-2.0-only
/*
 * --status, --start, --stop, --restart
 *
 * A running supervisor has a datagram socket with an abstract name, which goes
 * when it goes. A request is "VERB" or "VERB SERVICE", the answer to it a JSON
 * object: { "error": TEXT } or { "services": [...] }, after what was asked for
 * has begun. Only root and the supervisor's own user are answered.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "supervise.h"

enum {
	REQUEST_MAX = 512,
	ANSWER_MAX = 128 * 1024,
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
	char text[REQUEST_MAX + 64];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_object_object_add(answer, "error", json_text(text, strlen(text)));
	return answer;
}

static struct json_object *status(const struct supervisor *sup)
{
	struct json_object *answer = need(json_object_new_object());
	struct json_object *services = need(json_object_new_array());
	size_t i;

	json_add_u64(answer, "pid", sup->pid);
	for (i = 0; i < sup->nr_services; i++)
		json_object_array_add(services,
				      json_service(sup->services[i]));
	json_object_object_add(answer, "services", services);
	return answer;
}

/* What is asked for is put down; the loop goes on to settle(). */
static struct json_object *carry_out(struct supervisor *sup, char *request)
{
	char *verb = strsep(&request, " ");
	struct service *service;

	if (!strcmp(verb, "status"))
		return status(sup);
	service = request ? find_service(sup, request) : NULL;
	if (!service)
		return fail("there is no service '%s'", request ? request : "");
	if (sup->ending)
		return fail("the supervisor is about to end");

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
	ssize_t n = recvmsg(source->fd, &msg, MSG_DONTWAIT);
	struct json_object *answer;
	const char *json;

	if (n < 0)
		return;
	text[n] = '\0';
	answer = is_trusted(&msg) ? carry_out(sup, text) :
		 fail("only root and the user of the supervisor may ask");
	json = json_object_to_json_string_ext(answer,
					      JSON_C_TO_STRING_NOSLASHESCAPE);
	/* Whoever does not wait for the answer does not get it. */
	sendto(source->fd, json, strlen(json), MSG_DONTWAIT | MSG_NOSIGNAL,
	       (struct sockaddr *)&from, msg.msg_namelen);
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
 * The asking side
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
	char pid[32] = "-", ms[48] = "-", how[64] = "";
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
	if (number_of(obj, "exits"))
		format_exit(&last, how, sizeof(how));
	print_column(stdout, text_of(obj, "name") ?: "?", 16);
	putchar(' ');
	print_column(stdout, text_of(obj, "state") ?: "?", 8);
	printf(" %8s %8llu %12s  %s\n", pid, number_of(obj, "restarts"), ms,
	       how);
}

static void print_status(struct json_object *answer)
{
	struct json_object *services;
	size_t i;

	services = json_object_object_get(answer, "services");
	if (!json_object_is_type(services, json_type_array))
		fatal(CLIENT_REFUSED, "the answer makes no sense");
	printf("%-16s %-8s %8s %8s %12s  %s\n", "SERVICE", "STATE", "PID",
	       "RESTARTS", "RECOVERY", "LAST EXIT");
	for (i = 0; i < json_object_array_length(services); i++)
		print_service(json_object_array_get_idx(services, i));
}

static struct json_object *ask(const char *name, const char *request)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char *text = need(malloc(ANSWER_MAX));
	struct json_object *answer;
	struct sockaddr_un address;
	socklen_t len = make_address(name, &address);
	ssize_t n;

	/* An address with nothing in it makes the kernel choose one. */
	if (fd < 0 ||
	    bind(fd, (struct sockaddr *)&any, sizeof(any.sun_family)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) < 0)
		fatal(CLIENT_REFUSED, "no socket: %s", strerror(errno));
	if (connect(fd, (struct sockaddr *)&address, len) < 0)
		fatal(CLIENT_REFUSED, "there is no supervisor '%s'", name);
	n = send(fd, request, strlen(request), 0);
	if (n >= 0)
		n = recv(fd, text, ANSWER_MAX - 1, 0);
	if (n < 0)
		fatal(CLIENT_REFUSED, "supervisor '%s' does not answer: %s",
		      name, strerror(errno));
	text[n] = '\0';
	answer = json_tokener_parse(text);
	if (!answer)
		fatal(CLIENT_REFUSED, "supervisor '%s' makes no sense: %s",
		      name, text);
	free(text);
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
	else if (!service)
		print_status(answer);
	return CLIENT_OK;
}
