# SPDX-License-Identifier: GPL-2.0-only
"""libprocsrv: the calls that the package makes of it."""

from __future__ import annotations

import ctypes
import errno
import os
from typing import Union

from . import _abi
from .errors import error

Path = Union[str, "os.PathLike[str]"]

_SONAME = "libprocsrv.so.0"
_SENTENCE_SIZE = 256


def _load() -> ctypes.CDLL:
    lib = ctypes.CDLL(_SONAME)
    lib.procsrv_device.restype = ctypes.c_char_p
    lib.procsrv_open.argtypes = [ctypes.c_char_p]
    lib.procsrv_call.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p]
    lib.procsrv_explain.argtypes = [
        ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p,
        ctypes.c_size_t,
    ]
    lib.procsrv_explain.restype = None
    lib.procsrv_parse_signal.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_int)]
    lib.procsrv_signal_name.argtypes = [ctypes.c_int]
    lib.procsrv_signal_name.restype = ctypes.c_char_p
    lib.procsrv_read_events.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    lib.procsrv_read_events.restype = ctypes.c_ssize_t
    lib.procsrv_read_exit_record.argtypes = [ctypes.c_int, ctypes.c_void_p]
    return lib


_lib = _load()


def explain(fd: int, request: int, args: ctypes.Structure, number: int) -> str:
    """Why an operation was refused, in a sentence."""
    buf = ctypes.create_string_buffer(_SENTENCE_SIZE)
    _lib.procsrv_explain(fd, request, ctypes.byref(args), number, buf, len(buf))
    return buf.value.decode(errors="replace")


def call(fd: int, request: int, args: ctypes.Structure) -> None:
    """One operation. After a signal it goes on, with the time that is left."""
    while True:
        ret: int = _lib.procsrv_call(fd, request, ctypes.byref(args))
        if not ret:
            return
        if ret != -errno.EINTR:
            raise error(-ret, explain(fd, request, args, -ret))


def device() -> str:
    """The path of the device: $PROCSRV_DEVICE or /dev/procsrv."""
    path: bytes = _lib.procsrv_device()
    return os.fsdecode(path)


def open_device(path: Path | None) -> int:
    """A descriptor of the device."""
    name = device() if path is None else os.fspath(path)
    fd: int = _lib.procsrv_open(os.fsencode(name))
    if fd < 0:
        why = "not a process server" if fd == -errno.ENOTTY else os.strerror(-fd)
        raise error(-fd, f"cannot open {name}: {why} ({errno.errorcode[-fd]})")
    return fd


def read_events(fd: int, count: int) -> list[_abi.Event] | None:
    """Records of events; none if there is none and the descriptor does not block.

    None after the last event of a server that has ended.
    """
    events = (_abi.Event * count)()
    ret: int = _lib.procsrv_read_events(fd, events, count)
    if ret in (-errno.EAGAIN, -errno.EINTR):
        return []
    if ret < 0:
        raise error(-ret, f"cannot read events: {os.strerror(-ret)} ({errno.errorcode[-ret]})")
    return events[:ret] if ret else None


def read_exit_record(fd: int, pid: int) -> _abi.ExitRecord | None:
    """The record of a handle; None if the process lives and the handle does not block."""
    record = _abi.ExitRecord()
    ret: int = _lib.procsrv_read_exit_record(fd, ctypes.byref(record))
    if ret in (-errno.EAGAIN, -errno.EINTR):
        return None
    if ret < 0:
        args = _abi.OpenProcessArgs(pid=pid)
        raise error(-ret, explain(fd, _abi.IOC_OPEN_PROCESS, args, -ret))
    return record


def signal_name(signo: int) -> str | None:
    """The name of a signal: "SIGTERM", "SIGRTMIN+3"; None for a number without one."""
    name: bytes | None = _lib.procsrv_signal_name(signo)
    return None if name is None else name.decode()


def parse_signal(name: str) -> int:
    """The number of a signal: of "TERM", "SIGTERM", "RTMIN+3" or "15"."""
    signo = ctypes.c_int()
    if "\0" in name or _lib.procsrv_parse_signal(os.fsencode(name), ctypes.byref(signo)):
        raise ValueError(f"'{name}' is not a signal")
    return signo.value
