# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Children of Perl, Ruby, Python and Node.js.

perl -MIPC::Open3 -MPOSIX=:sys_wait_h -e '
	my $pid = fork() // die; exit 7 unless $pid;
	waitpid($pid, 0); print "perl fork ", $? >> 8, "\n";
	print "perl system ", system("exit 3;") >> 8, "\n";
	$pid = open3(my $in, my $out, undef, "cat"); print $in "open3\n"; close $in;
	print "perl ", <$out>; waitpid($pid, 0); print "perl open3 $?\n";
	my $n = 0; $SIG{CHLD} = sub { $n++ while waitpid(-1, WNOHANG) > 0 };
	fork() || exit(0) for 1 .. 5; select(undef, undef, undef, 0.05) while $n < 5;
	print "perl none ", waitpid(-1, WNOHANG), "\n";
	$SIG{CHLD} = "IGNORE"; fork() || exit(0); print "perl ignored ", wait(), "\n";'
ruby -e '
	require "open3"
	Process.wait(fork { exit 4 }); puts "ruby fork #{$?.exitstatus}"
	puts "ruby open3 #{Open3.capture2e("sh", "-c", "echo out; exit 5")[1].exitstatus}"
	t = 3.times.map { |i| Thread.new { system("exit #{i}"); $?.exitstatus } }
	puts "ruby threads #{t.map(&:value)}"
	pid = spawn("sleep 1000"); Process.kill(:TERM, pid); Process.wait(pid)
	puts "ruby kill #{$?.termsig}"'
python3 -c '
import multiprocessing, subprocess, os
print("python pool", sum(multiprocessing.Pool(3).map(abs, range(20))), flush=True)
p = subprocess.Popen(["sleep", "1000"]); p.kill(); print("python kill", p.wait(), flush=True)
print("python spawn", os.waitstatus_to_exitcode(os.waitpid(os.posix_spawn("/bin/sh",
	["sh", "-c", "exit 6"], os.environ), 0)[1]), flush=True)'
node -e '
	const { spawn, execSync, fork } = require("child_process");
	console.log("node exec", execSync("echo x").toString().trim());
	const child = spawn("sleep", ["1000"]);
	child.on("exit", (code, signal) => {
		console.log("node exit", code, signal);
		spawn("sh", ["-c", "exit 8"]).on("close", (code) => console.log("node close", code));
	});
	child.kill();'
