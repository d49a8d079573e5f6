# SPDX-License-Identifier: GPL-2.0-only
"""A process of a server."""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING, Iterable, Sequence

from . import _abi, _library, types
from .events import Handle
from .types import Change

if TYPE_CHECKING:
    from .server import Server

SIGKILL = 9
SIGTERM = 15
SIGCONT = 18
SIGSTOP = 19

ALL_SIGNALS = (1 << 64) - 1
NS_PER_S = 1_000_000_000


def address(data: bytes | None) -> int:
    """For a field that points to bytes, which must stay referenced meanwhile."""
    return ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p).value or 0


def _base_name(argv: Sequence[str]) -> str:
    return os.path.basename(argv[0]) if argv else ""


def nanoseconds(timeout: float) -> int:
    return int(min(max(timeout, 0) * NS_PER_S, 1 << 63))


def wait_args(
    parent: int,
    change: Change,
    pid: int | None,
    pgid: int | None,
    timeout: float | None,
    flags: int,
) -> _abi.WaitArgs:
    """What a wait is for."""
    if pid is not None and pgid is not None:
        raise ValueError("a wait is for a child or for a group, not for both")
    args = _abi.WaitArgs(parent=parent, what=change, flags=flags)
    if pid is not None:
        args.which, args.id = _abi.WAIT_PID, pid
    elif pgid is not None:
        args.which, args.id = _abi.WAIT_PGID, pgid
    if timeout is not None:
        args.flags |= _abi.WAIT_TIMEOUT
        args.timeout = nanoseconds(timeout)
    return args


class Process:
    """A process of a server: its pid, and what can be done with it.

    It is a name, not a handle: the process may be gone, and then the methods raise
    NoSuchProcess. Two are equal if they name the same process of the same Server object.
    """

    def __init__(self, server: Server, pid: int) -> None:
        self.server = server
        self.pid = pid

    def __repr__(self) -> str:
        return f"Process({self.pid})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Process):
            return NotImplemented
        return self.server is other.server and self.pid == other.pid

    def __hash__(self) -> int:
        return hash((id(self.server), self.pid))

    def _call(self, request: int, args: ctypes.Structure) -> None:
        _library.call(self.server.fileno(), request, args)

    def create(
        self,
        name: str | None = None,
        argv: Sequence[str] = (),
        envp: Sequence[str] = (),
        *,
        uid: int | None = None,
        gid: int | None = None,
        pid: int | None = None,
        tied: bool = False,
        inherit: bool = False,
        hosted: bool = False,
        exit_signal: int | None = None,
    ) -> Process:
        """Create a child of this process.

        Its name is that of the first word of argv unless it is given. It belongs to the
        user and the group of the caller unless these are given. With inherit it is like
        its parent, and none of these are passed.
        """
        args = _abi.CreateArgs(parent=self.pid)
        flags = tied * _abi.CREATE_TIED | hosted * _abi.CREATE_HOSTED
        given = name is not None or argv or envp or uid is not None or gid is not None
        strings, environment = types.pack(argv), types.pack(envp)
        data = types.pack([_base_name(argv) if name is None else name])
        if inherit:
            if given:
                raise ValueError("what is inherited cannot be given")
            flags |= _abi.CREATE_INHERIT
        else:
            args.name = address(data)
            args.argv, args.argv_len = address(strings), len(strings)
            args.envp, args.envp_len = address(environment), len(environment)
            args.uid = os.geteuid() if uid is None else uid
            args.gid = os.getegid() if gid is None else gid
        if pid is not None:
            flags |= _abi.CREATE_PID
            args.pid = pid
        if exit_signal is not None:
            flags |= _abi.CREATE_EXIT_SIGNAL
            args.notify = exit_signal
        args.flags = flags
        self._call(_abi.IOC_CREATE, args)
        return Process(self.server, args.pid)

    def exec(self, name: str, argv: Sequence[str] = (), envp: Sequence[str] = ()) -> None:
        """Replace name, command line and environment."""
        strings, environment, data = types.pack(argv), types.pack(envp), types.pack([name])
        self._call(_abi.IOC_EXEC, _abi.ExecArgs(
            pid=self.pid, name=address(data), argv=address(strings), argv_len=len(strings),
            envp=address(environment), envp_len=len(environment),
        ))

    def exit(self, code: int = 0, signal: int = 0) -> None:
        """End the process, with an exit code, and the signal that ended it or 0."""
        args = _abi.TerminateArgs(pid=self.pid, exit_code=code, exit_signal=signal)
        self._call(_abi.IOC_TERMINATE, args)

    def wait(
        self,
        pid: int | None = None,
        *,
        pgid: int | None = None,
        change: Change = Change.EXITED,
        timeout: float | None = None,
        keep: bool = False,
        clone: bool = False,
        every: bool = False,
    ) -> types.Report:
        """Wait for a child: any, the one with this pid, or any in this group.

        It sleeps until there is one, at most for timeout seconds: then it raises TimedOut,
        and NoChild if there can be none. keep leaves the child waitable (NOWAIT); clone
        waits for clone children alone, every for both kinds.
        """
        flags = keep * _abi.WAIT_NOWAIT | clone * _abi.WAIT_WCLONE | every * _abi.WAIT_WALL
        args = wait_args(self.pid, change, pid, pgid, timeout, flags)
        self._call(_abi.IOC_WAIT, args)
        return types.report(args)

    def poll(
        self,
        pid: int | None = None,
        *,
        pgid: int | None = None,
        change: Change = Change.EXITED,
    ) -> types.Report | None:
        """The same without sleeping: None if there is nothing to report yet."""
        args = wait_args(self.pid, change, pid, pgid, None, _abi.WAIT_NOHANG)
        try:
            self._call(_abi.IOC_WAIT, args)
        except BlockingIOError:
            return None
        return types.report(args)

    def signal(self, signo: int, sender: Process | None = None) -> None:
        """Send a signal, on behalf of a process or from outside."""
        self.server.signal(_abi.TARGET_PID, self.pid, signo, sender)

    def signal_tree(self, signo: int, sender: Process | None = None) -> int:
        """Send a signal to the process and all below it; how many it reached."""
        return self.server.signal(_abi.TARGET_TREE, self.pid, signo, sender)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.signal(SIGKILL)

    def terminate(self) -> None:
        """Send SIGTERM, which ends a process that is not hosted at once."""
        self.signal(SIGTERM)

    def stop(self) -> None:
        """Send SIGSTOP."""
        self.signal(SIGSTOP)

    def resume(self) -> None:
        """Send SIGCONT."""
        self.signal(SIGCONT)

    def take(
        self, signals: Iterable[int] | None = None, timeout: float | None = None
    ) -> types.Taken:
        """Take the lowest pending signal out of some; sleeps until there is one."""
        mask = ALL_SIGNALS if signals is None else sum(1 << n - 1 for n in set(signals))
        return self.server.take(self.pid, mask, timeout)

    def info(self) -> types.Info:
        """What the server knows of it, without its strings."""
        record = _abi.Info()
        self._call(_abi.IOC_INFO, _abi.InfoArgs(
            pid=self.pid, info=ctypes.addressof(record), info_size=ctypes.sizeof(record),
        ))
        return types.info(record)

    def details(self) -> types.Details:
        """What the server knows of it, all of one moment."""
        sizes = [0, 0, 0, 0]
        while True:
            record = _abi.Info()
            buffers = [ctypes.create_string_buffer(size + 1) for size in sizes]
            where = [ctypes.addressof(buffer) for buffer in buffers]
            args = _abi.InfoArgs(
                pid=self.pid, info=ctypes.addressof(record), info_size=ctypes.sizeof(record),
                argv=where[0], argv_size=sizes[0], envp=where[1], envp_size=sizes[1],
                cwd=where[2], cwd_size=sizes[2], terminal=where[3], terminal_size=sizes[3],
            )
            self._call(_abi.IOC_INFO, args)
            full = [args.argv_size, args.envp_size, args.cwd_size, args.terminal_size]
            if all(size <= room for size, room in zip(full, sizes)):
                break
            sizes = full
        argv, envp, cwd, terminal = (b.raw[:size] for b, size in zip(buffers, full))
        hidden = bool(record.flags & _abi.INFO_HIDDEN)
        return types.Details(
            types.info(record), None if hidden else types.strings(argv),
            None if hidden else types.strings(envp), types.text(cwd[:-1]),
            types.text(terminal[:-1]) if terminal else None,
        )

    def update(
        self,
        *,
        cpu_time: int | None = None,
        memory: int | None = None,
        threads: int | None = None,
        state: types.State | None = None,
        priority: types.Priority | None = None,
        cwd: str | None = None,
    ) -> None:
        """Report what the process does and uses: what is given, all at once."""
        args = _abi.UpdateArgs(pid=self.pid)
        data = None if cwd is None else types.pack([cwd])
        for bit, field, value in (
            (_abi.UPDATE_CPU_TIME, "cpu_time", cpu_time),
            (_abi.UPDATE_MEMORY, "memory_usage", memory),
            (_abi.UPDATE_THREADS, "thread_count", threads),
            (_abi.UPDATE_STATE, "state", state),
            (_abi.UPDATE_PRIORITY, "priority", priority),
            (_abi.UPDATE_CWD, "cwd", None if data is None else address(data)),
        ):
            if value is not None:
                setattr(args, field, value)
                args.mask |= bit
        self._call(_abi.IOC_UPDATE, args)

    def limits(self) -> types.Limits:
        """The resource limits."""
        args = _abi.LimitsArgs(pid=self.pid)
        self._call(_abi.IOC_GET_LIMITS, args)
        limits = args.limits
        return types.Limits(
            limits.max_memory, limits.max_cpu_time, limits.stack_size, limits.core_size,
            limits.max_files, limits.max_threads, limits.nice,
            bool(limits.flags & _abi.LIMITS_ENFORCE),
        )

    def set_limits(self, limits: types.Limits) -> None:
        """Set all resource limits."""
        record = _abi.Limits(
            limits.max_memory, limits.max_cpu_time, limits.stack_size, limits.core_size,
            limits.max_files, limits.max_threads, limits.nice,
            _abi.LIMITS_ENFORCE if limits.enforce else 0,
        )
        self._call(_abi.IOC_SET_LIMITS, _abi.LimitsArgs(self.pid, record))

    def set_reaper(self, on: bool = True) -> None:
        """Whether the orphans below it go to it."""
        self._call(_abi.IOC_SET_REAPER, _abi.SetReaperArgs(pid=self.pid, on=on))

    def set_autoreap(self, on: bool = True) -> None:
        """Whether its children leave no zombies."""
        self._call(_abi.IOC_SET_AUTOREAP, _abi.SetAutoreapArgs(pid=self.pid, on=on))

    def create_session(self) -> tuple[int, int]:
        """Begin a session that it leads: the sid, and the pgid of its group there."""
        args = _abi.CreateSessionArgs(leader=self.pid)
        self._call(_abi.IOC_CREATE_SESSION, args)
        return args.sid, args.pgid

    def create_group(self, caller: Process | None = None) -> int:
        """Begin a process group that it leads, in its session: the pgid."""
        args = _abi.CreateGroupArgs(
            caller=caller.pid if caller else 0, leader=self.pid, sid=self.info().sid,
        )
        self._call(_abi.IOC_CREATE_GROUP, args)
        return args.pgid

    def set_group(self, pgid: int, caller: Process | None = None) -> None:
        """Move it to a process group of its session."""
        self._call(_abi.IOC_SET_GROUP, _abi.SetGroupArgs(
            caller=caller.pid if caller else 0, pid=self.pid, pgid=pgid,
        ))

    def revoke(self, capability: int) -> None:
        """Record that a capability was revoked."""
        self._call(_abi.IOC_REVOKE, _abi.RevokeArgs(pid=self.pid, capability=capability))

    def open(self) -> Handle:
        """Open a handle, which reports the exit of the process."""
        return Handle(self.server.fileno(), self.pid)

    def report(self, body: types.Body, signo: int = 0) -> None:
        """Report what the body of a hosted process does."""
        self._call(_abi.IOC_REPORT, _abi.ReportArgs(pid=self.pid, what=body, signo=signo))

    def credentials(self) -> types.Credentials:
        """Its credentials; of one that is not hosted all ids of a kind are the same."""
        args = _abi.CredentialsArgs(pid=self.pid)
        self._call(_abi.IOC_GET_CREDENTIALS, args)
        c = args.credentials
        return types.Credentials(
            c.ruid, c.euid, c.suid, c.rgid, c.egid, c.sgid,
            bool(c.flags & _abi.CREDENTIALS_KILL),
        )

    def set_credentials(self, credentials: types.Credentials) -> None:
        """Set the credentials of a hosted process."""
        c = credentials
        record = _abi.Credentials(
            c.ruid, c.euid, c.suid, c.rgid, c.egid, c.sgid,
            _abi.CREDENTIALS_KILL if c.may_kill_all else 0,
        )
        self._call(_abi.IOC_SET_CREDENTIALS, _abi.CredentialsArgs(self.pid, record))
