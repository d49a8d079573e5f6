# SPDX-License-Identifier: GPL-2.0-only
#
# Orphans that are reparented to a process that has called prctl(PR_SET_CHILD_SUBREAPER).
# Needs the module, with no other users of its server.

load common

@test "orphans go to a subreaper" {
	recording <<-'EOT'
		BEGIN
		100 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0
		100 fork() = 101
		101 fork() = 102
		101 +++ exited with 1 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = 0
		102 +++ exited with 2 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 102
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 10
}

@test "orphans that are zombies already" {
	recording <<-'EOT'
		BEGIN
		100 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0
		100 fork() = 101
		101 fork() = 102
		102 +++ exited with 2 +++
		101 +++ exited with 1 +++
		100 wait4(102, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 102
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		END
	EOT
	replays 8
}

@test "descendants that are there when it asks count too, and none when it asks no more" {
	recording <<-'EOT'
		BEGIN
		100 fork() = 101
		101 fork() = 102
		101 fork() = 103
		103 fork() = 104
		100 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0
		103 +++ exited with 0 +++
		101 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 103
		100 wait4(104, 0x7ffe00, WNOHANG, NULL) = 0
		100 prctl(PR_SET_CHILD_SUBREAPER, 0) = 0
		101 +++ exited with 1 +++
		100 wait4(102, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		104 +++ exited with 4 +++
		102 +++ exited with 2 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 4}], 0, NULL) = 104
		100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 16
}

@test "the nearest of several; it outlives exec, is not inherited, and ends with the process" {
	recording <<-'EOT'
		BEGIN
		100 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0
		100 fork() = 101
		101 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0
		101 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */) = 0
		101 fork() = 102
		102 fork() = 103
		103 fork() = 104
		103 +++ exited with 3 +++
		102 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 103
		102 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		101 wait4(104, 0x7ffe00, WNOHANG, NULL) = 0
		101 +++ exited with 1 +++
		104 +++ exited with 4 +++
		100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		100 wait4(104, [{WIFEXITED(s) && WEXITSTATUS(s) == 4}], 0, NULL) = 104
		102 +++ exited with 2 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], 0, NULL) = 102
		100 wait4(-1, 0x7ffe00, 0, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 18
}

@test "a prctl that failed or asks for something else changes nothing" {
	recording <<-'EOT'
		BEGIN
		100 prctl(PR_SET_CHILD_SUBREAPER, 1) = -1 EINVAL (Invalid argument)
		100 prctl(PR_SET_NAME, "reaper") = 0
		100 fork() = 101
		101 fork() = 102
		101 +++ exited with 1 +++
		102 +++ exited with 2 +++
		100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL) = 101
		100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)
		END
	EOT
	replays 8
}
