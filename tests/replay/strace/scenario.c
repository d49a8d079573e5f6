// SPDX-License-Identifier: GPL-2.0-only
/*
 * The program of the recordings beside this file: two children, one of them
 * with an exec and a vfork, a name with everything that may confuse a parser of
 * strace lines, and errors.
 */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	static const char output[] = "a line of the program\n";
	int status;
	pid_t pid;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_NAME, "a (b] \"c = 1");
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		_exit(3);
	}
	waitpid(pid, &status, WUNTRACED | WCONTINUED);
	if (write(STDOUT_FILENO, output, sizeof(output) - 1) < 0)
		return 1;
	pid = vfork();
	if (!pid) {
		execl("/bin/true", "true", "strace: Process 9 attached",
		      (char *)NULL);
		_exit(127);
	}
	wait(&status);
	kill(pid, SIGTERM);
	waitpid(-1, &status, WNOHANG);
	return 5;
}
