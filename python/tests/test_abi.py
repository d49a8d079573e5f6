# SPDX-License-Identifier: GPL-2.0-only
"""The structures against abi/procsrv.h.layout, which is what the header says."""

import ctypes
import os
import pathlib
import re

from procsrv import EventKind, Priority, State, _abi

LAYOUT = pathlib.Path(os.environ["TOP"], "abi/procsrv.h.layout").read_text()
STRUCTURES = dict(re.findall(r"^struct procsrv_(\w+) \{\n(.*?)^\};", LAYOUT, re.M | re.S))
CONSTANTS = {name: int(value, 16) for name, value in
             re.findall(r"^PROCSRV_(\w+) (0x[0-9a-f]+)$", LAYOUT, re.M)}


def structure(name: str) -> type[ctypes.Structure]:
    kind: object = getattr(_abi, "".join(word.capitalize() for word in name.split("_")))
    assert isinstance(kind, type) and issubclass(kind, ctypes.Structure)
    return kind


def test_sizes_and_offsets() -> None:
    assert len(STRUCTURES) > 30
    for name, body in STRUCTURES.items():
        kind = structure(name)
        fields = re.findall(r" (\w+)(?:\[\d+\])?; /\* (\d+) (\d+) \*/", body)
        found = [(field, str(getattr(kind, field).offset), str(getattr(kind, field).size))
                 for field, *_ in kind._fields_]
        assert found == fields
        assert f"size: {ctypes.sizeof(kind)}," in body


def test_constants() -> None:
    assert len(CONSTANTS) > 100
    assert {name: getattr(_abi, name) for name in CONSTANTS} == CONSTANTS


def test_the_size_of_a_structure_is_in_its_request() -> None:
    assert CONSTANTS["IOC_CREATE"] >> 16 & 0x3fff == ctypes.sizeof(_abi.CreateArgs)


def test_enumerations_are_whole() -> None:
    assert len(EventKind) == _abi.NR_EVENTS
    assert max(State) == _abi.DEAD and len(State) == _abi.DEAD + 1
    assert len(Priority) == _abi.PRIO_REALTIME + 1
