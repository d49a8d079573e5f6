#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: bindings.py --check | --update

The structures and the constants of the interface as Python and Rust have them, in
python/procsrv/_abi.py and rust/src/abi.rs: made from abi/procsrv.h.layout, which is what the
header says (scripts/abi.sh).

  --check   fail, and show the difference, if a file is not what would be made, or if a package
            has another version than the module
  --update  write the files
"""

import difflib
import pathlib
import re
import sys

# In two parts, so that no tool takes it for the licence of this file.
SPDX = "SPDX-License" "-Identifier: GPL-2.0-only"
TOP = pathlib.Path(__file__).resolve().parent.parent
LAYOUT = TOP / "abi/procsrv.h.layout"

PYTHON_TYPES = {
    "__u32": "ctypes.c_uint32",
    "__s32": "ctypes.c_int32",
    "__u64": "ctypes.c_uint64",
    "char": "ctypes.c_char",
}
RUST_TYPES = {"__u32": "u32", "__s32": "i32", "__u64": "u64", "char": "u8"}

FIELD = re.compile(r" (?:struct )?(\w+) (\w+)(?:\[(\d+)\])?; /\* \d+ \d+ \*/")
SIZE = re.compile(r" /\* size: (\d+), members: (\d+) \*/")


def parse(text):
    """The structures, as (name, fields, size), and the constants, as (name, value)."""
    structures = []
    constants = []
    fields = []
    name = ""
    for line in text.splitlines():
        if match := re.fullmatch(r"struct procsrv_(\w+) \{", line):
            name, fields = match[1], []
        elif match := FIELD.fullmatch(line):
            fields.append((match[1].removeprefix("procsrv_"), match[2], match[3]))
        elif match := SIZE.fullmatch(line):
            if int(match[2]) != len(fields):
                sys.exit(f"bindings.py: {name} has members that are not understood")
            structures.append((name, fields, int(match[1])))
        elif match := re.fullmatch(r"PROCSRV_(\w+) (0x[0-9a-f]+)", line):
            constants.append((match[1], match[2]))
        elif line not in ("", "};") and not line.startswith("#"):
            sys.exit(f"bindings.py: {LAYOUT.name} has a line that is not understood: {line}")
    # A structure stands before those that contain it.
    structures.sort(key=lambda s: any(f[0] not in PYTHON_TYPES for f in s[1]))
    return structures, constants


def camel_case(name):
    return "".join(word.capitalize() for word in name.split("_"))


def python_field(kind, name, count):
    """The types of a field: for ctypes, and in annotations."""
    ctype = PYTHON_TYPES.get(kind) or camel_case(kind)
    if count:
        seen = "bytes" if kind == "char" else f"ctypes.Array[{ctype}]"
        return f"{ctype} * {count}", seen
    return ctype, "int" if kind in PYTHON_TYPES else ctype


def python_structure(name, fields, size):
    types = [(field, *python_field(kind, field, count)) for kind, field, count in fields]
    yield f"class {camel_case(name)}(Record):"
    yield from (f"    {field}: {seen}" for field, _, seen in types)
    yield "    _fields_ = ["
    yield from (f'        ("{field}", {ctype}),' for field, ctype, _ in types)
    yield "    ]"
    yield ""
    yield ""


def make_python(structures, constants):
    yield f"# {SPDX}"
    yield '"""The interface, made by scripts/bindings.py from abi/procsrv.h.layout."""'
    yield ""
    yield "from __future__ import annotations"
    yield ""
    yield "import ctypes"
    yield "from typing import Final"
    yield ""
    yield from (f"{name}: Final = {value}" for name, value in constants)
    yield ""
    yield ""
    yield "class Record(ctypes.Structure):"
    yield '    """A structure that does not cut off what does not fit into a field."""'
    yield ""
    yield "    def __setattr__(self, name: str, value: object) -> None:"
    yield "        super().__setattr__(name, value)"
    yield "        if isinstance(value, int) and getattr(self, name) != value:"
    yield '            raise OverflowError(f"{name}: {value} is out of range")'
    yield ""
    yield ""
    for structure in structures:
        yield from python_structure(*structure)
    yield "SIZES: Final = {"
    yield from (f"    {camel_case(name)}: {size}," for name, _, size in structures)
    yield "}"


def rust_structure(name, fields, size):
    yield f"/// `struct procsrv_{name}` of the interface."
    yield "#[repr(C)]"
    yield "#[derive(Clone, Copy, Debug)]"
    yield f"pub struct {camel_case(name)} {{"
    for kind, field, count in fields:
        rust = RUST_TYPES.get(kind) or camel_case(kind)
        yield f"    pub {field}: " + (f"[{rust}; {count}]," if count else f"{rust},")
    yield "}"
    yield ""
    yield f"plain!({camel_case(name)}, {size});"
    yield ""


def rust_constant(name, value):
    kind = "u64" if int(value, 16) > 0xFFFFFFFF else "u32"
    return f"pub const {name}: {kind} = {value};"


def make_rust(structures, constants):
    yield f"// {SPDX}"
    yield "//! The interface, made by `scripts/bindings.py` from `abi/procsrv.h.layout`."
    yield "//!"
    yield "//! What the structures and the constants mean is in `include/uapi/linux/procsrv.h`."
    yield ""
    yield "/// Structures of integers alone, without padding: any bytes are one."
    yield "///"
    yield "/// # Safety"
    yield "///"
    yield "/// That has to be so."
    yield "pub unsafe trait Plain: Copy + Default {}"
    yield ""
    yield "macro_rules! plain {"
    yield "    ($structure:ident, $size:literal) => {"
    yield "        unsafe impl Plain for $structure {}"
    yield ""
    yield "        impl Default for $structure {"
    yield "            fn default() -> Self {"
    yield "                unsafe { core::mem::zeroed() }"
    yield "            }"
    yield "        }"
    yield ""
    yield "        const _: () = assert!(core::mem::size_of::<$structure>() == $size);"
    yield "    };"
    yield "}"
    yield ""
    yield from (rust_constant(*constant) for constant in constants)
    yield ""
    lines = [line for structure in structures for line in rust_structure(*structure)]
    yield from lines[:-1]


def versions_differ():
    """Whether a package has another version than the module."""
    header = (TOP / "procsrv.h").read_text()
    version = re.search(r'#define PROCSRV_VERSION "(.*)"', header)[1]
    status = 0
    for file in ("python/pyproject.toml", "rust/Cargo.toml"):
        found = re.search(r'^version = "(.*)"$', (TOP / file).read_text(), re.M)[1]
        if found != version:
            print(f"{file}: the version is {found}, that of the module is {version}")
            status = 1
    return status


def main(arguments):
    if arguments not in (["--check"], ["--update"]):
        print(__doc__.rstrip())
        return 0 if arguments in (["-h"], ["--help"]) else 2
    structures, constants = parse(LAYOUT.read_text())
    status = versions_differ()
    for file, make in (("python/procsrv/_abi.py", make_python), ("rust/src/abi.rs", make_rust)):
        path = TOP / file
        text = "".join(line + "\n" for line in make(structures, constants))
        if arguments == ["--update"]:
            path.write_text(text)
            continue
        there = path.read_text()
        if there != text:
            status = 1
            sys.stdout.writelines(difflib.unified_diff(
                there.splitlines(True), text.splitlines(True), file, "made"))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
