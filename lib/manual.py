#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: manual.py HEADER DIRECTORY
       manual.py --list HEADER

Makes the manual pages of the groups of functions in procsrv.h from what is written there:
libprocsrv-lifecycle.3 is the page of what stands under the heading "Lifecycle". Each function
has a link to the page of its group. With --list the names of all of them are printed.
"""

import os
import re
import sys
import textwrap

DATE = "November 29, 2026"
# What the header calls a group, and what its page does.
GROUPS = {
    "The device": "device",
    "Several operations in one call": "batch",
    "Lifecycle": "lifecycle",
    "Hosted processes": "hosted",
    "Signals": "signals",
    "Information, reports, limits": "info",
    "Sessions and process groups": "sessions",
    "Events and handles": "events",
}
HEADING = re.compile(r"^/\*\n \* (.+)\n \*/$", re.M)
DOC = re.compile(r"^/\*\*\n((?: \*(?!/).*\n)+) \*/\n(struct \w+ \{\n(?:.*\n)*?\}|[^;{]*);\n", re.M)
FIRST = re.compile(r"(?:struct )?(\w+)(?:\(\))? - (.*)")
WIDTH = 78


def group_name(heading):
    """A heading that has no name here makes one of its first word."""
    return GROUPS.get(heading) or re.match(r"\w+", heading).group(0).lower()


def running(text):
    """Text as lines of mdoc: a sentence begins on a new one."""
    text = " ".join(text.split()).replace("\\", "\\e")
    text = re.sub(r"[%&](?=\w)", "", text)
    text = re.sub(r"@(\w+)", r"\\fI\1\\fR", text)
    text = re.sub(r"\b(\w+)\(\)", r"\\fB\1\\fR()", text)
    lines = []
    for sentence in re.split(r"(?<=[.:!?]) (?=[A-Z\\])", text):
        lines += textwrap.wrap(sentence, WIDTH, break_long_words=False, break_on_hyphens=False)
    # A line that begins with one of these would be a request.
    return [re.sub(r"^(?=[.'])", r"\\&", line) for line in lines]


class Function:
    """What the header says of one function or structure."""

    def __init__(self, comment, code):
        lines = [line[3:] if line.startswith(" * ") else "" for line in comment.splitlines()]
        self.name, self.summary = FIRST.match(lines[0]).groups()
        self.code = code
        self.arguments, self.text, self.result = [], [], ""
        self.is_function = "{" not in code
        self.read(lines[1:])

    def read(self, lines):
        for block in re.split(r"\n\s*\n", "\n".join(lines)):
            block = block.strip("\n")
            if block.startswith("@"):
                # A further line of an argument is indented by a tab.
                for argument in re.split(r"\n(?=@)", block):
                    self.arguments.append(re.match(r"@(\w+):\s*(.*)", argument, re.S).groups())
            elif block.startswith("Return: "):
                self.result = block[len("Return: "):]
            elif block:
                self.text.append(block)

    def prototype(self):
        """The lines of a synopsis."""
        match = re.match(r"(.*?)(\w+)\((.*)\)", " ".join(self.code.split()))
        kind, name, arguments = match.groups()
        arguments = split_arguments(arguments)
        quoted = " ".join(f'"{a}"' for a in arguments)
        return [f'.Ft "{kind.strip()}"', f".Fn {name} {quoted}"]


def split_arguments(text):
    """At the commas that are in no parentheses."""
    found, depth = [""], 0
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and not depth:
            found.append("")
        else:
            found[-1] += char
    return [argument.strip() for argument in found]


def read_groups(path):
    """The groups of the header, in its order: (heading, functions)."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found, parts = [], HEADING.split(text)
    for heading, part in zip(parts[1::2], parts[2::2]):
        functions = [Function(*match) for match in DOC.findall(part)]
        if functions:
            found.append((heading, functions))
    return found


def describe(item):
    """The subsection of one function."""
    title = f"{item.name}()" if item.is_function else f"struct {item.name}"
    lines = [f".Ss {title}", *running(item.summary[0].upper() + item.summary[1:] + ".")]
    if not item.is_function:
        lines += [".Bd -literal -offset indent", *f"{item.code};".splitlines(), ".Ed"]
    if item.arguments:
        lines += [".Bl -tag -width Ds -compact"]
        for name, text in item.arguments:
            lines += [f".It Fa {name}", *running(text[0].upper() + text[1:] + ".")]
        lines += [".El"]
    for block in item.text:
        lines += [".Pp", *running(block)]
    if item.result:
        lines += [".Pp", *running("Returns " + item.result)]
    return lines


def page(heading, functions):
    name = f"libprocsrv-{group_name(heading)}"
    named = [item.name for item in functions if item.is_function]
    lines = ['.\\" SPDX-License-Identifier: GPL-2.0-only',
             '.\\" Made by lib/manual.py from procsrv.h.',
             f".Dd {DATE}", f".Dt {name.upper()} 3", ".Os", ".Sh NAME"]
    lines += [f".Nm {one} ," for one in named[:-1]] + [f".Nm {named[-1]}"]
    lines += [f".Nd libprocsrv: {heading[0].lower() + heading[1:]}"]
    lines += [".Sh LIBRARY", ".Ql pkg-config --cflags --libs procsrv", ".Sh SYNOPSIS", ".In procsrv.h"]
    for item in functions:
        if item.is_function:
            lines += item.prototype()
    lines += [".Sh DESCRIPTION",
              "What holds for all functions of the library is in",
              ".Xr libprocsrv 3 ."]
    for item in functions:
        lines += describe(item)
    lines += [".Sh SEE ALSO", ".Xr libprocsrv 3 ,", ".Xr procsrv 4 ,", ".Xr procsrv 7"]
    return name, named, "\n".join(lines) + "\n"


def main():
    listing = len(sys.argv) == 3 and sys.argv[1] == "--list"
    if len(sys.argv) != 3 or sys.argv[1] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if "--help" in sys.argv or "-h" in sys.argv else 2
    header = sys.argv[2] if listing else sys.argv[1]
    for heading, functions in read_groups(header):
        name, named, text = page(heading, functions)
        if listing:
            print("\n".join(f"{one}.3" for one in [name, *named]))
            continue
        os.makedirs(sys.argv[2], exist_ok=True)
        with open(os.path.join(sys.argv[2], f"{name}.3"), "w", encoding="utf-8") as file:
            file.write(text)
        for one in named:
            with open(os.path.join(sys.argv[2], f"{one}.3"), "w", encoding="utf-8") as file:
                file.write(f".so man3/{name}.3\n")
    return 0


sys.exit(main())
