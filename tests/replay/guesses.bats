# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # run sets output and stderr
#
# Answers that a recording leaves uncertain: they are not compared, and no guess changes anything.

load common

@test "a wait for clone children alone, of a process that has others" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 wait4(101, 0x7ffe00, WNOHANG|__WCLONE, NULL) = -1 ECHILD (No child processes)
101 +++ exited with 3 +++
100 wait4(101, 0x7ffe00, WNOHANG|__WCLONE, NULL) = -1 ECHILD (No child processes)
100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
END
END_OF_RECORDING
	replays 7
	HOW=--device replays 7
}

@test "ECHILD though a SIGCHLD has announced the child" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 +++ exited with 3 +++
100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=3, si_utime=0, si_stime=0} ---
END
END_OF_RECORDING
	differs 4 ECHILD "101 exited with 3"
}

@test "a wait that may have returned anything explains no later zombie" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 waitid(P_ALL, 0, NULL, WNOHANG|WEXITED, NULL) = 0
101 +++ exited with 3 +++
100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=3, si_utime=0, si_stime=0} ---
100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
END
END_OF_RECORDING
	differs 6 ECHILD "101 exited with 3"
}

@test "SIGCHLD ignored later, which is not recorded" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 +++ exited with 3 +++
100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=3, si_utime=0, si_stime=0} ---
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
100 fork() = 102
102 +++ exited with 0 +++
100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
END
END_OF_RECORDING
	replays 7 autoreap=1
}

@test "the thread group of tgkill" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 fork() = 102
101 clone3({flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0}, 88) = 103
100 tgkill(102, 101, SIGUSR1) = -1 ESRCH (No such process)
100 tgkill(101, 101, 0) = 0
100 tgkill(101, 103, SIGUSR1) = 0
100 tgkill(103, 103, SIGUSR1) = -1 ESRCH (No such process)
100 tgkill(-1, 101, 0) = -1 EINVAL (Invalid argument)
100 tkill(0, 0) = -1 EINVAL (Invalid argument)
100 tkill(103, 0) = 0
103 +++ exited with 0 +++
101 +++ exited with 0 +++
102 +++ exited with 0 +++
END
END_OF_RECORDING
	replays 11 argument=2
}

@test "tgkill that finds a thread in the wrong group" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 fork() = 102
100 tgkill(102, 101, SIGUSR1) = 0
101 +++ exited with 0 +++
102 +++ exited with 0 +++
END
END_OF_RECORDING
	differs 4 success ESRCH
}

@test "a pid namespace by unshare" {
	recording <<'END_OF_RECORDING'
3000 execve("/usr/bin/unshare", ["unshare", "-f", "-p", "sh"], 0x7ffe00 /* 1 var */) = 0
3000 unshare(CLONE_NEWPID) = 0
3000 fork() = 3001
3001 kill(-1, 0) = -1 ESRCH (No such process)
3001 fork( <unfinished ...>
3002 exit_group(9) = ?
3001 <... fork resumed>) = 2
3001 wait4(2, 0x7ffe00, WNOHANG, NULL) = 0
3002 +++ exited with 9 +++
3001 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 9}], 0, NULL) = 2
3001 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
3001 exit_group(0) = ?
3001 +++ exited with 0 +++
3000 wait4(3001, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 3001
3000 exit_group(0) = ?
3000 +++ exited with 0 +++
END_OF_RECORDING
	replays 7 namespace=4
}

@test "one by setns, and one in it" {
	recording <<'END_OF_RECORDING'
BEGIN
100 setns(3, CLONE_NEWPID) = 0
100 clone(child_stack=NULL, flags=SIGCHLD) = 101
101 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD <unfinished ...>
102 kill(1, 0) = 0
101 <... clone resumed>) = 7
101 wait4(7,  <unfinished ...>
102 exit_group(2) = ?
102 +++ exited with 2 +++
101 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 7
101 exit_group(0) = ?
101 +++ exited with 0 +++
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
END
END_OF_RECORDING
	run -0 --separate-stderr procsrv-replay --json "$FILE"
	same 0 "$(total 't["differ"]' <<<"$output")"
	same 1 "$(total 't["not_compared"]["namespace"]' <<<"$output")"
}

@test "answers that strace injected" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 kill(101, 0) = -1 ESRCH (No such process) (INJECTED)
100 setsid() = 0 (INJECTED)
100 fork() = -1 EAGAIN (Resource temporarily unavailable) (INJECTED)
101 +++ exited with 0 +++
100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes) (INJECTED)
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
END
END_OF_RECORDING
	replays 5 injected=4
}

@test "exits that are left out" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 exit_group(3) = ?
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
100 exit_group(0) = ?
END_OF_RECORDING
	replays 2 no-exits=1
}

@test "the exit of one process that is missing" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 exit_group(3) = ?
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
END
END_OF_RECORDING
	replays 3 no-exits=1
}

@test "signals and stops that are left out" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 kill(101, SIGSTOP) = 0
100 wait4(101, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 101
100 kill(101, SIGCONT) = 0
101 exit_group(3) = ?
101 +++ exited with 3 +++
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
END
END_OF_RECORDING
	replays 7 no-signals=1
}

@test "the calls that send signals are left out" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=100, si_uid=0} ---
101 --- stopped by SIGSTOP ---
100 wait4(101, [{WIFCONTINUED(s)}], WCONTINUED, NULL) = 101
101 +++ killed by SIGKILL +++
100 wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 101
END
END_OF_RECORDING
	replays 5 no-signals=1
}

@test "setpgid that is left out" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
101 exit_group(3) = ?
101 +++ exited with 3 +++
100 wait4(-101, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=3, si_utime=0, si_stime=0} ---
END
END_OF_RECORDING
	replays 4 no-groups=1
}

@test "waits that are left out: a zombie that is gone, and its group" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 setpgid(101, 101) = 0
100 fork() = 102
100 fork() = 103
100 setpgid(103, 103) = 0
101 +++ exited with 3 +++
102 +++ exited with 0 +++
103 +++ exited with 0 +++
100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=3, si_utime=0, si_stime=0} ---
100 kill(-101, SIGTERM) = -1 ESRCH (No such process)
100 kill(101, SIGTERM) = -1 ESRCH (No such process)
100 kill(102, SIGTERM) = -1 ESRCH (No such process)
100 kill(103, SIGTERM) = 0
100 setpgid(103, 103) = -1 ESRCH (No such process)
100 kill(103, SIGTERM) = -1 ESRCH (No such process)
END
END_OF_RECORDING
	replays 13 no-waits=3
}

@test "waits that are left out explain nothing about live processes" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 fork() = 102
100 setpgid(101, 101) = 0
100 setpgid(102, 101) = 0
101 +++ exited with 3 +++
100 kill(-101, 0) = -1 ESRCH (No such process)
102 +++ exited with 0 +++
END
END_OF_RECORDING
	differs 7 ESRCH success
}

@test "a group to move to that is gone, with waits left out" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 setpgid(101, 101) = 0
101 +++ exited with 3 +++
100 fork() = 102
100 setpgid(102, 101) = -1 EPERM (Operation not permitted)
100 kill(-101, 0) = -1 ESRCH (No such process)
102 +++ exited with 0 +++
END
END_OF_RECORDING
	replays 8 no-waits=1
}

@test "execve that is left out" {
	recording <<'END_OF_RECORDING'
100 fork() = 101
100 setpgid(101, 101) = -1 EACCES (Permission denied)
100 kill(-101, 0) = -1 ESRCH (No such process)
101 +++ exited with 3 +++
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
END
END_OF_RECORDING
	replays 5 no-execs=1
}

@test "files of strace -ff that were merged" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
101 exit_group(3) = ?
101 +++ exited with 3 +++
100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=3, si_utime=0, si_stime=0} ---
END
END_OF_RECORDING
	replays 4 order=1
}

@test "no merging explains a child that is returned twice" {
	recording <<'END_OF_RECORDING'
BEGIN
100 fork() = 101
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
101 exit_group(3) = ?
101 +++ exited with 3 +++
100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
END
END_OF_RECORDING
	run -1 --separate-stderr procsrv-replay --json "$FILE"
	same 2 "$(total 't["differ"]' <<<"$output")"
}

@test "deeper than the server's bound" {
	local pid depth=1500

	{
		printf '%s\n' "$BEGIN"
		for ((pid = 1000; pid < 1000 + depth; pid++)); do
			echo "$((pid == 1000 ? 100 : pid - 1)) fork() = $pid"
		done
		for ((pid = 999 + depth; pid >= 1000; pid--)); do
			echo "$pid exit_group(0) = ?"
			echo "$pid +++ exited with 0 +++"
			echo "$((pid == 1000 ? 100 : pid - 1)) wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = $pid"
		done
		printf '%s\n' "$END"
	} >"$FILE"
	run -0 --separate-stderr procsrv-replay --json "$FILE"
	same "0 True" "$(total '"%d %s" % (t["differ"], t["not_compared"]["bound"] > 1000)' \
		<<<"$output")"
}
