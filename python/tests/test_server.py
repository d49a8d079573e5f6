# SPDX-License-Identifier: GPL-2.0-only
"""Servers and processes."""

import errno
import os
import signal
import threading
import time
from typing import Callable

import pytest

import procsrv
from procsrv import Change, InfoFlag, Limit, Limits, Server, State


def test_the_device() -> None:
    with Server() as device:
        assert not device.is_private
        assert device.init.info().name == "init"
        with pytest.raises(procsrv.Error) as refused:
            device.further()
    assert refused.value.errno == errno.EOPNOTSUPP
    assert str(refused.value) == "it is not a private server (EOPNOTSUPP)"


def test_no_device() -> None:
    with pytest.raises(procsrv.Error) as missing:
        Server("/nonexistent")
    assert missing.value.errno == errno.ENOENT
    assert str(missing.value) == (
        "cannot open /nonexistent: No such file or directory (ENOENT)")
    with pytest.raises(procsrv.Error, match="/dev/null: not a process server"):
        Server("/dev/null")


def test_a_closed_server_is_not_used(server: Server) -> None:
    server.close()
    server.close()
    with pytest.raises(ValueError):
        server.stats()


def test_a_further_descriptor(server: Server) -> None:
    further = server.further()
    tied = further.init.create("tied", tied=True)
    assert InfoFlag.TIED in tied.info().flags
    further.close()
    assert server.process(tied.pid).info().state is State.ZOMBIE
    last = server.further()
    server.close()
    with pytest.raises(procsrv.Closed, match="has been closed"):
        last.init.create("late")
    last.close()


def test_create_and_details(server: Server) -> None:
    shell = server.init.create(argv=["/bin/sh", "-c", "é\udcff"], envp=["A=1", ""])
    shell.update(cwd="/tmp", priority=procsrv.Priority.HIGH, memory=4096)
    details = shell.details()
    assert details.argv == ["/bin/sh", "-c", "é\udcff"]
    assert details.envp == ["A=1", ""]
    assert (details.cwd, details.terminal) == ("/tmp", None)
    info = details.info
    assert (info.name, info.ppid, info.uid) == ("sh", 1, os.geteuid())
    assert info.priority is procsrv.Priority.HIGH and info.memory_usage == 4096
    twin = shell.create(inherit=True)
    assert twin.details().argv == details.argv
    shell.exec("ls", ["ls", "-l"])
    assert InfoFlag.EXECED in shell.info().flags
    assert shell.details().envp == []
    assert server.init.create("given", pid=4711).pid == 4711


def test_strings_are_checked(server: Server) -> None:
    with pytest.raises(ValueError):
        server.init.create("a\0b")
    with pytest.raises(ValueError):
        server.init.create("name", inherit=True)
    with pytest.raises(procsrv.Error) as long:
        server.init.create("x" * 300)
    assert str(long.value) == "the name is longer than 255 bytes (ENAMETOOLONG)"


def test_wait(server: Server) -> None:
    child = server.init.create("child")
    assert server.init.poll(child.pid) is None
    child.exit(-7)
    kept = server.init.wait(child.pid, keep=True)
    assert (kept.pid, kept.change, kept.exit_code) == (child.pid, Change.EXITED, -7)
    assert str(server.init.wait(child.pid)) == f"{child.pid} exited with code -7"
    with pytest.raises(procsrv.NoChild) as none:
        server.init.wait(child.pid)
    assert str(none.value) == f"there is no process {child.pid} to wait for (ECHILD)"
    assert isinstance(none.value, ChildProcessError)


def test_wait_for_stops(server: Server) -> None:
    child = server.init.create("child")
    child.stop()
    report = server.init.wait(child.pid, change=Change.STOPPED | Change.CONTINUED)
    assert str(report) == f"{child.pid} stopped by SIGSTOP"
    child.resume()
    report = server.init.wait(child.pid, change=Change.CONTINUED)
    assert str(report) == f"{child.pid} continued by SIGCONT"


def test_wait_times_out(server: Server) -> None:
    child = server.init.create("child")
    start = time.monotonic()
    with pytest.raises(procsrv.TimedOut, match="had anything to report in time"):
        server.init.wait(child.pid, timeout=0.2)
    assert time.monotonic() - start >= 0.2


def test_a_wait_sleeps_until_the_child_ends(server: Server) -> None:
    child = server.init.create("child")
    ended = threading.Timer(0.2, child.kill)
    ended.start()
    report = server.init.wait(timeout=600)
    ended.join()
    assert str(report) == f"{child.pid} killed by SIGKILL"


def test_a_wait_goes_on_after_a_signal(server: Server) -> None:
    server.init.create("child")
    seen = []
    old = signal.signal(signal.SIGALRM, lambda number, frame: seen.append(number))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        start = time.monotonic()
        with pytest.raises(procsrv.TimedOut):
            server.init.wait(timeout=0.4)
        assert seen == [signal.SIGALRM]
        assert time.monotonic() - start >= 0.4
    finally:
        signal.signal(signal.SIGALRM, old)


def test_a_handler_that_raises_ends_a_wait(server: Server) -> None:
    def handler(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    server.init.create("child")
    old = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(KeyboardInterrupt):
            server.init.wait(timeout=600)
    finally:
        signal.signal(signal.SIGALRM, old)


def test_signals(server: Server) -> None:
    sender, target = server.init.create("sender"), server.init.create("target")
    target.signal(10, sender)
    target.signal(10)
    assert target.info().pending == {10}
    taken = target.take([10, 12])
    assert (taken.signo, taken.sender, taken.count) == (10, sender.pid, 2)
    with pytest.raises(procsrv.TimedOut):
        target.take(timeout=0)
    with pytest.raises(procsrv.NotPermitted, match="init, which cannot"):
        server.init.kill()
    with pytest.raises(procsrv.Invalid, match="signal 65 is not one of 0 to 64"):
        target.signal(65)
    below = target.create("below")
    assert target.signal_tree(procsrv.SIGTERM) == 2
    with pytest.raises(procsrv.NoSuchProcess, match=f"process {below.pid} is a zombie"):
        below.exit()
    assert server.signal_all(0) == 3


def test_numbers_are_not_cut_off(server: Server) -> None:
    child = server.init.create("child")
    attempts: list[Callable[[], object]] = [
        lambda: child.signal(1 << 32),
        lambda: child.exit(1 << 31),
        lambda: server.process(-1).info(),
        lambda: server.set_terminal(1 << 32, None),
    ]
    for out_of_range in attempts:
        with pytest.raises(OverflowError):
            out_of_range()
    child.exit()
    assert server.init.wait(timeout=float("inf")).exit_code == 0
    server.init.create("child").exit()
    assert server.init.wait(timeout=1e300).exit_code == 0


def test_errors_are_those_of_python(server: Server) -> None:
    with pytest.raises(ProcessLookupError) as missing:
        server.process(99).info()
    assert missing.value.errno == errno.ESRCH
    assert missing.value.strerror == "there is no process 99 (ESRCH)"


def test_sessions_and_groups(server: Server) -> None:
    shell = server.init.create("shell")
    sid, pgid = shell.create_session()
    server.set_terminal(sid, "tty7")
    server.set_foreground(sid, pgid)
    session = server.session(sid)
    assert (session.leader, session.terminal, session.foreground) == (shell.pid, "tty7", pgid)
    assert shell.details().terminal == "tty7"
    child, other = shell.create("child"), shell.create("other")
    group = child.create_group(shell)
    other.set_group(group, shell)
    assert server.group(group).nr_processes == 2
    assert list(server.pids(pgid=group)) == [child.pid, other.pid]
    assert [info.name for info in server.processes(sid=sid)] == ["shell", "child", "other"]
    assert server.hang_up(sid) == 1
    assert server.signal_group(group, 9) == 2
    assert server.signal_session(sid, 0) == 3
    server.set_terminal(sid, None)
    assert server.session(sid).terminal is None
    with pytest.raises(procsrv.NoSuchProcess, match="there is no session 99"):
        server.session(99)
    with pytest.raises(ValueError):
        list(server.pids(sid=1, pgid=1))


def test_posix_ids() -> None:
    with Server.private(posix_ids=True) as server:
        shell = server.init.create("shell")
        assert shell.create_session() == (shell.pid, shell.pid)


def test_init_reaps() -> None:
    with Server.private(init_reaps=True) as server:
        parent = server.init.create("parent")
        orphan = parent.create("orphan")
        parent.exit()
        orphan.exit()
        assert list(server.pids()) == [1]


def test_lists_have_pages(server: Server) -> None:
    pids = [server.init.create("child").pid for _ in range(127)]
    assert list(server.pids()) == [1, *pids]
    assert [info.pid for info in server.processes()] == [1, *pids]


def test_limits(server: Server) -> None:
    child = server.init.create("child")
    assert child.limits() == Limits()
    child.set_limits(Limits(max_memory=1, nice=-5, enforce=True))
    assert child.limits() == Limits(max_memory=1, nice=-5, enforce=True)
    child.update(memory=2)
    info = child.info()
    assert info.limits_passed is Limit.MEMORY and info.state is State.ZOMBIE


def test_counters_and_reaping(server: Server) -> None:
    server.init.create("child").kill()
    stats = server.stats()
    assert (stats.total_processes, stats.zombies, stats.total_created) == (2, 1, 1)
    assert server.reap() == 1
    assert server.stats().total_processes == 1
    assert server.time() <= server.time()


def test_flags(server: Server) -> None:
    parent = server.init.create("parent")
    parent.set_reaper()
    parent.set_autoreap()
    assert InfoFlag.REAPER | InfoFlag.AUTOREAP in parent.info().flags
    parent.create("child").kill()
    assert server.stats().zombies == 0
    parent.set_reaper(False)
    assert InfoFlag.REAPER not in parent.info().flags
    parent.revoke(7)
    server.revoke(8)
    assert parent.info().revocations == 2
    clone = parent.create("clone", exit_signal=0)
    clone.exit()
    with pytest.raises(procsrv.NoChild, match="and those are not waited for"):
        parent.wait(clone.pid)
    assert parent.wait(clone.pid, clone=True).pid == clone.pid


def test_hosted(server: Server) -> None:
    guest = server.init.create("guest", hosted=True)
    guest.kill()
    taken = server.take_hosted()
    assert (taken.pid, taken.signo) == (guest.pid, 9)
    guest.report(procsrv.Body.EXITING)
    assert InfoFlag.EXITING in guest.info().flags
    credentials = guest.credentials()
    credentials.may_kill_all = True
    guest.set_credentials(credentials)
    assert guest.credentials().may_kill_all
    guest.exit(0, 11 | 0x80)
    report = server.init.wait(guest.pid)
    assert str(report) == f"{guest.pid} killed by SIGSEGV, core dumped"


def test_processes_are_compared(server: Server) -> None:
    child = server.init.create("child")
    assert server.process(child.pid) == child != server.init
    assert len({child, server.process(child.pid)}) == 1
    with Server.private() as other:
        assert other.init != server.init


def test_names_of_signals() -> None:
    assert procsrv.signal_name(37) == "SIGRTMIN+3"
    assert procsrv.signal_name(0) is None
    assert procsrv.parse_signal("term") == procsrv.SIGTERM
    with pytest.raises(ValueError, match="'TERMINATE' is not a signal"):
        procsrv.parse_signal("TERMINATE")
