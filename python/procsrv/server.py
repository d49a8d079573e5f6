# SPDX-License-Identifier: GPL-2.0-only
"""A server: that of the device, or a private one."""

from __future__ import annotations

import ctypes
from typing import Iterable, Iterator

from . import _abi, _library, types
from ._ready import Descriptor
from .events import Events
from .process import ALL_SIGNALS, Process, address, nanoseconds

_PAGE = 64


class Server(Descriptor):
    """The server of the device, or, with Server.private(), one of one's own.

    A private server ends with its object: when it is closed, all of its processes are
    killed. Methods are called from several threads if need be.
    """

    def __init__(self, path: _library.Path | None = None) -> None:
        super().__init__(_library.open_device(path))
        self._path = path
        self.is_private = False

    @classmethod
    def private(
        cls,
        path: _library.Path | None = None,
        *,
        posix_ids: bool = False,
        init_reaps: bool = False,
    ) -> Server:
        """A private server.

        With posix_ids the ids of sessions and groups are pids. With init_reaps orphans,
        and other children of init, leave no zombies.
        """
        flags = _abi.SERVER_POSIX_IDS if posix_ids else 0
        if init_reaps:
            flags |= _abi.SERVER_INIT_REAPS
        with cls(path) as device:
            return device._new(flags)

    def further(self) -> Server:
        """A further descriptor of a private server, with tied and hosted processes of its own."""
        return self._new(_abi.SERVER_SAME)

    def _new(self, flags: int) -> Server:
        args = _abi.NewServerArgs(flags=flags)
        self._call(_abi.IOC_NEW_SERVER, args)
        server = Server.__new__(Server)
        Descriptor.__init__(server, args.fd)
        server._path = self._path
        server.is_private = True
        return server

    def _call(self, request: int, args: ctypes.Structure) -> None:
        _library.call(self.fileno(), request, args)

    @property
    def init(self) -> Process:
        """The first process."""
        return Process(self, _abi.INIT_PID)

    def process(self, pid: int) -> Process:
        """A process, by its pid; whether it exists shows when something is done with it."""
        return Process(self, pid)

    def signal(
        self, target: int, number: int, signo: int, sender: Process | None = None
    ) -> int:
        """Send a signal to a target; how many processes it reached."""
        args = _abi.SignalArgs(
            sender=sender.pid if sender else 0, id=number, target=target, signo=signo,
        )
        self._call(_abi.IOC_SIGNAL, args)
        return args.count

    def signal_group(self, pgid: int, signo: int, sender: Process | None = None) -> int:
        """Send a signal to a process group; how many processes it reached."""
        return self.signal(_abi.TARGET_PGID, pgid, signo, sender)

    def signal_session(self, sid: int, signo: int, sender: Process | None = None) -> int:
        """Send a signal to a session; how many processes it reached."""
        return self.signal(_abi.TARGET_SID, sid, signo, sender)

    def signal_all(self, signo: int, sender: Process | None = None) -> int:
        """Send a signal to all but init and the sender; how many it reached."""
        return self.signal(_abi.TARGET_ALL, 0, signo, sender)

    def take(self, pid: int, mask: int, timeout: float | None = None) -> types.Taken:
        """Take a signal; see Process.take()."""
        args = _abi.TakeSignalArgs(pid=pid, mask=mask)
        if timeout is not None:
            args.flags = _abi.TAKE_TIMEOUT
            args.timeout = nanoseconds(timeout)
        self._call(_abi.IOC_TAKE_SIGNAL, args)
        return types.Taken(args.target, args.signo, args.sender, args.count)

    def take_hosted(self, timeout: float | None = None) -> types.Taken:
        """Take a signal from any process that is hosted on this object."""
        return self.take(0, ALL_SIGNALS, timeout)

    def _pages(
        self, request: int, where: int, size: int, sid: int | None, pgid: int | None
    ) -> Iterator[int]:
        """Fills a page again and again; yields how many elements it has."""
        if sid is not None and pgid is not None:
            raise ValueError("a list is of a session or of a group, not of both")
        args = _abi.ListArgs(buf=where, record_size=size, count=_PAGE)
        if sid is not None:
            args.scope, args.id = _abi.LIST_SID, sid
        elif pgid is not None:
            args.scope, args.id = _abi.LIST_PGID, pgid
        while args.count == _PAGE:
            self._call(request, args)
            yield args.count

    def processes(self, *, sid: int | None = None, pgid: int | None = None) -> Iterator[types.Info]:
        """All processes, or those of a session or a group, in the order of pids."""
        page = (_abi.Info * _PAGE)()
        where, size = ctypes.addressof(page), ctypes.sizeof(_abi.Info)
        for count in self._pages(_abi.IOC_LIST, where, size, sid, pgid):
            yield from map(types.info, page[:count])

    def pids(self, *, sid: int | None = None, pgid: int | None = None) -> Iterator[int]:
        """The same, but the pids alone."""
        page = (ctypes.c_uint64 * _PAGE)()
        where, size = ctypes.addressof(page), ctypes.sizeof(ctypes.c_uint64)
        for count in self._pages(_abi.IOC_LIST_PIDS, where, size, sid, pgid):
            yield from page[:count]

    def events(
        self,
        kinds: Iterable[types.EventKind] | None = None,
        *,
        process: Process | None = None,
        subtree: bool = False,
        capacity: int = 0,
    ) -> Events:
        """The events from now on: all, or those of some kinds, or about one process.

        With subtree also those about its descendants. The server keeps so many for the
        reader; 0 is the default of the server. The result is to be closed.
        """
        args = _abi.NewServerArgs(flags=_abi.SERVER_SAME)
        if self.is_private:
            self._call(_abi.IOC_NEW_SERVER, args)
        else:
            args.fd = _library.open_device(self._path)
        return Events(args.fd, process.pid if process else 0, kinds, subtree, capacity)

    def stats(self) -> types.Stats:
        """The counters."""
        record = _abi.Stats()
        self._call(_abi.IOC_STATS, record)
        return types.Stats(*(getattr(record, field[0]) for field in _abi.Stats._fields_))

    def time(self) -> int:
        """The server's clock, in microseconds."""
        args = _abi.TimeArgs()
        self._call(_abi.IOC_TIME, args)
        return args.time

    def reap(self) -> int:
        """Reap the zombies whose parent is init: how many that were."""
        args = _abi.ReapArgs()
        self._call(_abi.IOC_REAP, args)
        return args.count

    def revoke(self, capability: int) -> None:
        """Note for every process that a capability was revoked."""
        self._call(_abi.IOC_REVOKE, _abi.RevokeArgs(capability=capability))

    def session(self, sid: int) -> types.Session:
        """A session."""
        terminal = ctypes.create_string_buffer(_abi.NAME_MAX + 1)
        args = _abi.SessionArgs(
            sid=sid, terminal=ctypes.addressof(terminal), terminal_size=len(terminal),
        )
        self._call(_abi.IOC_SESSION, args)
        return types.Session(
            sid, args.leader, types.text(terminal.value) if args.terminal_size else None,
            args.nr_processes, args.nr_groups, args.foreground,
        )

    def set_terminal(self, sid: int, name: str | None) -> None:
        """Give a session a terminal, or take it."""
        data = None if name is None else types.pack([name])
        self._call(_abi.IOC_SET_TERMINAL, _abi.SetTerminalArgs(sid=sid, name=address(data)))

    def set_foreground(self, sid: int, pgid: int) -> None:
        """Set the foreground group of a session's terminal, or 0 for none."""
        self._call(_abi.IOC_SET_FOREGROUND, _abi.SetForegroundArgs(sid, pgid))

    def hang_up(self, sid: int) -> int:
        """Hang up the terminal of a session: how many processes the signals reached."""
        args = _abi.HangUpArgs(sid=sid)
        self._call(_abi.IOC_HANG_UP, args)
        return args.count

    def group(self, pgid: int) -> types.Group:
        """A process group."""
        args = _abi.GroupArgs(pgid=pgid)
        self._call(_abi.IOC_GROUP, args)
        return types.Group(pgid, args.leader, args.sid, args.nr_processes)
