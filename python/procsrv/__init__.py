# SPDX-License-Identifier: GPL-2.0-only
"""The process server behind /dev/procsrv, from Python.

    import procsrv

    with procsrv.Server.private() as server:
        shell = server.init.create("shell")
        shell.exit(7)
        print(server.init.wait(shell.pid))      # 2 exited with code 7

The package calls libprocsrv.so.0 through ctypes. docs/bindings.md begins with programs,
docs/semantics.md says what each operation does.
"""

from ._library import parse_signal, signal_name
from .errors import (
    Closed,
    Error,
    Invalid,
    NoChild,
    NoSuchProcess,
    NothingYet,
    NotPermitted,
    TimedOut,
)
from .events import Events, Handle
from .process import SIGCONT, SIGKILL, SIGSTOP, SIGTERM, Process
from .server import Server
from .types import (
    UNLIMITED,
    Body,
    Change,
    Credentials,
    Details,
    Event,
    EventKind,
    Exit,
    Group,
    Info,
    InfoFlag,
    Limit,
    Limits,
    Priority,
    Report,
    Session,
    State,
    Stats,
    Taken,
)

__all__ = [
    "Body", "Change", "Closed", "Credentials", "Details", "Error", "Event", "EventKind",
    "Events", "Exit", "Group", "Handle", "Info", "InfoFlag", "Invalid", "Limit", "Limits",
    "NoChild", "NoSuchProcess", "NotPermitted", "NothingYet", "Priority", "Process",
    "Report", "SIGCONT", "SIGKILL", "SIGSTOP", "SIGTERM", "Server", "Session", "State",
    "Stats", "Taken", "TimedOut", "UNLIMITED", "parse_signal", "signal_name",
]
