# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # run sets output and stderr
#
# Answers that are compared with hosted processes that have the pids of the recording, but cannot
# be in the server of the device: they are compared, and a wrong one is noticed.

load common

@test "which signal has stopped a child" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 --- SIGTTIN {si_signo=SIGTTIN, si_code=SI_KERNEL} ---
		101 --- stopped by SIGTTIN ---
		100 wait4(-1, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTTOU}], WSTOPPED, NULL) = 101
		101 --- SIGKILL {si_signo=SIGKILL, si_code=SI_USER, si_pid=1, si_uid=0} ---
		101 +++ killed by SIGKILL +++
		END
	EOT
	differs 5 "101 stopped by SIGTTOU" "101 stopped by SIGTTIN"
	sed -i '5s/SIGTTOU/SIGTTIN/' "$FILE"
	replays 5
}

@test "an answer may show a stop before any line does" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 --- SIGTSTP {si_signo=SIGTSTP, si_code=SI_KERNEL} ---
		100 waitid(P_PID, 101, {si_signo=SIGCHLD, si_code=CLD_STOPPED, si_pid=101, si_uid=0, si_status=SIGTSTP, si_utime=0, si_stime=0}, WSTOPPED, NULL) = 0
		101 --- stopped by SIGTSTP ---
		100 kill(101, SIGCONT) = 0
		100 waitid(P_PID, 101, {si_signo=SIGCHLD, si_code=CLD_CONTINUED, si_pid=101, si_uid=0, si_status=SIGCONT, si_utime=0, si_stime=0}, WCONTINUED, NULL) = 0
		101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=100, si_uid=0} ---
		101 --- stopped by SIGSTOP ---
		100 waitid(P_PID, 101, {si_signo=SIGCHLD, si_code=CLD_STOPPED, si_pid=101, si_uid=0, si_status=SIGSTOP, si_utime=0, si_stime=0}, WSTOPPED, NULL) = 0
		END
	EOT
	replays 7
}

@test "no process that leads a group gets a session" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 setpgid(0, 0) = 0
		101 setsid() = 101
		END
	EOT
	differs 4 success EPERM
}

@test "a process gets no session while the group that it has left exists" {
	recording <<-'EOT'
		BEGIN
		100 setpgid(0, 0) = 0
		100 fork() = 101
		100 fork() = 102
		101 setpgid(0, 0) = 0
		100 setpgid(102, 101) = 0
		101 setpgid(0, 100) = 0
		101 setsid() = -1 EPERM (Operation not permitted)
		101 setpgid(0, 0) = 0
		101 setpgid(0, 100) = 0
		102 setpgid(0, 0) = 0
		101 setsid() = 101
		END
	EOT
	replays 13
}

@test "group 0 is the own group" {
	recording <<-'EOT'
		BEGIN
		100 setpgid(0, 0) = 0
		100 fork() = 101
		100 fork() = 102
		102 setpgid(0, 0) = 0
		102 +++ exited with 2 +++
		100 wait4(0, 0x7ffe00, WNOHANG, NULL) = 0
		101 +++ exited with 1 +++
		100 wait4(0, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		100 wait4(0, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		100 waitid(P_PGID, 0, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=102, si_uid=0, si_status=2, si_utime=0, si_stime=0}, WEXITED, NULL) = 0
		100 kill(0, 0) = 0
		END
	EOT
	differs 11 "102 exited with 2" ECHILD
	sed -i 11d "$FILE"
	replays 12
}

@test "children of another kind" {
	recording <<-'EOT'
		BEGIN
		100 clone(child_stack=0x7f00, flags=CLONE_VM) = 101
		100 fork() = 102
		101 +++ exited with 1 +++
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = 0
		102 +++ exited with 2 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 102
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], __WCLONE, NULL) = 101
		END
	EOT
	replays 10
	sed -i '9s/__WCLONE/0/' "$FILE"
	differs 9 "101 exited with 1" ECHILD
}

@test "exec, and another parent, make a child ordinary" {
	recording <<-'EOT'
		BEGIN
		100 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0
		100 clone(child_stack=0x7f00, flags=CLONE_VM) = 101
		101 clone(child_stack=0x7f00, flags=CLONE_VM) = 102
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		101 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */) = 0
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = 0
		102 +++ exited with 2 +++
		101 +++ exited with 1 +++
		100 wait4(102, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 102
		100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		END
	EOT
	replays 11
}

@test "children that leave no zombie" {
	recording <<-'EOT'
		BEGIN
		100 rt_sigaction(SIGCHLD, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL, 8) = 0
		100 fork() = 101
		100 clone(child_stack=0x7f00, flags=CLONE_VM) = 102
		101 fork() = 103
		101 +++ exited with 1 +++
		102 +++ exited with 2 +++
		100 kill(101, 0) = -1 ESRCH (No such process)
		100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], __WALL, NULL) = 102
		END
	EOT
	replays 10
	sed -i '8s/-1 ESRCH.*/0/' "$FILE"
	differs 8 success ESRCH
}

@test "zombies that go to a process whose children leave none" {
	recording <<-'EOT'
		BEGIN
		100 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0
		100 rt_sigaction(SIGCHLD, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=SA_NOCLDWAIT}, NULL, 8) = 0
		100 fork() = 101
		101 rt_sigaction(SIGCHLD, {sa_handler=SIG_DFL, sa_mask=[], sa_flags=0}, NULL, 8) = 0
		101 fork() = 102
		102 +++ exited with 2 +++
		100 kill(102, 0) = 0
		101 +++ exited with 1 +++
		100 kill(102, 0) = -1 ESRCH (No such process)
		100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 9
}

@test "pids that wrap around: the lowest is not the oldest" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 30000
		100 fork() = 99
		99 +++ exited with 1 +++
		30000 +++ exited with 2 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 30000
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 99
		END
	EOT
	replays 8 wait-order=1
	HOW=--device replays 8
}

@test "a pid is used again" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 setpgid(0, 0) = 0
		101 +++ exited with 1 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		100 fork() = 101
		101 setsid() = 101
		101 +++ exited with 2 +++
		100 kill(-101, 0) = 0
		100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 101
		100 kill(-101, 0) = -1 ESRCH (No such process)
		END
	EOT
	replays 12
}

@test "pid 1 of the recording, which the init of the server has" {
	recording <<-'EOT'
		1 execve("/sbin/init", ["init"], 0x7ffe00 /* 1 var */) = 0
		1 fork() = 2
		1 setsid() = 1
		2 kill(1, SIGTERM) = 0
		2 kill(-1, 0) = 0
		2 +++ exited with 3 +++
		1 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 2
		1 exit_group(0) = ?
		1 +++ exited with 0 +++
	EOT
	replays 8
}

@test "nothing is left in the server of the device" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
	EOT
	before=$(procsrvctl stats)
	replays 2
	same "$before" "$(procsrvctl stats)"
	HOW=--device replays 2
	[[ $before != "$(procsrvctl stats)" ]]
}
