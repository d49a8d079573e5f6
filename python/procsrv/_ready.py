# SPDX-License-Identifier: GPL-2.0-only
"""Descriptors, and waiting until one is readable."""

from __future__ import annotations

import asyncio
import os
import select
import time
from types import TracebackType
from typing import TypeVar

_POLL_MAX = 1_000_000   # milliseconds; then the callers look at the time again

T = TypeVar("T", bound="Descriptor")


class Descriptor:
    """Something that has a descriptor, until it is closed."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def fileno(self) -> int:
        """The descriptor; ValueError if it has been closed."""
        if self._fd < 0:
            raise ValueError("it has been closed")
        return self._fd

    def close(self) -> None:
        """Close it; a second time does nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def __enter__(self: T) -> T:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_fd", -1) >= 0:
            self.close()


class Deadline:
    """Until when to wait: seconds from now, or None for as long as it takes."""

    def __init__(self, timeout: float | None) -> None:
        self._at = None if timeout is None else time.monotonic() + timeout

    def left(self) -> float | None:
        """Seconds until then, not below 0."""
        return None if self._at is None else max(0.0, self._at - time.monotonic())


def wait_readable(fd: int, deadline: Deadline) -> bool:
    """Whether a descriptor has become readable in time."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    left = deadline.left()
    # Rounded up: a poll that ends early would be repeated for nothing.
    limit = None if left is None else int(min(left * 1000 + bool(left), _POLL_MAX))
    return bool(poll.poll(limit))


async def readable(fd: int) -> None:
    """Until a descriptor is readable."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()

    def ready() -> None:
        if not future.done():
            future.set_result(None)

    loop.add_reader(fd, ready)
    try:
        await future
    finally:
        loop.remove_reader(fd)
