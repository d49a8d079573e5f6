# SPDX-License-Identifier: GPL-2.0-only
#
# Answers that depend on something outside of a recording: they are not compared, and counted with
# the reason. Needs the module, with no other users of its server.

load common

@test "a thread or the recording ends in a call" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 kill(101, SIGKILL) = ?
		101 +++ killed by SIGKILL +++
		100 fork() = 102
		102 wait4(-1,  <unfinished ...>
		102 +++ killed by SIGKILL +++
		100 fork() = 103
		103 vfork( <unfinished ...>
		104 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */) = 0
	EOT
	replays 7 no-answer=3
}

@test "a call that a signal ended" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 wait4(-1,  <unfinished ...>
		101 kill(100, SIGUSR1) = 0
		100 <... wait4 resumed>0x7ffe00, 0, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)
		100 --- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=101, si_uid=0} ---
		100 wait4(-1, 0x7ffe00, 0, NULL) = -1 EINTR (Interrupted system call)
		100 vfork() = ? ERESTARTNOINTR (To be restarted)
		END
	EOT
	replays 4 interrupted=3
}

@test "execve, fork and kill that fail for reasons outside the model" {
	recording <<-'EOT'
		BEGIN
		100 execve("/bin/none", ["none"], 0x7ffe00 /* 1 var */) = -1 ENOENT (No such file or directory)
		100 fork() = -1 EAGAIN (Resource temporarily unavailable)
		100 kill(1, SIGTERM) = -1 EPERM (Operation not permitted)
		END
	EOT
	replays 2 resources=1 file=1 uid=1
}

@test "processes and groups outside the recording" {
	recording <<-'EOT'
		BEGIN
		100 kill(50, 0) = 0
		100 kill(-50, SIGCONT) = 0
		100 kill(51, 0) = -1 ESRCH (No such process)
		100 setpgid(0, 100) = 0
		100 setpgid(0, 60) = 0
		100 kill(-60, 0) = 0
		100 fork() = 101
		101 setpgid(0, 0) = 0
		101 setpgid(0, 60) = 0
		END
	EOT
	replays 8 outside=3
}

@test "orphans are reaped by the init of the machine, at an unknown time" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 fork() = 102
		101 fork() = 103
		103 setpgid(0, 0) = 0
		101 +++ exited with 0 +++
		102 +++ exited with 0 +++
		103 +++ exited with 0 +++
		100 kill(103, 0) = 0
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		100 kill(102, 0) = -1 ESRCH (No such process)
		100 kill(-103, 0) = -1 ESRCH (No such process)
		END
	EOT
	replays 14
}

@test "a recording that was attached to processes that ran already" {
	recording <<-'EOT'
		100 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 99
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = 0
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 98
		100 fork() = 101
		101 +++ exited with 3 +++
		97 +++ exited with 4 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 4}], 0, NULL) = 97
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
		100 setsid() = -1 EPERM (Operation not permitted)
	EOT
	replays 5 headless=1 before=3
	HOW=--device replays 4 headless=1 before=4
}

@test "children that strace did not follow" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = 0
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 5 outside=1
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */) = 0 <detached ...>
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		100 kill(101, 0) = -1 ESRCH (No such process)
		END
	EOT
	replays 5 outside=1
}

@test "orphans that go to a process which is not recorded as a subreaper" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 fork() = 102
		101 +++ exited with 1 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		102 +++ exited with 2 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 102
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 8 subreaper=1
}

@test "SIGCHLD ignored, where the recording says so" {
	recording <<-'EOT'
		BEGIN
		100 rt_sigaction(SIGCHLD, {sa_handler=SIG_IGN, sa_mask=[], sa_flags=0}, NULL, 8) = 0
		100 fork() = 101
		101 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		101 fork() = 102
		102 +++ exited with 0 +++
		101 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		101 rt_sigaction(SIGCHLD, {sa_handler=0x5500, sa_mask=[], sa_flags=SA_RESTORER|SA_NOCLDWAIT, sa_restorer=0x7f00}, NULL, 8) = 0
		101 execve("/bin/sh", ["sh"], 0x7ffe00 /* 1 var */) = 0
		101 fork() = 103
		103 +++ exited with 0 +++
		101 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 103
		END
	EOT
	replays 11
	HOW=--device replays 11
}

@test "SIGCHLD ignored, where the recording only shows that it never comes" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 wait4(-1,  <unfinished ...>
		101 +++ exited with 0 +++
		100 <... wait4 resumed>0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		100 fork() = 102
		102 kill(101, 0) = -1 ESRCH (No such process)
		END
	EOT
	replays 6 autoreap=1
}

@test "children whose exit sends no SIGCHLD" {
	recording <<-'EOT'
		BEGIN
		100 clone(child_stack=0x7f00, flags=CLONE_VM) = 101
		101 +++ exited with 1 +++
		100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], __WALL, NULL) = 101
		END
	EOT
	replays 6
	HOW=--device replays 6
}

@test "another pid namespace" {
	recording <<-'EOT'
		BEGIN
		100 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD) = 101
		101 fork() = 2
		101 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 2
		101 kill(2, 0) = -1 ESRCH (No such process)
		101 +++ exited with 0 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		END
	EOT
	replays 5 namespace=3
}
