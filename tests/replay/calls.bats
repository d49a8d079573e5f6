# SPDX-License-Identifier: GPL-2.0-only
#
# The calls of a recording, and the possible answers of Linux: the server answers the same.
# Needs the module, with no other users of its server.

load common

@test "exit codes and signals, as wait4 has them" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 fork() = 102
		100 fork() = 103
		101 exit_group(255) = ?
		101 +++ exited with 255 +++
		102 +++ killed by SIGSEGV (core dumped) +++
		103 +++ killed by SIGRT_5 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 255}], 0, NULL) = 101
		100 wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}], 0, NULL) = 102
		100 wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGRT_5}], 0, {ru_utime={tv_sec=0, tv_usec=0}, ...}) = 103
		100 wait4(-1, NULL, 0, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 12
}

@test "the forms of waitid" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 fork() = 102
		100 setpgid(102, 102) = 0
		100 waitid(P_ALL, 0, {}, WNOHANG|WEXITED, NULL) = 0
		101 +++ exited with 7 +++
		102 +++ killed by SIGTERM +++
		100 waitid(P_PGID, 102, {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=102, si_uid=0, si_status=SIGTERM, si_utime=0, si_stime=0}, WNOHANG|WEXITED|WNOWAIT, NULL) = 0
		100 waitid(P_ALL, 0, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=7, si_utime=0, si_stime=0}, WEXITED|WNOWAIT, NULL) = 0
		100 waitid(P_PID, 101, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=7, si_utime=0, si_stime=0}, WEXITED, NULL) = 0
		100 waitid(P_PID, 101, 0x7ffe00, WEXITED, NULL) = -1 ECHILD (No child processes)
		100 waitid(P_ALL, 0, 0x7ffe00, WSTOPPED, NULL) = -1 ECHILD (No child processes)
		100 waitid(P_ALL, 0, 0x7ffe00, WNOHANG, NULL) = -1 EINVAL (Invalid argument)
		100 waitid(P_PGID, 102, NULL, WEXITED, NULL) = 0
		100 waitid(P_ALL, 0, 0x7ffe00, WEXITED, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 16
}

@test "wait4 for a pid, a group, the own group; and options that do not exist" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 fork() = 102
		101 setpgid(0, 0) = 0
		101 +++ exited with 1 +++
		102 +++ exited with 2 +++
		100 wait4(101, 0x7ffe00, WNOHANG|0x8000, NULL) = -1 EINVAL (Invalid argument)
		100 wait4(-102, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		100 wait4(100, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		100 wait4(0, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 102
		100 wait4(0, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		100 wait4(-101, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], __WALL, NULL) = 101
		END
	EOT
	replays 13
}

@test "stops and continuations" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 kill(101, SIGSTOP) = 0
		101 --- SIGSTOP {si_signo=SIGSTOP, si_code=SI_USER, si_pid=100, si_uid=0} ---
		101 --- stopped by SIGSTOP ---
		100 wait4(101, 0x7ffe00, WNOHANG, NULL) = 0
		100 wait4(101, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED|WCONTINUED, NULL) = 101
		100 wait4(101, 0x7ffe00, WNOHANG|WSTOPPED, NULL) = 0
		100 kill(101, SIGCONT) = 0
		100 waitid(P_PID, 101, {si_signo=SIGCHLD, si_code=CLD_CONTINUED, si_pid=101, si_uid=0, si_status=SIGCONT, si_utime=0, si_stime=0}, WCONTINUED, NULL) = 0
		101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=100, si_uid=0} ---
		100 kill(101, SIGSTOP) = 0
		101 --- stopped by SIGSTOP ---
		100 kill(101, SIGKILL) = 0
		101 +++ killed by SIGKILL +++
		100 wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], WSTOPPED, NULL) = 101
		END
	EOT
	replays 13
}

@test "a stop signal other than SIGSTOP is a deliberate difference of the device" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 --- SIGTSTP {si_signo=SIGTSTP, si_code=SI_KERNEL} ---
		101 --- stopped by SIGTSTP ---
		100 wait4(-1, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTSTP}], WSTOPPED, NULL) = 101
		101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=1, si_uid=0} ---
		100 wait4(-1, [{WIFCONTINUED(s)}], WCONTINUED, NULL) = 101
		101 +++ exited with 0 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		END
	EOT
	replays 7
	HOW=--device replays 7 stop-signal=1
}

@test "signals to a pid, a group, the own group, all processes, a thread, a pidfd" {
	recording <<-'EOT'
		BEGIN
		100 clone3({flags=CLONE_PIDFD, pidfd=0x7ffe00, exit_signal=SIGCHLD, stack=NULL, stack_size=0} => {pidfd=[3]}, 88) = 101
		101 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 102
		100 pidfd_open(101, 0) = 4
		100 kill(101, SIGUSR1) = 0
		100 kill(-101, 0) = -1 ESRCH (No such process)
		101 setpgid(0, 0) = 0
		100 kill(-101, SIGUSR2) = 0
		100 kill(0, SIGWINCH) = 0
		100 kill(-1, 0) = 0
		100 kill(101, 65) = -1 EINVAL (Invalid argument)
		100 tgkill(101, 102, SIGRTMIN) = 0
		100 tkill(102, SIGRT_3) = 0
		100 kill(102, 0) = 0
		100 pidfd_send_signal(3, SIGTERM, NULL, 0) = 0
		102 +++ killed by SIGTERM +++
		101 +++ killed by SIGTERM +++
		100 pidfd_send_signal(4, 0, NULL, 0) = 0
		100 waitid(P_PIDFD, 3, {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=101, si_uid=0, si_status=SIGTERM, si_utime=0, si_stime=0}, WEXITED, NULL) = 0
		100 pidfd_send_signal(4, 0, NULL, 0) = -1 ESRCH (No such process)
		100 waitid(P_PIDFD, 4, 0x7ffe00, WEXITED, NULL) = -1 ECHILD (No child processes)
		100 kill(-101, 0) = -1 ESRCH (No such process)
		END
	EOT
	replays 20
}

@test "setpgid in the order of its checks" {
	recording <<-'EOT'
		BEGIN
		100 setsid() = 100
		100 fork() = 101
		100 fork() = 102
		101 fork() = 103
		100 setpgid(999, 0) = -1 ESRCH (No such process)
		100 setpgid(103, 0) = -1 ESRCH (No such process)
		100 setpgid(0, 0) = -1 EPERM (Operation not permitted)
		100 setpgid(101, 102) = -1 EPERM (Operation not permitted)
		100 setpgid(101, 101) = 0
		100 setpgid(102, 101) = 0
		100 setpgid(102, 0) = 0
		100 setpgid(102, 100) = 0
		102 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */) = 0
		100 setpgid(102, 0) = -1 EACCES (Permission denied)
		102 setpgid(0, 101) = 0
		103 setsid() = 103
		101 setpgid(103, 101) = -1 EPERM (Operation not permitted)
		103 setsid() = -1 EPERM (Operation not permitted)
		101 setsid() = -1 EPERM (Operation not permitted)
		100 setpgid(0, -5) = -1 EINVAL (Invalid argument)
		END
	EOT
	replays 21 argument=1
}

@test "a group lives as long as its zombies, and is gone with them" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 fork() = 102
		101 setpgid(0, 0) = 0
		101 +++ exited with 0 +++
		100 kill(-101, 0) = 0
		100 setpgid(102, 101) = 0
		100 setpgid(102, 102) = 0
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		100 setpgid(102, 101) = -1 EPERM (Operation not permitted)
		100 kill(-101, 0) = -1 ESRCH (No such process)
		END
	EOT
	replays 12
}

@test "setsid of a process that leads a group alone is a deliberate difference of the device" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 setpgid(0, 0) = 0
		101 setsid() = -1 EPERM (Operation not permitted)
		100 kill(-101, 0) = 0
		END
	EOT
	replays 6
	HOW=--device replays 6 setsid-group-leader=1
}

@test "children of several threads come in another order" {
	recording <<-'EOT'
		BEGIN
		100 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 200
		200 fork() = 101
		100 fork() = 102
		101 +++ exited with 1 +++
		102 +++ exited with 2 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 102
		200 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		200 +++ exited with 0 +++
		END
	EOT
	replays 8 wait-order=1
}

@test "exec replaces what the server shows" {
	recording <<-'EOT'
		BEGIN
		100 execveat(AT_FDCWD, "/opt/a b/\303\266l", ["\303\266l", "-x", "long"...], 0x7ffe00 /* 1 var */, 0) = 0
	EOT
	before=$(procsrvctl list | tail -n 1 | awk '{ print $1 }')
	run -0 procsrv-replay --keep "$FILE"
	pid=$(procsrvctl list | awk -v b="$before" '$1 > b' | tail -n 1 | awk '{ print $1 }')
	same $'\303\266l' "$(procsrvctl info --json "$pid" |
		python3 -c 'import json, sys; print(json.load(sys.stdin)["name"])')"
	procsrvctl kill -9 "$pid" "$((pid - 1))"
	procsrvctl reap
}
