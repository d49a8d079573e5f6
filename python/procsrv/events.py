# SPDX-License-Identifier: GPL-2.0-only
"""Events of a server, as an iterator and as an asynchronous iterator."""

from __future__ import annotations

import collections
import errno
import os
from typing import AsyncIterator, Iterable, Iterator

from . import _abi, _library, types
from ._ready import Deadline, Descriptor, readable, wait_readable
from .errors import error

_PAGE = 64


class Events(Descriptor):
    """The events that happen from now on; see Server.events().

    It has a descriptor of its own, which polls readable when there is an event. Iterating
    ends only after the last event of a private server that has ended. An event of the kind
    LOST stands for events that were dropped, because they were not read in time.
    """

    def __init__(
        self,
        fd: int,
        pid: int,
        kinds: Iterable[types.EventKind] | None,
        subtree: bool,
        capacity: int,
    ) -> None:
        super().__init__(fd)
        self._waiting: collections.deque[types.Event] = collections.deque()
        self._ended = False
        mask = _abi.EVENTS_ALL if kinds is None else sum(1 << kind for kind in set(kinds))
        args = _abi.SubscribeArgs(
            pid=pid, kinds=mask, capacity=capacity,
            flags=_abi.SUBSCRIBE_SUBTREE if subtree else 0,
        )
        try:
            if not mask:
                raise ValueError("no kinds of events")
            _library.call(fd, _abi.IOC_SUBSCRIBE, args)
            os.set_blocking(fd, False)
        except BaseException:
            self.close()
            raise
        self.seq = args.seq
        """The number of the latest event before the first of these."""

    def read(self, timeout: float | None = None) -> list[types.Event]:
        """The events that there are; waits for one if there is none.

        The timeout is in seconds. The list is empty when it is over, and if the server has ended
        and there are no more events: then "ended" is true.
        """
        deadline = Deadline(timeout)
        while not self._fill():
            if self._ended or not wait_readable(self.fileno(), deadline) and deadline.left() == 0:
                return []
        events = list(self._waiting)
        self._waiting.clear()
        return events

    @property
    def ended(self) -> bool:
        """Whether a read has found the end of the events, as the private server has ended."""
        return self._ended

    def _fill(self) -> bool:
        if not self._waiting:
            records = _library.read_events(self.fileno(), _PAGE)
            self._ended = records is None
            self._waiting.extend(types.event(record) for record in records or [])
        return bool(self._waiting)

    def __iter__(self) -> Iterator[types.Event]:
        return self

    def __next__(self) -> types.Event:
        while not self._fill():
            if self._ended:
                raise StopIteration
            wait_readable(self.fileno(), Deadline(None))
        return self._waiting.popleft()

    def __aiter__(self) -> AsyncIterator[types.Event]:
        return self

    async def __anext__(self) -> types.Event:
        while not self._fill():
            if self._ended:
                raise StopAsyncIteration
            await readable(self.fileno())
        return self._waiting.popleft()


class Handle(Descriptor):
    """A handle of a process; see Process.open().

    It polls readable when the process has exited. Reading it consumes nothing, and works
    after the process was reaped.
    """

    def __init__(self, server_fd: int, pid: int) -> None:
        args = _abi.OpenProcessArgs(pid=pid, flags=_abi.OPEN_NONBLOCK)
        _library.call(server_fd, _abi.IOC_OPEN_PROCESS, args)
        super().__init__(args.fd)
        self.pid = pid

    def poll(self) -> types.Exit | None:
        """How the process has ended, or None if it has not."""
        record = _library.read_exit_record(self.fileno(), self.pid)
        return None if record is None else types.exit_record(record)

    def wait(self, timeout: float | None = None) -> types.Exit:
        """The same, once it has ended; TimedOut after so many seconds."""
        deadline = Deadline(timeout)
        while (ended := self.poll()) is None:
            if not wait_readable(self.fileno(), deadline) and deadline.left() == 0:
                args = _abi.OpenProcessArgs(pid=self.pid)
                number = errno.ETIMEDOUT
                sentence = _library.explain(self._fd, _abi.IOC_OPEN_PROCESS, args, number)
                raise error(number, sentence)
        return ended

    async def ended(self) -> types.Exit:
        """The same for asyncio, which has timeouts of its own."""
        while (ended := self.poll()) is None:
            await readable(self.fileno())
        return ended
