# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # run sets output and stderr
#
# The moment at which an answer is judged: strace writes of a stop, and of the end of a
# process, later than other processes can see it.

load common

@test "a wait returns a stop before there is a line of the stop" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 kill(101, SIGSTOP) = 0
100 wait4(101,  <unfinished ...>
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=100, si_uid=0} ---
100 <... wait4 resumed>[{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 101
101 --- stopped by SIGSTOP ---
100 wait4(101, 0x7ffe00, WNOHANG|WSTOPPED, NULL) = 0
100 kill(101, SIGKILL) = 0
101 +++ killed by SIGKILL +++
100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 101
END
END_OF_RECORDING
	replays 9
}

@test "that stop is returned once only" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 wait4(101,  <unfinished ...>
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_KERNEL} ---
100 <... wait4 resumed>[{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 101
101 --- stopped by SIGSTOP ---
100 wait4(101, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WNOHANG|WSTOPPED, NULL) = 101
100 kill(101, SIGKILL) = 0
101 +++ killed by SIGKILL +++
END
END_OF_RECORDING
	differs 7 "101 stopped by SIGSTOP" "nothing yet"
}

@test "the stop of a process with several threads, seen before they report it" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 clone3({flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0}, 88) = 102
100 kill(101, SIGSTOP) = 0
102 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=100, si_uid=0} ---
102 --- stopped by SIGSTOP ---
100 waitid(P_PID, 101, {si_signo=SIGCHLD, si_code=CLD_STOPPED, si_pid=101, si_uid=0, si_status=SIGSTOP, si_utime=0, si_stime=0}, WSTOPPED, NULL) = 0
100 kill(101, SIGCONT) = 0
100 wait4(101, [{WIFCONTINUED(s)}], WCONTINUED, NULL) = 101
101 --- stopped by SIGSTOP ---
101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=100, si_uid=0} ---
100 wait4(101, 0x7ffe00, WNOHANG|WSTOPPED|WCONTINUED, NULL) = 0
101 exit_group(4) = ?
102 +++ exited with 4 +++
101 +++ exited with 4 +++
100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 4}], WSTOPPED|WCONTINUED, NULL) = 101
END
END_OF_RECORDING
	replays 10
}

@test "nothing is reported of a process that has begun to exit" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=100, si_uid=0} ---
101 --- stopped by SIGSTOP ---
100 wait4(-1, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED|WCONTINUED, NULL) = 101
100 kill(101, SIGCONT) = 0
101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=100, si_uid=0} ---
101 exit_group(3) = ?
100 wait4(-1, 0x7ffe00, WNOHANG|WSTOPPED|WCONTINUED, NULL) = 0
101 +++ exited with 3 +++
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], WNOHANG|WSTOPPED|WCONTINUED, NULL) = 101
END
END_OF_RECORDING
	replays 8
}

@test "nor of one to which a fatal signal was delivered" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=100, si_uid=0} ---
101 --- stopped by SIGSTOP ---
100 wait4(-1, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED|WCONTINUED, NULL) = 101
100 kill(101, SIGTERM) = 0
100 kill(101, SIGCONT) = 0
101 --- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=100, si_uid=0} ---
100 wait4(-1, 0x7ffe00, WNOHANG|WSTOPPED|WCONTINUED, NULL) = 0
101 +++ killed by SIGTERM +++
100 wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}], WNOHANG|WSTOPPED|WCONTINUED, NULL) = 101
END
END_OF_RECORDING
	replays 9
}

@test "nor of one to which SIGKILL was sent, alone or with its group" {
	local target

	for target in 101 -101 -1; do
		recording <<END_OF_RECORDING
BEGIN
100 fork() = 101
100 setpgid(101, 101) = 0
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=100, si_uid=0} ---
101 --- stopped by SIGSTOP ---
100 wait4(101, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 101
100 kill(101, SIGCONT) = 0
100 kill($target, SIGKILL) = 0
100 wait4(101, 0x7ffe00, WNOHANG|WCONTINUED, NULL) = 0
101 +++ killed by SIGKILL +++
100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 101
END
END_OF_RECORDING
		replays 10
	done
}

@test "of one that is not dying, a continuation is reported" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=100, si_uid=0} ---
101 --- stopped by SIGSTOP ---
100 wait4(101, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 101
100 kill(101, SIGCONT) = 0
101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=100, si_uid=0} ---
101 getppid() = 100
100 wait4(101, 0x7ffe00, WNOHANG|WCONTINUED, NULL) = 0
101 +++ exited with 0 +++
END
END_OF_RECORDING
	differs 9 "nothing yet" "101 continued"
}

@test "a report that is replaced before the line where the wait ends" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 fork() = 102
100 wait4(101,  <unfinished ...>
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=102, si_uid=0} ---
101 --- stopped by SIGSTOP ---
102 kill(101, SIGCONT) = 0
101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=102, si_uid=0} ---
100 <... wait4 resumed>[{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 101
100 wait4(101,  <unfinished ...>
101 +++ exited with 0 +++
100 <... wait4 resumed>[{WIFCONTINUED(s)}], WCONTINUED, NULL) = 101
102 +++ exited with 0 +++
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 102
END
END_OF_RECORDING
	replays 11
}

@test "continued from outside, and killed" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=1, si_uid=0} ---
101 --- stopped by SIGSTOP ---
100 wait4(101, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 101
100 wait4(101,  <unfinished ...>
101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=1, si_uid=0} ---
101 +++ killed by SIGKILL +++
100 <... wait4 resumed>[{WIFCONTINUED(s)}], WCONTINUED, NULL) = 101
100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 101
END
END_OF_RECORDING
	replays 7
}

@test "without a status, a wait may have returned the exit" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 --- stopped by SIGSTOP ---
100 wait4(101, NULL, WSTOPPED, NULL) = 101
100 kill(101, SIGCONT) = 0
100 kill(101, SIGKILL) = 0
100 wait4(101,  <unfinished ...>
101 +++ killed by SIGKILL +++
100 <... wait4 resumed>NULL, WNOHANG|WCONTINUED, NULL) = 101
100 wait4(101, NULL, WCONTINUED, NULL) = -1 ECHILD (No child processes)
END
END_OF_RECORDING
	replays 9
}

@test "or the continuation" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 --- stopped by SIGSTOP ---
100 wait4(101, NULL, WSTOPPED, NULL) = 101
100 kill(101, SIGCONT) = 0
100 kill(101, SIGKILL) = 0
100 wait4(101,  <unfinished ...>
101 +++ killed by SIGKILL +++
100 <... wait4 resumed>NULL, WNOHANG|WCONTINUED, NULL) = 101
100 wait4(101, NULL, WCONTINUED, NULL) = 101
100 wait4(101, NULL, WCONTINUED, NULL) = -1 ECHILD (No child processes)
END
END_OF_RECORDING
	replays 10
}

@test "a child made while its parent was moved to another group" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 clone(child_stack=NULL, flags=CLONE_PARENT|SIGCHLD <unfinished ...>
100 setpgid(101, 0) = 0
101 <... clone resumed>) = 102
102 +++ exited with 7 +++
100 wait4(0, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], WNOHANG, NULL) = 102
101 +++ exited with 0 +++
100 wait4(-101, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], WNOHANG, NULL) = 101
END
END_OF_RECORDING
	replays 9
}
