# SPDX-License-Identifier: GPL-2.0-only
#
# An answer that is wrong is reported, with its line. Needs the module, with no other users of its
# server.

load common

# The lines before the tested line, which is line 10, and after it.
story() {
	cat >"$FILE" <<-END
		$BEGIN
		100 fork() = 101
		100 fork() = 102
		100 fork() = 103
		102 setpgid(0, 0) = 0
		103 execve("/bin/true", ["true"], 0x7ffe00 /* 1 var */) = 0
		101 +++ exited with 3 +++
		103 --- stopped by SIGSTOP ---
		100 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=101, si_uid=0, si_status=3, si_utime=0, si_stime=0} ---
		$1
		102 +++ killed by SIGTERM +++
		$END
	END
}

@test "a wait that returned another child, code, signal or reason" {
	story '100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 4}], 0, NULL) = 101'
	differs 10 "101 exited with 4" "101 exited with 3"
	story '100 wait4(101, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 101'
	differs 10 "101 killed by SIGKILL" "101 exited with 3"
	story '100 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 102'
	differs 10 "102 exited with 3" "101 exited with 3"
	story '100 kill(102, 0) = 0
100 wait4(103, [{WIFCONTINUED(s)}], WSTOPPED|WCONTINUED, NULL) = 103'
	differs 11 "103 continued" "103 stopped by SIGSTOP"
	story '100 waitid(P_PID, 103, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=103, si_uid=0, si_status=0}, WEXITED|WSTOPPED, NULL) = 0'
	differs 10 "103 exited with 0" "103 stopped by SIGSTOP"
}

@test "a wait that should have found nothing yet, a child, or no child" {
	story '100 wait4(-1, 0x7ffe00, WNOHANG, NULL) = 0'
	differs 10 "nothing yet" "101 exited with 3"
	story '100 wait4(102, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)'
	differs 10 "ECHILD" "nothing yet"
	story '102 wait4(-1, 0x7ffe00, WNOHANG, NULL) = 0'
	differs 10 "nothing yet" "ECHILD"
	story '102 wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101'
	differs 10 "101 exited with 3" "ECHILD"
	story '100 wait4(102, 0x7ffe00, WNOHANG, NULL) = -1 EINVAL (Invalid argument)'
	differs 10 "EINVAL" "nothing yet"
}

@test "a signal that should have reached a process, or none" {
	story '100 kill(102, SIGUSR1) = -1 ESRCH (No such process)'
	differs 10 "ESRCH" "success"
	story '100 wait4(102, 0x7ffe00, WNOHANG, NULL) = 0
100 kill(101, SIGTERM) = -1 ESRCH (No such process)'
	differs 11 "ESRCH" "success"
	story '100 kill(-102, 0) = -1 ESRCH (No such process)'
	differs 10 "ESRCH" "success"
	story '100 kill(102, 64) = -1 EINVAL (Invalid argument)'
	differs 10 "EINVAL" "success"
	story '100 kill(-101, 0) = 0'
	differs 10 "success" "ESRCH"
	story '100 kill(102, 65) = 0'
	differs 10 "success" "EINVAL"
	story '100 tgkill(102, 102, 0) = -1 ESRCH (No such process)'
	differs 10 "ESRCH" "success"
}

@test "a move that should have worked, or not" {
	story '100 setpgid(103, 103) = 0'
	differs 10 "success" "EACCES"
	story '100 setpgid(101, 101) = -1 EACCES (Permission denied)'
	differs 10 "EACCES" "success"
	story '100 setpgid(101, 102) = -1 EPERM (Operation not permitted)'
	differs 10 "EPERM" "success"
	story '100 setpgid(101, 103) = 0'
	differs 10 "success" "EPERM"
	story '102 setpgid(101, 101) = 0'
	differs 10 "success" "ESRCH"
	story '101 setsid() = -1 EPERM (Operation not permitted)'
	sed -i '/^101 +++/d' "$FILE"
	differs 9 "EPERM" "success"
}

@test "an answer that came too early, or too late" {
	story '100 wait4(102, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGTERM}], 0, NULL) = 102'
	differs 10 "102 killed by SIGTERM" "nothing yet"
	story '100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101
100 wait4(101, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 101'
	differs 11 "101 exited with 3" "ECHILD"
}

@test "an answer that was never right between the lines of its call" {
	cat >"$FILE" <<-END
		$BEGIN
		100 fork() = 101
		100 wait4(-1,  <unfinished ...>
		101 getppid() = 100
		100 <... wait4 resumed>[{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101
		101 +++ exited with 0 +++
		$END
	END
	run -1 procsrv-replay "$FILE"
	same "$FILE:5: wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 101" \
		"$(head -n 1 <<<"$output")"
	same "	server: nothing yet" "$(sed -n 3p <<<"$output")"
}

@test "JSON names each difference" {
	story '100 kill(102, SIGUSR1) = -1 ESRCH (No such process)'
	run -1 --separate-stderr procsrv-replay --json "$FILE"
	python3 -c 'import json, sys
d = json.load(sys.stdin)["files"][0]
assert d["differ"] == 1 and not d["cut"], d
assert d["differences"] == [{"line": 10, "linux": "ESRCH", "server": "success",
	"call": "kill(102, SIGUSR1) = -1 ESRCH (No such process)", "by_design": None}], d
' <<<"$output"
}

@test "--verbose prints each operation" {
	story '100 kill(102, SIGUSR1) = 0'
	run -0 procsrv-replay --verbose "$FILE"
	grep -qxF "$FILE:10: same: kill(102, SIGUSR1) = 0 [Linux: success, server: success]" \
		<<<"$output"
}

@test "--verbose prints each operation once: forks and exits, too" {
	story '100 fork() = -1 EAGAIN (Resource temporarily unavailable)'
	run -0 procsrv-replay --verbose "$FILE"
	for line in '2: same: fork() = 101' '5: same: setpgid(0, 0) = 0' '6: same: execve(' \
		'7: same: +++ exited with 3 +++' '11: same: +++ killed by SIGTERM +++'; do
		[[ $output == *"$FILE:$line"*" [Linux: success, server: success]"$'\n'* ]]
	done
	[[ $output == *"$FILE:10: not compared: fork() = -1 EAGAIN "* ]]
	same "$(sed -n 's/^  operations *\([0-9]*\):.*/\1/p' <<<"$output")" \
		"$(grep -cE '^[^ ]+:[0-9]+: (same|not compared): ' <<<"$output")"
}

@test "several files: each has its summary, and all of them a total" {
	story '100 kill(102, SIGUSR1) = -1 ESRCH (No such process)'
	cp "$FILE" "$FILE.wrong"
	story '100 kill(102, SIGUSR1) = 0'
	run -1 procsrv-replay "$FILE" "$FILE.wrong" "$FILE"
	same "0 1 0 1" "$(sed -n 's/^  differ *//p' <<<"$output" | paste -sd ' ')"
	grep -q "^total: 39 lines, 12 processes," <<<"$output"
}

@test "nothing is left in the server, whatever the result of the replay" {
	before=$(procsrvctl stats --json | python3 -c 'import json, sys
d = json.load(sys.stdin); print([v for k, v in d.items() if not k.startswith("total_c") and k != "total_exited"])')
	story '100 wait4(102, 0x7ffe00, WNOHANG, NULL) = -1 ECHILD (No child processes)'
	run -1 procsrv-replay "$FILE"
	story '103 setsid() = 103'
	run -0 procsrv-replay "$FILE"
	after=$(procsrvctl stats --json | python3 -c 'import json, sys
d = json.load(sys.stdin); print([v for k, v in d.items() if not k.startswith("total_c") and k != "total_exited"])')
	same "$before" "$after"
}

@test "processes of others in the server stay as they are" {
	mine=$(procsrvctl create 1 mine)
	zombie=$(procsrvctl create 1 zombie)
	procsrvctl exit "$zombie"
	story '100 kill(-1, SIGTERM) = 0'
	run -0 procsrv-replay "$FILE"
	same "RUNNING ZOMBIE" "$(procsrvctl ps --json | python3 -c 'import json, sys
d = {p["pid"]: p["state"] for p in json.load(sys.stdin)}
print(*[d[int(a)].upper() for a in sys.argv[1:]])' "$mine" "$zombie")"
	procsrvctl kill -9 "$mine"
	procsrvctl reap
}
