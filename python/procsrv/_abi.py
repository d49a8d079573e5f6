# SPDX-License-Identifier: GPL-2.0-only
"""The interface, made by scripts/bindings.py from abi/procsrv.h.layout."""

from __future__ import annotations

import ctypes
from typing import Final

NAME_MAX: Final = 0xff
PATH_MAX: Final = 0x1000
STRINGS_MAX: Final = 0x200000
INIT_PID: Final = 0x1
UNLIMITED: Final = 0xffffffffffffffff
RUNNING: Final = 0x0
SLEEPING: Final = 0x1
WAITING: Final = 0x2
STOPPED: Final = 0x3
ZOMBIE: Final = 0x4
DEAD: Final = 0x5
PRIO_IDLE: Final = 0x0
PRIO_LOW: Final = 0x1
PRIO_NORMAL: Final = 0x2
PRIO_HIGH: Final = 0x3
PRIO_REALTIME: Final = 0x4
CREATE_TIED: Final = 0x1
CREATE_PID: Final = 0x2
CREATE_INHERIT: Final = 0x4
CREATE_HOSTED: Final = 0x8
CREATE_EXIT_SIGNAL: Final = 0x10
CREATE_SIBLING: Final = 0x20
CORE_DUMP: Final = 0x80
WAIT_ANY: Final = 0x0
WAIT_PID: Final = 0x1
WAIT_PGID: Final = 0x2
WAIT_EXITED: Final = 0x1
WAIT_STOPPED: Final = 0x2
WAIT_CONTINUED: Final = 0x4
WAIT_NOHANG: Final = 0x1
WAIT_NOWAIT: Final = 0x2
WAIT_TIMEOUT: Final = 0x4
WAIT_WCLONE: Final = 0x8
WAIT_WALL: Final = 0x10
TARGET_PID: Final = 0x0
TARGET_PGID: Final = 0x1
TARGET_SID: Final = 0x2
TARGET_ALL: Final = 0x3
TARGET_TREE: Final = 0x4
TAKE_NOHANG: Final = 0x1
TAKE_TIMEOUT: Final = 0x2
FROM_PROCESS: Final = 0x1
FROM_OUTSIDE: Final = 0x2
FROM_SERVER: Final = 0x4
BODY_STOPPED: Final = 0x0
BODY_CONTINUED: Final = 0x1
BODY_EXITING: Final = 0x2
CREDENTIALS_KILL: Final = 0x1
INFO_EXECED: Final = 0x1
INFO_ORPHAN: Final = 0x2
INFO_REAPER: Final = 0x4
INFO_TIED: Final = 0x8
INFO_HIDDEN: Final = 0x10
INFO_HOSTED: Final = 0x20
INFO_EXITING: Final = 0x40
INFO_AUTOREAP: Final = 0x80
INFO_CLONE: Final = 0x100
LIMIT_MEMORY: Final = 0x1
LIMIT_CPU_TIME: Final = 0x2
LIMIT_THREADS: Final = 0x4
LIMITS_ENFORCE: Final = 0x1
UPDATE_CPU_TIME: Final = 0x1
UPDATE_MEMORY: Final = 0x2
UPDATE_THREADS: Final = 0x4
UPDATE_STATE: Final = 0x8
UPDATE_PRIORITY: Final = 0x10
UPDATE_CWD: Final = 0x20
GROUP_ORPHANED: Final = 0x1
LIST_ALL: Final = 0x0
LIST_SID: Final = 0x1
LIST_PGID: Final = 0x2
CLOCK_CYCLES: Final = 0x0
CLOCK_MONOTONIC: Final = 0x1
EVENT_LOST: Final = 0x0
EVENT_CREATE: Final = 0x1
EVENT_EXEC: Final = 0x2
EVENT_EXIT: Final = 0x3
EVENT_REAP: Final = 0x4
EVENT_SIGNAL: Final = 0x5
EVENT_STATE: Final = 0x6
EVENT_PARENT: Final = 0x7
EVENT_SESSION: Final = 0x8
EVENT_GROUP: Final = 0x9
EVENT_LIMIT: Final = 0xa
EVENT_CAPABILITY: Final = 0xb
EVENT_UPDATE: Final = 0xc
EVENT_TERMINAL: Final = 0xd
NR_EVENTS: Final = 0xe
EVENTS_ALL: Final = 0x3ffe
SUBSCRIBE_SUBTREE: Final = 0x1
RING_DEFAULT: Final = 0x400
RING_MAX: Final = 0x10000
OPEN_NONBLOCK: Final = 0x1
SERVER_POSIX_IDS: Final = 0x1
SERVER_SAME: Final = 0x2
SERVER_INIT_REAPS: Final = 0x4
BATCH_MAX: Final = 0x400
BATCH_STOP: Final = 0x1
IOC_MAGIC: Final = 0xbd
IOC_CREATE: Final = 0xc040bd00
IOC_EXEC: Final = 0x4030bd01
IOC_TERMINATE: Final = 0x4010bd02
IOC_WAIT: Final = 0xc050bd03
IOC_SIGNAL: Final = 0xc020bd04
IOC_INFO: Final = 0xc048bd05
IOC_GET_LIMITS: Final = 0xc038bd06
IOC_SET_LIMITS: Final = 0x4038bd07
IOC_UPDATE: Final = 0x4030bd08
IOC_CREATE_SESSION: Final = 0xc018bd09
IOC_CREATE_GROUP: Final = 0xc020bd0a
IOC_SET_GROUP: Final = 0x4018bd0b
IOC_SESSION: Final = 0xc028bd0c
IOC_GROUP: Final = 0xc018bd0d
IOC_SET_TERMINAL: Final = 0x4010bd0e
IOC_HANG_UP: Final = 0xc010bd0f
IOC_LIST_PIDS: Final = 0xc030bd10
IOC_LIST: Final = 0xc030bd11
IOC_REAP: Final = 0xc010bd12
IOC_STATS: Final = 0x8050bd13
IOC_REVOKE: Final = 0x4018bd14
IOC_TIME: Final = 0xc020bd15
IOC_TAKE_SIGNAL: Final = 0xc040bd16
IOC_SET_REAPER: Final = 0x4010bd17
IOC_SUBSCRIBE: Final = 0xc020bd18
IOC_OPEN_PROCESS: Final = 0xc010bd19
IOC_NEW_SERVER: Final = 0xc008bd1a
IOC_BATCH: Final = 0xc018bd1b
IOC_REPORT: Final = 0x4010bd1c
IOC_GET_CREDENTIALS: Final = 0xc028bd1d
IOC_SET_CREDENTIALS: Final = 0x4028bd1e
IOC_SET_AUTOREAP: Final = 0x4010bd1f
IOC_SET_FOREGROUND: Final = 0x4008bd20
URING_CANCEL: Final = 0xbd80


class Record(ctypes.Structure):
    """A structure that does not cut off what does not fit into a field."""

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if isinstance(value, int) and getattr(self, name) != value:
            raise OverflowError(f"{name}: {value} is out of range")


class CreateArgs(Record):
    parent: int
    name: int
    argv: int
    envp: int
    argv_len: int
    envp_len: int
    uid: int
    gid: int
    flags: int
    notify: int
    pid: int
    _fields_ = [
        ("parent", ctypes.c_uint64),
        ("name", ctypes.c_uint64),
        ("argv", ctypes.c_uint64),
        ("envp", ctypes.c_uint64),
        ("argv_len", ctypes.c_uint32),
        ("envp_len", ctypes.c_uint32),
        ("uid", ctypes.c_uint32),
        ("gid", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("notify", ctypes.c_uint32),
        ("pid", ctypes.c_uint64),
    ]


class ExecArgs(Record):
    pid: int
    name: int
    argv: int
    envp: int
    argv_len: int
    envp_len: int
    flags: int
    pad: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("name", ctypes.c_uint64),
        ("argv", ctypes.c_uint64),
        ("envp", ctypes.c_uint64),
        ("argv_len", ctypes.c_uint32),
        ("envp_len", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
    ]


class TerminateArgs(Record):
    pid: int
    exit_code: int
    exit_signal: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("exit_code", ctypes.c_int32),
        ("exit_signal", ctypes.c_uint32),
    ]


class WaitArgs(Record):
    parent: int
    id: int
    which: int
    what: int
    flags: int
    why: int
    timeout: int
    pid: int
    cpu_time: int
    children_cpu_time: int
    uid: int
    exit_code: int
    exit_signal: int
    pad: int
    _fields_ = [
        ("parent", ctypes.c_uint64),
        ("id", ctypes.c_uint64),
        ("which", ctypes.c_uint32),
        ("what", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("why", ctypes.c_uint32),
        ("timeout", ctypes.c_uint64),
        ("pid", ctypes.c_uint64),
        ("cpu_time", ctypes.c_uint64),
        ("children_cpu_time", ctypes.c_uint64),
        ("uid", ctypes.c_uint32),
        ("exit_code", ctypes.c_int32),
        ("exit_signal", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
    ]


class SignalArgs(Record):
    sender: int
    id: int
    target: int
    signo: int
    flags: int
    count: int
    _fields_ = [
        ("sender", ctypes.c_uint64),
        ("id", ctypes.c_uint64),
        ("target", ctypes.c_uint32),
        ("signo", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
    ]


class TakeSignalArgs(Record):
    pid: int
    mask: int
    timeout: int
    sender: int
    flags: int
    signo: int
    count: int
    target: int
    origin: int
    pad: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("mask", ctypes.c_uint64),
        ("timeout", ctypes.c_uint64),
        ("sender", ctypes.c_uint64),
        ("flags", ctypes.c_uint32),
        ("signo", ctypes.c_int32),
        ("count", ctypes.c_uint64),
        ("target", ctypes.c_uint64),
        ("origin", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
    ]


class ReportArgs(Record):
    pid: int
    what: int
    signo: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("what", ctypes.c_uint32),
        ("signo", ctypes.c_int32),
    ]


class Credentials(Record):
    ruid: int
    euid: int
    suid: int
    rgid: int
    egid: int
    sgid: int
    flags: int
    pad: int
    _fields_ = [
        ("ruid", ctypes.c_uint32),
        ("euid", ctypes.c_uint32),
        ("suid", ctypes.c_uint32),
        ("rgid", ctypes.c_uint32),
        ("egid", ctypes.c_uint32),
        ("sgid", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
    ]


class SetAutoreapArgs(Record):
    pid: int
    on: int
    flags: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("on", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
    ]


class Info(Record):
    pid: int
    ppid: int
    start_time: int
    start_cycles: int
    cpu_time: int
    children_cpu_time: int
    memory_usage: int
    pending: int
    revocations: int
    state: int
    priority: int
    uid: int
    gid: int
    sid: int
    pgid: int
    thread_count: int
    flags: int
    exit_code: int
    exit_signal: int
    argv_len: int
    envp_len: int
    cwd_len: int
    terminal_len: int
    name: bytes
    seq: int
    limits_passed: int
    nr_limits_passed: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("ppid", ctypes.c_uint64),
        ("start_time", ctypes.c_uint64),
        ("start_cycles", ctypes.c_uint64),
        ("cpu_time", ctypes.c_uint64),
        ("children_cpu_time", ctypes.c_uint64),
        ("memory_usage", ctypes.c_uint64),
        ("pending", ctypes.c_uint64),
        ("revocations", ctypes.c_uint64),
        ("state", ctypes.c_uint32),
        ("priority", ctypes.c_uint32),
        ("uid", ctypes.c_uint32),
        ("gid", ctypes.c_uint32),
        ("sid", ctypes.c_uint32),
        ("pgid", ctypes.c_uint32),
        ("thread_count", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("exit_code", ctypes.c_int32),
        ("exit_signal", ctypes.c_uint32),
        ("argv_len", ctypes.c_uint32),
        ("envp_len", ctypes.c_uint32),
        ("cwd_len", ctypes.c_uint32),
        ("terminal_len", ctypes.c_uint32),
        ("name", ctypes.c_char * 256),
        ("seq", ctypes.c_uint64),
        ("limits_passed", ctypes.c_uint32),
        ("nr_limits_passed", ctypes.c_uint32),
    ]


class InfoArgs(Record):
    pid: int
    info: int
    argv: int
    envp: int
    cwd: int
    terminal: int
    info_size: int
    argv_size: int
    envp_size: int
    cwd_size: int
    terminal_size: int
    flags: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("info", ctypes.c_uint64),
        ("argv", ctypes.c_uint64),
        ("envp", ctypes.c_uint64),
        ("cwd", ctypes.c_uint64),
        ("terminal", ctypes.c_uint64),
        ("info_size", ctypes.c_uint32),
        ("argv_size", ctypes.c_uint32),
        ("envp_size", ctypes.c_uint32),
        ("cwd_size", ctypes.c_uint32),
        ("terminal_size", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
    ]


class Limits(Record):
    max_memory: int
    max_cpu_time: int
    stack_size: int
    core_size: int
    max_files: int
    max_threads: int
    nice: int
    flags: int
    _fields_ = [
        ("max_memory", ctypes.c_uint64),
        ("max_cpu_time", ctypes.c_uint64),
        ("stack_size", ctypes.c_uint64),
        ("core_size", ctypes.c_uint64),
        ("max_files", ctypes.c_uint32),
        ("max_threads", ctypes.c_uint32),
        ("nice", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
    ]


class UpdateArgs(Record):
    pid: int
    cpu_time: int
    memory_usage: int
    cwd: int
    mask: int
    thread_count: int
    state: int
    priority: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("cpu_time", ctypes.c_uint64),
        ("memory_usage", ctypes.c_uint64),
        ("cwd", ctypes.c_uint64),
        ("mask", ctypes.c_uint32),
        ("thread_count", ctypes.c_uint32),
        ("state", ctypes.c_uint32),
        ("priority", ctypes.c_uint32),
    ]


class CreateSessionArgs(Record):
    leader: int
    flags: int
    sid: int
    pgid: int
    pad: int
    _fields_ = [
        ("leader", ctypes.c_uint64),
        ("flags", ctypes.c_uint32),
        ("sid", ctypes.c_uint32),
        ("pgid", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
    ]


class CreateGroupArgs(Record):
    caller: int
    leader: int
    sid: int
    flags: int
    pgid: int
    pad: int
    _fields_ = [
        ("caller", ctypes.c_uint64),
        ("leader", ctypes.c_uint64),
        ("sid", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("pgid", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
    ]


class SetGroupArgs(Record):
    caller: int
    pid: int
    pgid: int
    flags: int
    _fields_ = [
        ("caller", ctypes.c_uint64),
        ("pid", ctypes.c_uint64),
        ("pgid", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
    ]


class SessionArgs(Record):
    sid: int
    flags: int
    leader: int
    terminal: int
    terminal_size: int
    nr_processes: int
    nr_groups: int
    foreground: int
    _fields_ = [
        ("sid", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("leader", ctypes.c_uint64),
        ("terminal", ctypes.c_uint64),
        ("terminal_size", ctypes.c_uint32),
        ("nr_processes", ctypes.c_uint32),
        ("nr_groups", ctypes.c_uint32),
        ("foreground", ctypes.c_uint32),
    ]


class GroupArgs(Record):
    pgid: int
    flags: int
    leader: int
    sid: int
    nr_processes: int
    _fields_ = [
        ("pgid", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("leader", ctypes.c_uint64),
        ("sid", ctypes.c_uint32),
        ("nr_processes", ctypes.c_uint32),
    ]


class SetTerminalArgs(Record):
    sid: int
    flags: int
    name: int
    _fields_ = [
        ("sid", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("name", ctypes.c_uint64),
    ]


class SetForegroundArgs(Record):
    sid: int
    pgid: int
    _fields_ = [
        ("sid", ctypes.c_uint32),
        ("pgid", ctypes.c_uint32),
    ]


class HangUpArgs(Record):
    sid: int
    flags: int
    count: int
    pad: int
    _fields_ = [
        ("sid", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
    ]


class ListArgs(Record):
    cursor: int
    buf: int
    record_size: int
    count: int
    scope: int
    id: int
    flags: int
    pad: int
    seq: int
    _fields_ = [
        ("cursor", ctypes.c_uint64),
        ("buf", ctypes.c_uint64),
        ("record_size", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
        ("scope", ctypes.c_uint32),
        ("id", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
        ("seq", ctypes.c_uint64),
    ]


class ReapArgs(Record):
    flags: int
    pad: int
    count: int
    _fields_ = [
        ("flags", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
        ("count", ctypes.c_uint64),
    ]


class Stats(Record):
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
    _fields_ = [
        ("total_processes", ctypes.c_uint64),
        ("running", ctypes.c_uint64),
        ("sleeping", ctypes.c_uint64),
        ("stopped", ctypes.c_uint64),
        ("zombies", ctypes.c_uint64),
        ("total_created", ctypes.c_uint64),
        ("total_exited", ctypes.c_uint64),
        ("sessions", ctypes.c_uint64),
        ("process_groups", ctypes.c_uint64),
        ("orphans", ctypes.c_uint64),
    ]


class RevokeArgs(Record):
    pid: int
    capability: int
    flags: int
    pad: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("capability", ctypes.c_uint64),
        ("flags", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
    ]


class TimeArgs(Record):
    time: int
    cycles: int
    frequency: int
    source: int
    flags: int
    _fields_ = [
        ("time", ctypes.c_uint64),
        ("cycles", ctypes.c_uint64),
        ("frequency", ctypes.c_uint64),
        ("source", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
    ]


class SetReaperArgs(Record):
    pid: int
    on: int
    flags: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("on", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
    ]


class Event(Record):
    seq: int
    time: int
    pid: int
    other: int
    value: int
    kind: int
    sid: int
    pgid: int
    signo: int
    code: int
    detail: int
    _fields_ = [
        ("seq", ctypes.c_uint64),
        ("time", ctypes.c_uint64),
        ("pid", ctypes.c_uint64),
        ("other", ctypes.c_uint64),
        ("value", ctypes.c_uint64),
        ("kind", ctypes.c_uint32),
        ("sid", ctypes.c_uint32),
        ("pgid", ctypes.c_uint32),
        ("signo", ctypes.c_uint32),
        ("code", ctypes.c_int32),
        ("detail", ctypes.c_uint32),
    ]


class SubscribeArgs(Record):
    pid: int
    kinds: int
    capacity: int
    flags: int
    pad: int
    seq: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("kinds", ctypes.c_uint32),
        ("capacity", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("pad", ctypes.c_uint32),
        ("seq", ctypes.c_uint64),
    ]


class OpenProcessArgs(Record):
    pid: int
    flags: int
    fd: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("flags", ctypes.c_uint32),
        ("fd", ctypes.c_int32),
    ]


class ExitRecord(Record):
    pid: int
    cpu_time: int
    children_cpu_time: int
    uid: int
    exit_code: int
    exit_signal: int
    state: int
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("cpu_time", ctypes.c_uint64),
        ("children_cpu_time", ctypes.c_uint64),
        ("uid", ctypes.c_uint32),
        ("exit_code", ctypes.c_int32),
        ("exit_signal", ctypes.c_uint32),
        ("state", ctypes.c_uint32),
    ]


class NewServerArgs(Record):
    flags: int
    fd: int
    _fields_ = [
        ("flags", ctypes.c_uint32),
        ("fd", ctypes.c_int32),
    ]


class BatchOp(Record):
    cmd: int
    result: int
    args: ctypes.Array[ctypes.c_uint64]
    _fields_ = [
        ("cmd", ctypes.c_uint32),
        ("result", ctypes.c_int32),
        ("args", ctypes.c_uint64 * 15),
    ]


class BatchArgs(Record):
    ops: int
    op_size: int
    count: int
    flags: int
    done: int
    _fields_ = [
        ("ops", ctypes.c_uint64),
        ("op_size", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
        ("flags", ctypes.c_uint32),
        ("done", ctypes.c_uint32),
    ]


class CredentialsArgs(Record):
    pid: int
    credentials: Credentials
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("credentials", Credentials),
    ]


class LimitsArgs(Record):
    pid: int
    limits: Limits
    _fields_ = [
        ("pid", ctypes.c_uint64),
        ("limits", Limits),
    ]


SIZES: Final = {
    CreateArgs: 64,
    ExecArgs: 48,
    TerminateArgs: 16,
    WaitArgs: 80,
    SignalArgs: 32,
    TakeSignalArgs: 64,
    ReportArgs: 16,
    Credentials: 32,
    SetAutoreapArgs: 16,
    Info: 400,
    InfoArgs: 72,
    Limits: 48,
    UpdateArgs: 48,
    CreateSessionArgs: 24,
    CreateGroupArgs: 32,
    SetGroupArgs: 24,
    SessionArgs: 40,
    GroupArgs: 24,
    SetTerminalArgs: 16,
    SetForegroundArgs: 8,
    HangUpArgs: 16,
    ListArgs: 48,
    ReapArgs: 16,
    Stats: 80,
    RevokeArgs: 24,
    TimeArgs: 32,
    SetReaperArgs: 16,
    Event: 64,
    SubscribeArgs: 32,
    OpenProcessArgs: 16,
    ExitRecord: 40,
    NewServerArgs: 8,
    BatchOp: 128,
    BatchArgs: 24,
    CredentialsArgs: 40,
    LimitsArgs: 56,
}
