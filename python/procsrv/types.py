# SPDX-License-Identifier: GPL-2.0-only
"""What the server returns. Times are microseconds of the server's clock."""

from __future__ import annotations

import dataclasses
import enum
from typing import Final, Sequence

from . import _abi, _library

UNLIMITED: Final = _abi.UNLIMITED


class State(enum.IntEnum):
    """The state of a process."""

    RUNNING = _abi.RUNNING
    SLEEPING = _abi.SLEEPING
    WAITING = _abi.WAITING
    STOPPED = _abi.STOPPED
    ZOMBIE = _abi.ZOMBIE
    DEAD = _abi.DEAD


class Priority(enum.IntEnum):
    """The scheduling classes of VeridianOS."""

    IDLE = _abi.PRIO_IDLE
    LOW = _abi.PRIO_LOW
    NORMAL = _abi.PRIO_NORMAL
    HIGH = _abi.PRIO_HIGH
    REALTIME = _abi.PRIO_REALTIME


class Change(enum.IntFlag):
    """Changes of a child that a wait is for."""

    EXITED = _abi.WAIT_EXITED
    STOPPED = _abi.WAIT_STOPPED
    CONTINUED = _abi.WAIT_CONTINUED


class InfoFlag(enum.IntFlag):
    """What a process is."""

    EXECED = _abi.INFO_EXECED
    ORPHAN = _abi.INFO_ORPHAN
    REAPER = _abi.INFO_REAPER
    TIED = _abi.INFO_TIED
    HIDDEN = _abi.INFO_HIDDEN
    HOSTED = _abi.INFO_HOSTED
    EXITING = _abi.INFO_EXITING
    AUTOREAP = _abi.INFO_AUTOREAP
    CLONE = _abi.INFO_CLONE


class Limit(enum.IntFlag):
    """Limits that an update can pass."""

    MEMORY = _abi.LIMIT_MEMORY
    CPU_TIME = _abi.LIMIT_CPU_TIME
    THREADS = _abi.LIMIT_THREADS


class Body(enum.IntEnum):
    """What is reported of the body of a hosted process."""

    STOPPED = _abi.BODY_STOPPED
    CONTINUED = _abi.BODY_CONTINUED
    EXITING = _abi.BODY_EXITING


class EventKind(enum.IntEnum):
    """The kind of an event. LOST is a record of events that were dropped."""

    LOST = _abi.EVENT_LOST
    CREATE = _abi.EVENT_CREATE
    EXEC = _abi.EVENT_EXEC
    EXIT = _abi.EVENT_EXIT
    REAP = _abi.EVENT_REAP
    SIGNAL = _abi.EVENT_SIGNAL
    STATE = _abi.EVENT_STATE
    PARENT = _abi.EVENT_PARENT
    SESSION = _abi.EVENT_SESSION
    GROUP = _abi.EVENT_GROUP
    LIMIT = _abi.EVENT_LIMIT
    CAPABILITY = _abi.EVENT_CAPABILITY
    UPDATE = _abi.EVENT_UPDATE
    TERMINAL = _abi.EVENT_TERMINAL


@dataclasses.dataclass(frozen=True)
class Event:
    """One change in a server. What other, value, code and detail are depends on the kind."""

    seq: int
    time: int
    pid: int
    other: int
    value: int
    kind: EventKind
    sid: int
    pgid: int
    signo: int
    code: int
    detail: int


@dataclasses.dataclass(frozen=True)
class Exit:
    """How a process has ended. exit_signal is 0 if no signal ended it."""

    pid: int
    exit_code: int
    exit_signal: int
    core_dumped: bool
    uid: int
    cpu_time: int
    children_cpu_time: int
    reaped: bool

    def __str__(self) -> str:
        return _ended(self.pid, self.exit_code, self.exit_signal, self.core_dumped)


@dataclasses.dataclass(frozen=True)
class Report:
    """What a wait returns: a change of a child."""

    pid: int
    change: Change
    exit_code: int
    exit_signal: int
    core_dumped: bool
    uid: int
    cpu_time: int
    children_cpu_time: int

    def __str__(self) -> str:
        if self.change is Change.EXITED:
            return _ended(self.pid, self.exit_code, self.exit_signal, self.core_dumped)
        verb = "stopped" if self.change is Change.STOPPED else "continued"
        return f"{self.pid} {verb} by {_signal(self.exit_signal)}"


@dataclasses.dataclass(frozen=True)
class Taken:
    """A signal that was pending: its first sender, or 0, and how often it was sent."""

    pid: int
    signo: int
    sender: int
    count: int


@dataclasses.dataclass(frozen=True)
class Info:
    """A process at one moment: seq is the number of the latest event then."""

    pid: int
    ppid: int
    name: str
    state: State
    priority: Priority
    uid: int
    gid: int
    sid: int
    pgid: int
    thread_count: int
    memory_usage: int
    cpu_time: int
    children_cpu_time: int
    start_time: int
    pending: frozenset[int]
    revocations: int
    flags: InfoFlag
    exit_code: int
    exit_signal: int
    limits_passed: Limit
    nr_limits_passed: int
    seq: int


@dataclasses.dataclass(frozen=True)
class Details:
    """A process with its strings. argv and envp are None if the caller may not see them."""

    info: Info
    argv: list[str] | None
    envp: list[str] | None
    cwd: str
    terminal: str | None


@dataclasses.dataclass
class Limits:
    """Resource limits; a new process has those that are the defaults here."""

    max_memory: int = 256 << 20
    max_cpu_time: int = UNLIMITED
    stack_size: int = 8 << 20
    core_size: int = 0
    max_files: int = 1024
    max_threads: int = 256
    nice: int = 0
    enforce: bool = False


@dataclasses.dataclass
class Credentials:
    """Credentials of a hosted process."""

    ruid: int
    euid: int
    suid: int
    rgid: int
    egid: int
    sgid: int
    may_kill_all: bool = False


@dataclasses.dataclass(frozen=True)
class Session:
    """A session. The leader may be gone; foreground is a process group, or 0."""

    sid: int
    leader: int
    terminal: str | None
    nr_processes: int
    nr_groups: int
    foreground: int


@dataclasses.dataclass(frozen=True)
class Group:
    """A process group. The leader may be gone; sid is 0 if it is in no session."""

    pgid: int
    leader: int
    sid: int
    nr_processes: int


@dataclasses.dataclass(frozen=True)
class Stats:
    """The counters of a server, all of one moment."""

    total_processes: int
    running: int
    sleeping: int
    stopped: int
    zombies: int
    total_created: int
    total_exited: int
    sessions: int
    process_groups: int
    orphans: int


def _signal(signo: int) -> str:
    """As procsrvctl says it."""
    return _library.signal_name(signo) or f"signal {signo}"


def _ended(pid: int, code: int, signo: int, core_dumped: bool) -> str:
    """As procsrvctl says it."""
    if not signo:
        return f"{pid} exited with code {code}"
    core = ", core dumped" if core_dumped else ""
    return f"{pid} killed by {_signal(signo)}{core}"


def exit_signal(number: int) -> tuple[int, bool]:
    """The signal in an exit signal, and whether core was dumped."""
    return number & ~_abi.CORE_DUMP, bool(number & _abi.CORE_DUMP)


def event(record: _abi.Event) -> Event:
    return Event(
        record.seq, record.time, record.pid, record.other, record.value, EventKind(record.kind),
        record.sid, record.pgid, record.signo, record.code, record.detail,
    )


def exit_record(record: _abi.ExitRecord) -> Exit:
    signo, core = exit_signal(record.exit_signal)
    return Exit(
        record.pid, record.exit_code, signo, core, record.uid, record.cpu_time,
        record.children_cpu_time, record.state == State.DEAD,
    )


def report(args: _abi.WaitArgs) -> Report:
    signo, core = exit_signal(args.exit_signal)
    return Report(
        args.pid, Change(args.why), args.exit_code, signo, core, args.uid, args.cpu_time,
        args.children_cpu_time,
    )


def info(record: _abi.Info) -> Info:
    pending = frozenset(n + 1 for n in range(64) if record.pending & 1 << n)
    return Info(
        record.pid, record.ppid, text(record.name), State(record.state),
        Priority(record.priority), record.uid, record.gid, record.sid, record.pgid,
        record.thread_count, record.memory_usage, record.cpu_time, record.children_cpu_time,
        record.start_time, pending, record.revocations, InfoFlag(record.flags),
        record.exit_code, record.exit_signal, Limit(record.limits_passed),
        record.nr_limits_passed, record.seq,
    )


def text(data: bytes) -> str:
    """Strings of the server may hold any byte but NUL."""
    return data.decode(errors="surrogateescape")


def strings(data: bytes) -> list[str]:
    """A list of strings, as the server has it."""
    return [text(part) for part in data.split(b"\0")[:-1]]


def pack(values: Sequence[str]) -> bytes:
    """The same the other way round."""
    if any("\0" in value for value in values):
        raise ValueError("a string has a NUL in it")
    return b"".join(value.encode(errors="surrogateescape") + b"\0" for value in values)
