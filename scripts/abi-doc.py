#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: abi-doc.py --check | --update

The reference of the calls in docs/abi.md, made of the comments of include/uapi/linux/procsrv.h;
numbers and sizes are those of abi/procsrv.h.layout (scripts/abi.sh). What is made stands between
two HTML comments: all calls, or a single structure if the first comment names one.

  --check   fail, and show the difference, if the page does not have what would be made
  --update  write the page

How a comment of the header is read, besides what kernel-doc makes of it:

  @field: in: text    a field that the call reads; "out" is one that it writes, and a field may
                      have both, one after the other
  - text              an item of a list
  Errors: EXXX, when; EYYY, when.
                      a table; also "Errors of read:" and "Results of an operation:"
  DOC: title          a section of its own

An enumeration belongs to the first structure that has a field of it, a group of flags to the
first one that names the first of them in a field, and a structure that is no argument of a call
to the first one that contains it or points to it. A call is described with its structure.
"""

import difflib
import pathlib
import re
import sys
import textwrap

sys.dont_write_bytecode = True

import bindings  # noqa: E402 (of this directory)

TOP = bindings.TOP
HEADER = TOP / "include/uapi/linux/procsrv.h"
SEMANTICS = TOP / "docs/semantics.md"
PAGE = TOP / "docs/abi.md"
WIDTH = 120

# A comment, and what it is about.
BLOCK = re.compile(
    r"^/\*(\*?)(.*?)\*/\n((?:#define PROCSRV_[^\n]*[^\\\n]\n)+|(?:struct|enum) \w+ \{\n.*?\n\};\n)?",
    re.M | re.S)
CALL = re.compile(r"#define PROCSRV_IOC_(\w+) \\\n\t_IO(\w+)\(PROCSRV_IOC_MAGIC, \w+, struct (\w+)\)")
DEFINE = re.compile(r"#define (PROCSRV_\w+)\s+[^/\n]*(?:/\* (.*) \*/)?")
MARKED = re.compile(
    r"(<!-- generated from include/uapi/linux/procsrv\.h by scripts/abi-doc\.py"
    r"(?:: struct (\w+))? -->\n).*?(<!-- end -->\n)", re.S)
DIRECTION = re.compile(r"(?:^|(?<=[.;] ))(in, out|in|out): ")
TABLE = re.compile(r"(Error|Result)s((?: of [\w ]+)?): ")

# What is linked where a section has it first.
TERMS = {
    r"hosted process(?:es)?": "#hosted-processes",
    r"POSIX ids": "#posix-ids",
    r"private servers?": "semantics.md#private-servers",
    r"module's parameters": "#the-module",
    r"max_user_\w+": "#the-module",
    r"orphaned": "semantics.md#orphaned-process-groups",
    r"closed for good": "semantics.md#create",
    r"capability that is needed": "semantics.md#permissions",
    r"io_uring": "#io_uring",
    r"order of setpgid\(2\)": "semantics.md#sessions-and-groups",
}
# What is code wherever it is.
CODE = (r"max_\w+|(?:CAP|SA|CLONE|PR|CLOCK|IOSQE|IORING)_[A-Z_]+|O_NONBLOCK|__\w+|/proc/\S+cmdline"
        r"|POLL(?:IN|OUT|PRI|ERR)|-?\bE(?!OF\b)[A-Z0-9]{3,}")
INLINE = re.compile(
    r"(?P<sizeof>sizeof\([\w ]+\))|&(?P<kind>struct|enum) (?P<record>procsrv_\w+)|@(?P<field>\w+)"
    r"|(?P<constant>PROCSRV_\w*(?:\*|\(\w*\))?)|(?<!\w)(?P<short>_[A-Z]+)\b"
    rf"|(?<!\w)(?P<code>{CODE})\b|\b(?P<term>{'|'.join(TERMS)})\b")
# More about a call: the section of semantics.md, and the example.
SEE = {
    "create_args": ("create", "create-a-process"),
    "exec_args": ("exec", None),
    "terminate_args": ("terminate", None),
    "wait_args": ("wait", "wait-for-a-child"),
    "signal_args": ("signal", "send-a-signal"),
    "take_signal_args": ("take-signal", None),
    "report_args": ("hosted-processes", None),
    "credentials_args": ("hosted-processes", None),
    "set_autoreap_args": ("autoreap", None),
    "info_args": ("info", None),
    "limits_args": ("limits", None),
    "update_args": ("update", None),
    "create_session_args": ("sessions-and-groups", None),
    "create_group_args": ("sessions-and-groups", None),
    "set_group_args": ("sessions-and-groups", None),
    "session_args": ("sessions-and-groups", None),
    "group_args": ("orphaned-process-groups", None),
    "set_terminal_args": ("terminal-hang-up", None),
    "set_foreground_args": ("terminal-hang-up", None),
    "hang_up_args": ("terminal-hang-up", None),
    "list_args": ("list", "list-all-processes"),
    "reap_args": ("reap", None),
    "stats": ("statistics", None),
    "revoke_args": ("revocation", None),
    "time_args": ("time", None),
    "set_reaper_args": ("reapers", None),
    "subscribe_args": ("events", "follow-every-process"),
    "open_process_args": ("handles", "wait-for-several-processes"),
    "new_server_args": ("private-servers", None),
    "batch_args": ("what-is-atomic", "several-operations-in-one-call"),
}


def die(message):
    sys.exit(f"abi-doc.py: {message}")


def fold(text, indent=""):
    """Lines of Markdown. Only the first has the text of the indent."""
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False,
                         initial_indent=indent, subsequent_indent=" " * len(indent))


class Comment:
    """What a comment says of a structure, an enumeration, a constant or a matter."""

    def __init__(self, text, code):
        lines = [re.sub(r"^ \* ?", "", line) for line in text.strip("\n").splitlines()]
        blocks = re.split(r"\n\s*\n", "\n".join(lines).strip())
        head, _, fields = blocks[0].partition("\n@")
        self.code = code
        self.enums, self.flags, self.records = [], [], []
        if match := re.match(r"DOC: (.*)", head):
            self.kind, self.name, self.summary = "DOC", match[1], ""
        elif match := re.match(r"(?:(struct|enum) )?(\w+) - (.*)", " ".join(head.split())):
            self.kind, self.name, self.summary = match.groups()
        else:
            die(f"a comment that is not understood: {head}")
        self.fields = re.findall(r"(\w+):\s+(.*?)(?=\n@|\Z)", fields, re.S)
        self.fields = [(name, " ".join(text.split())) for name, text in self.fields]
        self.blocks = blocks[1:]

    def mentions(self, name):
        """Whether a field is of this kind, or says so."""
        texts = [self.code, *(text for _, text in self.fields)]
        return any(re.search(rf"\b{name}\b", text) for text in texts)

    def says(self, flag):
        """Whether a field is a mask of this flag, or of all that begin so."""
        prefix = re.match(r"PROCSRV_[A-Z]+_", flag)[0] + "*" if flag.count("_") > 1 else flag
        return any(prefix in text or re.search(rf"\b{flag}\b", text) for _, text in self.fields)


class Header:
    """What the header says, in its order."""

    def __init__(self, text):
        self.structures, self.constants, self.parts, enums, flags = {}, [], [], [], []
        for kind, comment, code in BLOCK.findall(text):
            if not kind:
                if code.startswith("#define"):
                    flags.append((comment, DEFINE.findall(code)))
                continue
            item = Comment(comment, code)
            if item.kind == "enum":
                enums.append(item)
            elif item.kind == "struct":
                self.structures[item.name] = item
                self.parts.append(item)
            elif item.kind == "DOC":
                self.parts.append(item)
            else:
                self.constants.append(item)
        self.calls = CALL.findall(text)
        self.home = {}
        for call, _, struct in self.calls:
            self.home.setdefault(struct, []).append(call)
        for struct, same in self.home.items():
            # Of two the one that has the name of the structure is first.
            same.sort(key=lambda call: f"procsrv_{call.lower()}_args" != struct)
        titles = re.findall(r"^##+ (.*)$", SEMANTICS.read_text(), re.M)
        self.titles = {re.sub(r"[^\w\- ]", "", t.lower()).replace(" ", "-"): t for t in titles}
        self.place(enums, [group for group in flags if group[1]])

    def place(self, enums, flags):
        items = list(self.structures.values())
        for enum in enums:
            owner = next((one for one in items if one.mentions(enum.name)), None)
            if not owner:
                die(f"no structure has a field of {enum.name}")
            owner.enums.append(enum)
        for comment, group in flags:
            name = group[0][0]
            owner = next((one for one in items if one.says(name)), None)
            if not owner:
                die(f"no structure has a field of {name}")
            owner.flags.append((comment, group))
        for item in [one for one in items if one.name not in self.home]:
            owner = next((one for one in items if one.name in self.home and one is not item
                          and one.mentions(item.name)), None)
            if owner:
                owner.records.append(item)
                self.home[item.name] = self.home[owner.name]

    def anchor(self, record):
        """Where a structure or an enumeration is described."""
        for item in self.structures.values():
            if record in (item.name, *(enum.name for enum in item.enums)):
                if item.name in self.home:
                    return "#procsrv_ioc_" + self.home[item.name][0].lower()
                return "#handles" if item.name == "procsrv_exit_record" else "#reading-events"
        return die(f"there is no {record}")


class Section:
    """Writes what belongs under one heading: it links no further than necessary."""

    def __init__(self, header, layout, anchors=()):
        self.header, self.layout = header, layout
        self.seen = set(anchors)
        self.lines = []

    def replace(self, match):
        text, found = match[0], match.groupdict()
        if record := found["record"]:
            anchor = self.header.anchor(record)
            text = f"`{found['kind']} {record}`"
            return text if anchor in self.seen else f"[{text}]({anchor})"
        if found["field"]:
            return f"`{found['field']}`"
        if found["term"] or found["code"]:
            target = next((to for term, to in TERMS.items() if re.fullmatch(term, text)), None)
            code = f"`{text}`" if found["code"] or text.startswith("max_") else text
            if not target or target in self.seen or f"{target} {text}" in self.seen:
                return code
            self.seen.add(f"{target} {text}" if text.startswith("max_") else target)
            return f"[{code}]({target})"
        if call := re.fullmatch(r"PROCSRV_IOC_(\w+)", text):
            anchor = f"#procsrv_ioc_{call[1].lower()}"
            known = any(call[1] == name for name, *_ in self.header.calls)
            return f"[`{text}`]({anchor})" if known and anchor not in self.seen else f"`{text}`"
        return f"`{text}`"

    def inline(self, text):
        """Text as Markdown, on one line."""
        return INLINE.sub(self.replace, " ".join(text.split()))

    def add(self, *lines):
        self.lines += [*lines, ""]

    def paragraph(self, text):
        self.add(*self.wrap(text))

    def wrap(self, text, indent=""):
        return fold(self.inline(text), indent)

    def table(self, *rows):
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        rule = "| " + " | ".join("---" for _ in rows[0]) + " |"
        self.add(*(re.sub(r"\|  \|", "| |", line) for line in [lines[0], rule, *lines[1:]]))

    def value(self, name, flag):
        value = int(self.layout.values[name.removeprefix("PROCSRV_")], 16)
        return f"{value:#x}" if flag else str(value)

    def fields(self, item):
        """A row for each field and direction; those that say the same share one."""
        rows = []
        for name, text in item.fields:
            parts = DIRECTION.split(text)
            directed = list(zip(parts[1::2], parts[2::2])) or [("", text)]
            if len(parts) > 1 and parts[0]:
                die(f"{item.name}: {name} has a direction in the middle")
            for i, (direction, meaning) in enumerate(directed):
                meaning = meaning.strip().rstrip(";.")
                if rows and not i and len(directed) == 1 and rows[-1][1:] == [direction, meaning]:
                    rows[-1][0].append(name)
                else:
                    rows.append([[] if i else [name], direction, meaning])
        made = [[", ".join(f"`{n}`" for n in names), direction, self.inline(meaning)]
                for names, direction, meaning in rows]
        if any(direction for _, direction, _ in made):
            self.table(["field", "", "meaning"], *made)
        else:
            self.table(["field", "meaning"], *([name, meaning] for name, _, meaning in made))

    def kinds(self, item):
        """The enumerations and the flags of a structure."""
        for enum in item.enums:
            self.paragraph(f"&enum {enum.name}, {enum.summary}:")
            self.table(["constant", "value", "meaning"],
                       *([f"`{name}`", self.value(name, False), self.inline(text)]
                         for name, text in enum.fields))
        for comment, flags in item.flags:
            comment = " ".join(re.sub(r"^ \* ?", "", line) for line in comment.strip().splitlines())
            rows = [[f"`{name}`", self.value(name, True), self.inline(text)]
                    for name, text in flags if name.removeprefix("PROCSRV_") in self.layout.values]
            self.paragraph(comment.strip().rstrip(".") + ":")
            self.table(["constant", "value", "meaning"], *rows)

    def errors(self, text, match):
        rows = []
        for one in re.split(r"; (?=E[A-Z0-9]+, )", text.rstrip(".")):
            name, comma, when = one.partition(", ")
            if not comma or not re.fullmatch(r"E[A-Z0-9]+", name):
                die(f"an error that is not understood: {one}")
            rows.append([f"`{name}`", self.inline(when)])
        self.table([match[1].lower() + match[2], "when"], *rows)

    def body(self, item, wants_errors=False):
        """The paragraphs, lists and tables of a comment."""
        for block in item.blocks:
            text = " ".join(block.split())
            if match := TABLE.match(text):
                self.errors(text[match.end():], match)
                wants_errors = False
                continue
            head, *points = re.split(r"(?:^|\n)- ", block)
            lines = self.wrap(head) if head.strip() else []
            if points and lines:
                lines.append("")
            for point in points:
                lines += self.wrap(point, "- ")
            self.add(*lines)
        if wants_errors:
            self.add("No errors beyond [those of every call](#failure).")

    def structure(self, item, wants_errors=False):
        self.fields(item)
        self.kinds(item)
        self.body(item, wants_errors)


def sentence(text):
    return text[0].upper() + text[1:]


def describe_call(header, layout, item):
    """The section of a structure's calls."""
    calls = header.home[item.name]
    short = item.name.removeprefix("procsrv_")
    section = Section(header, layout, [f"#procsrv_ioc_{call.lower()}" for call in calls])
    section.add(f"### PROCSRV_IOC_{calls[0]}")
    section.paragraph(f"{sentence(item.summary)}.")
    more = f" {' and '.join(f'`PROCSRV_IOC_{call}`' for call in calls)} take the same structure." \
        if len(calls) > 1 else ""
    semantics, example = SEE[short]
    see = f" See [{header.titles[semantics]}](semantics.md#{semantics}) in semantics.md"
    see += f", and the [example](#{example})." if example else "."
    section.add(*fold(f"`struct {item.name}`, {layout.sizes[short]} bytes.{more}{see}"))
    section.structure(item, wants_errors=True)
    for record in item.records:
        name = record.name.removeprefix("procsrv_")
        section.add(f"#### struct {record.name}")
        section.paragraph(f"{sentence(record.summary)}; {layout.sizes[name]} bytes.")
        section.structure(record)
    for call in calls[1:]:
        section.add(f"### PROCSRV_IOC_{call}")
        section.add(f"See [`PROCSRV_IOC_{calls[0]}`](#procsrv_ioc_{calls[0].lower()}).")
    return section.lines


def describe_calls(header, layout):
    top = Section(header, layout, ["#the-calls"])
    top.paragraph('The magic number is 0xBD. "r" marks a structure that the call reads, "w" one that '
                  'it writes. The sections follow the order of the header.')
    rows = []
    for call, kind, struct in header.calls:
        short = struct.removeprefix("procsrv_")
        rows.append([f"[`PROCSRV_IOC_{call}`](#procsrv_ioc_{call.lower()})",
                     layout.values[f"IOC_{call}"], f"`{struct}`", str(layout.sizes[short]),
                     {"W": "r", "R": "w", "WR": "rw"}[kind]])
    top.table(["ioctl", "number", "structure", "bytes", ""], *rows)
    top.add("Constants that several calls use:")
    top.table(["constant", "value", "meaning"],
              *([f"`{one.name}`", top.value(one.name, bool(re.search("0x|~|_IO", one.code))),
                 top.inline(one.summary)]
                for one in header.constants))
    lines = top.lines
    for item in header.parts:
        if item.kind == "DOC":
            anchor = "#" + item.name.lower().replace(" ", "-")
            section = Section(header, layout, [anchor])
            section.add(f"### {item.name}")
            section.body(item)
            lines += section.lines
        elif any(item.name == struct for *_, struct in header.calls):
            if item.name.removeprefix("procsrv_") not in SEE:
                die(f"SEE has no line for {item.name}")
            lines += describe_call(header, layout, item)
    return lines


def describe_record(header, layout, name):
    section = Section(header, layout, ["#reading-events", "#handles"])
    section.structure(header.structures[name])
    return section.lines


class Layout:
    def __init__(self, text):
        structures, constants = bindings.parse(text)
        self.sizes = {name: size for name, _, size in structures}
        self.values = dict(constants)


def make(page):
    header = Header(HEADER.read_text())
    layout = Layout(bindings.LAYOUT.read_text())

    def fill(match):
        lines = describe_record(header, layout, match[2]) if match[2] else \
            describe_calls(header, layout)
        return match[1] + "\n" + "".join(line + "\n" for line in lines) + match[3]

    if not MARKED.search(page):
        die(f"{PAGE.name} has no place for what is made")
    return MARKED.sub(fill, page)


def main(arguments):
    if arguments not in (["--check"], ["--update"]):
        print(__doc__.rstrip())
        return 0 if arguments in (["-h"], ["--help"]) else 2
    there = PAGE.read_text()
    text = make(there)
    if arguments == ["--update"]:
        PAGE.write_text(text)
        return 0
    sys.stdout.writelines(difflib.unified_diff(
        there.splitlines(True), text.splitlines(True), "docs/abi.md", "made"))
    return int(there != text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
