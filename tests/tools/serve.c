// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: serve NAME
 *
 * Has a private server with a door, and hosts processes in it, until standard
 * input ends. Each line of the input is a command, which is answered by a line:
 *
 *	pid			the pid of this program
 *	hosted PARENT		creates a hosted process: its pid
 *	take PID		takes a signal: its number
 *	stop PID SIGNAL		reports that a signal has stopped it
 *	exiting PID		reports that it is exiting
 *	exit PID CODE SIGNAL	reports that it has ended
 *	may-kill PID		lets it signal every process
 *	end			closes the server, and not the door
 *
 * A command that fails is answered by the name of the errno.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <door.h>
#include <procsrv.h>

static int server;

static int hosted(unsigned long long parent)
{
	const struct procsrv_program program = { .name = "hosted" };
	__u64 pid = 0;
	int ret = procsrv_create(server, parent, &program, getuid(), getgid(),
				 PROCSRV_CREATE_HOSTED, &pid);

	return ret ? ret : (int)pid;
}

static int take(unsigned long long pid)
{
	struct procsrv_take_signal_args args = {
		.pid = pid, .mask = ~0ULL, .flags = PROCSRV_TAKE_NOHANG,
	};
	int ret = procsrv_take(server, &args);

	return ret ? ret : args.signo;
}

static int may_kill(unsigned long long pid)
{
	struct procsrv_credentials credentials;
	int ret = procsrv_get_credentials(server, pid, &credentials);

	if (ret)
		return ret;
	credentials.euid = 7;
	credentials.flags = PROCSRV_CREDENTIALS_KILL;
	return procsrv_set_credentials(server, pid, &credentials);
}

static int run(const char *line)
{
	unsigned long long pid;
	int code, signo;

	if (!strcmp(line, "pid"))
		return getpid();
	if (!strcmp(line, "end"))
		return close(server);
	if (sscanf(line, "hosted %llu", &pid) == 1)
		return hosted(pid);
	if (sscanf(line, "take %llu", &pid) == 1)
		return take(pid);
	if (sscanf(line, "stop %llu %d", &pid, &signo) == 2)
		return procsrv_report(server, pid, PROCSRV_BODY_STOPPED, signo);
	if (sscanf(line, "exiting %llu", &pid) == 1)
		return procsrv_report(server, pid, PROCSRV_BODY_EXITING, 0);
	if (sscanf(line, "exit %llu %d %d", &pid, &code, &signo) == 3)
		return procsrv_terminate(server, pid, code, signo);
	if (sscanf(line, "may-kill %llu", &pid) == 1)
		return may_kill(pid);
	return -EBADMSG;
}

/* The test writes a line, and the next one after the answer. */
static int answer_line(void)
{
	char line[64];
	ssize_t n = read(STDIN_FILENO, line, sizeof(line) - 1);
	int ret;

	if (n <= 0)
		return 0;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	ret = run(line);
	if (ret < 0)
		printf("%s\n", strerrorname_np(-ret));
	else
		printf("%d\n", ret);
	fflush(stdout);
	return 1;
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };
	char error[DOOR_ERROR_SIZE];
	struct door door;
	int device, ret;

	if (argc != 2)
		return 2;
	device = procsrv_open(NULL);
	server = procsrv_new_server(device);
	if (server < 0) {
		fprintf(stderr, "no server: %s\n", strerror(-server));
		return 1;
	}
	close(device);
	ret = door_open(&door, argv[1], server, error);
	if (ret) {
		printf("%s (%s)\n", error, strerrorname_np(-ret));
		return 1;
	}
	puts("ready");
	fflush(stdout);
	fds[0].fd = door_fd(&door);
	for (;;) {
		if (poll(fds, 2, -1) < 0)
			break;
		if (fds[0].revents)
			door_serve(&door);
		if (fds[1].revents && !answer_line())
			break;
	}
	door_close(&door);
	return 0;
}
