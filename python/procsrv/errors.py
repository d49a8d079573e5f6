# SPDX-License-Identifier: GPL-2.0-only
"""Exceptions: one class for each errno that programs tell apart."""

from __future__ import annotations

import errno


class Error(OSError):
    """The server has refused an operation.

    errno is the error and strerror the sentence of procsrv_explain(), which is what
    procsrvctl prints.
    """

    def __str__(self) -> str:
        return str(self.strerror)


class NoSuchProcess(Error, ProcessLookupError):
    """ESRCH: no such process, session or group, or it is a zombie."""


class NotPermitted(Error, PermissionError):
    """EPERM, EACCES: the caller may not do that, or the process cannot."""


class NoChild(Error, ChildProcessError):
    """ECHILD: no child could ever qualify."""


class NothingYet(Error, BlockingIOError):
    """EAGAIN: nothing to report yet, or too many processes or waiters."""


class TimedOut(Error, TimeoutError):
    """ETIMEDOUT: the timeout expired."""


class Invalid(Error, ValueError):
    """EINVAL: an argument is not valid."""


class Closed(Error):
    """ESHUTDOWN: the private server has been closed."""


_CLASSES: dict[int, type[Error]] = {
    errno.ESRCH: NoSuchProcess,
    errno.EPERM: NotPermitted,
    errno.EACCES: NotPermitted,
    errno.ECHILD: NoChild,
    errno.EAGAIN: NothingYet,
    errno.ETIMEDOUT: TimedOut,
    errno.EINVAL: Invalid,
    errno.ESHUTDOWN: Closed,
}


def error(number: int, sentence: str) -> Error:
    """The exception for an errno."""
    return _CLASSES.get(number, Error)(number, sentence)
