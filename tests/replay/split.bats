# SPDX-License-Identifier: GPL-2.0-only
#
# Calls that are split over several lines, with forks and exits between them.
# Needs the module, with no other users of its server.

load common

@test "a child is seen before the call that made it returns" {
	recording <<-'EOT'
		BEGIN
		100 vfork( <unfinished ...>
		101 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */ <unfinished ...>
		100 <... vfork resumed>) = 101
		101 <... execve resumed>) = 0
		100 clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD, stack=0x7f00, stack_size=0x9000}, 88 <unfinished ...>
		102 +++ exited with 1 +++
		100 <... clone3 resumed>) = 102
		101 exit_group(0) = ?
		101 +++ exited with 0 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 102
		END
	EOT
	replays 9
}

@test "a wait has its answer at some moment between its lines" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 wait4(-1,  <unfinished ...>
		101 +++ exited with 4 +++
		100 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 4}], 0, NULL) = 101
		100 fork() = 102
		100 wait4(-1, 0x7ffe00,  <unfinished ...>
		102 +++ exited with 0 +++
		100 <... wait4 resumed>WNOHANG, NULL) = 0
		100 fork() = 103
		100 wait4(-1,  <unfinished ...>
		103 +++ exited with 1 +++
		100 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], WNOHANG, NULL) = 102
		END
	EOT
	replays 11
}

@test "a wait was over before its second line, as another answer tells" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 fork() = 102
		101 setpgid(0, 0) = 0
		100 wait4(101,  <unfinished ...>
		101 +++ exited with 0 +++
		102 kill(101, 0) = -1 ESRCH (No such process)
		102 kill(-101, 0) = -1 ESRCH (No such process)
		102 setpgid(0, 101) = -1 EPERM (Operation not permitted)
		100 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		END
	EOT
	replays 10
}

@test "two threads wait at once, and the second finds nothing" {
	recording <<-'EOT'
		BEGIN
		100 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 200
		100 fork() = 101
		100 wait4(-1,  <unfinished ...>
		200 wait4(-1,  <unfinished ...>
		101 +++ exited with 0 +++
		200 <... wait4 resumed>0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		100 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		200 +++ exited with 0 +++
		END
	EOT
	replays 6
}

@test "an execve has taken effect before its second line" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 setpgid(101, 101) = 0
		101 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */ <unfinished ...>
		100 setpgid(101, 101) = -1 EACCES (Permission denied)
		101 <... execve resumed>) = 0
		END
	EOT
	replays 6
}

@test "a setpgid that was done before the child's execve returns after it" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 setpgid(101, 101 <unfinished ...>
		101 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */) = 0
		100 <... setpgid resumed>) = 0
		100 setpgid(101, 101 <unfinished ...>
		101 exit_group(0) = ?
		100 <... setpgid resumed>) = -1 EACCES (Permission denied)
		END
	EOT
	replays 6
}

@test "a parent moves a child that is just about to begin a session" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 fork() = 102
		100 setpgid(101, 101) = 0
		102 setsid( <unfinished ...>
		100 setpgid(102, 101) = 0
		102 <... setsid resumed>) = 102
		100 setpgid(102, 101) = -1 EPERM (Operation not permitted)
		END
	EOT
	replays 8
}

@test "a stop that SIGCONT has cancelled did not happen" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		100 kill(101, SIGSTOP) = 0
		100 kill(101, SIGCONT) = 0
		101 --- SIGCONT {si_signo=SIGCONT, si_code=SI_USER, si_pid=100, si_uid=0} ---
		100 wait4(-1, 0x7ffe00, WNOHANG|WSTOPPED|WCONTINUED, NULL) = 0
		END
	EOT
	replays 6
}

@test "a process that does something is not stopped, whatever continued it" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 --- stopped by SIGSTOP ---
		100 kill(101, SIGCONT <unfinished ...>
		101 getppid() = 100
		100 wait4(-1, [{WIFCONTINUED(s)}], WNOHANG|WSTOPPED|WCONTINUED, NULL) = 101
		100 <... kill resumed>) = 0
		101 --- stopped by SIGSTOP ---
		101 getppid() = 100
		100 wait4(-1, [{WIFCONTINUED(s)}], WNOHANG|WSTOPPED|WCONTINUED, NULL) = 101
		END
	EOT
	replays 6
}

@test "a process with threads has stopped with the last of them" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 102
		101 --- stopped by SIGSTOP ---
		100 wait4(-1, 0x7ffe00, WNOHANG|WSTOPPED, NULL) = 0
		102 --- stopped by SIGSTOP ---
		100 wait4(-1, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WNOHANG|WSTOPPED, NULL) = 101
		END
	EOT
	replays 5
}

@test "threads: their exits do not count, their children are the process's" {
	recording <<-'EOT'
		BEGIN
		100 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, child_tid=0x7f00, exit_signal=0} => {parent_tid=[200]}, 88) = 200
		200 fork() = 101
		101 +++ exited with 9 +++
		100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 9}], 0, NULL) = 101
		200 setpgid(0, 0) = 0
		200 exit(0) = ?
		200 +++ exited with 0 +++
		100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		100 tgkill(100, 200, 0) = -1 ESRCH (No such process)
		END
	EOT
	replays 8
}

@test "the execve of another thread than the first" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 clone(child_stack=0x7f00, flags=CLONE_VM|CLONE_SIGHAND|CLONE_THREAD) = 200
		101 wait4(-1,  <unfinished ...>
		200 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */ <unfinished ...>
		101 <... wait4 resumed> <unfinished ...>) = ?
		101 +++ superseded by execve in pid 200 +++
		101 <... execve resumed>) = 0
		100 kill(101, 0) = 0
		101 exit_group(0) = ?
		101 +++ exited with 0 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		END
	EOT
	replays 7 no-answer=1
}

@test "CLONE_PARENT: the child's parent is its maker's, its group its maker's" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 setpgid(0, 0) = 0
		101 clone(child_stack=NULL, flags=CLONE_PARENT|SIGCHLD) = 102
		101 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		101 +++ exited with 0 +++
		102 +++ exited with 5 +++
		100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		100 wait4(-101, [{WIFEXITED(s) && WEXITSTATUS(s) == 5}], 0, NULL) = 102
		END
	EOT
	replays 10
}

@test "the number of a process that is gone is given again" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 setpgid(0, 0) = 0
		101 fork() = 102
		101 +++ exited with 1 +++
		102 +++ exited with 2 +++
		100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		100 fork() = 101
		101 setpgid(0, 0) = 0
		100 fork() = 102
		102 setpgid(0, 101) = 0
		102 +++ exited with 3 +++
		101 +++ exited with 4 +++
		100 wait4(-101, [{WIFEXITED(s) && WEXITSTATUS(s) == 4}], 0, NULL) = 101
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 102
		END
	EOT
	replays 16
}
