#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: links.py

Checks what the Markdown files and man pages of the repository refer to: that relative links
lead to files that git has, anchors to headings, names of files and of functions of this
project in code spans to those, and references to manual pages of this project to pages. Links to other hosts are not followed.
Prints a line for each that leads nowhere, and fails if there is one.
"""

import os
import re
import subprocess
import sys

LINK = re.compile(r"!?\[(?:[^][]|\[[^][]*\])*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
REFERENCE = re.compile(r"^\s{0,3}\[[^]]+\]:\s+<?(\S+?)>?(?:\s|$)", re.M)
HTML = re.compile(r"<(?:img|a)\b[^>]*?\b(?:src|href)=\"([^\"]+)\"")
SPAN = re.compile(r"(`+)(.+?)\1", re.S)
FENCE = re.compile(r"^(\s*)(```+|~~~+).*?^\s*\2\s*$", re.S | re.M)
HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$", re.M)
# A file of the tree, in a code span: a path, or a name of our own with a suffix.
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?")
NAME = re.compile(r"(?:procsrv\w*|[\w-]+)\.(?:c|h|sh|bats|md|py|awk|conf|bt|config)")
FUNCTION = re.compile(r"procsrv_\w+(?=\(\))")
PAGE = re.compile(r"\b((?:lib)?procsrv[\w-]*)\((\d)\)")
# What is made later: by a build, or once the fuzzer has found something.
MADE = re.compile(r"(build|fuzz/regressions)(/|$)|.*\.ko$")
# A word in capitals stands for another, as in NAME.config.
PLACEHOLDER = re.compile(r"(^|/)[A-Z]{2,}\.")


def tracked():
    """The files of the tree, as git has or would take them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return {os.fsdecode(n) for n in names.split(b"\0") if n and os.path.lexists(n)}


def made_pages():
    """The pages that a build makes of the header of the library."""
    command = ["lib/manual.py", "--list", "lib/procsrv.h"]
    return set(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split())


def slugs(text):
    """The anchors of the headings of a file, as GitHub makes them."""
    found = {}
    for match in HEADING.finditer(FENCE.sub("", text)):
        title = re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", match.group(2))
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        count = found.get(slug, -1) + 1
        found[slug] = count
        if count:
            found[f"{slug}-{count}"] = 0
    return set(found)


class Tree:
    """The files, and what was found to lead nowhere."""

    def __init__(self):
        self.files = tracked()
        self.folders = {""}
        for name in self.files:
            while (name := os.path.dirname(name)):
                self.folders.add(name)
        self.top = {name.split("/")[0] for name in self.folders if name}
        self.names = {os.path.basename(name) for name in self.files}
        self.pages = {name for name in self.names if re.search(r"\.[1-9]$", name)}
        self.words = self.words_of_sources()
        self.pages |= made_pages()
        self.anchors = {}
        self.findings = []

    def words_of_sources(self):
        sources = (self.read(name) for name in self.files if name.endswith((".c", ".h")))
        return set().union(*(re.findall(r"\bprocsrv_\w+", text) for text in sources))

    def read(self, name):
        with open(name, encoding="utf-8") as file:
            return file.read()

    def has(self, path):
        return path in self.files or path in self.folders

    def has_name(self, name):
        return bool(PLACEHOLDER.search(name)) or name in self.names

    def has_anchor(self, path, anchor):
        if path not in self.anchors:
            self.anchors[path] = slugs(self.read(path)) if path.endswith(".md") else set()
        return anchor in self.anchors[path]

    def complain(self, name, what):
        self.findings.append(f"{name}: {what}")

    def check_target(self, name, target):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            return
        path, _, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
        path = "" if path == "." else path
        if not self.has(path):
            self.complain(name, f"the link {target} leads to no file")
        elif anchor and not self.has_anchor(path, anchor):
            self.complain(name, f"the link {target} leads to no heading")

    def check_span(self, name, span):
        """A path from the top of the tree, or from the folder of the file."""
        if PATH.fullmatch(span):
            path = os.path.normpath(span)
            here = os.path.normpath(os.path.join(os.path.dirname(name), span))
            known = path.split("/")[0] in self.top
            later = MADE.match(path) or PLACEHOLDER.search(path)
            if known and not later and not (self.has(path) or self.has(here)):
                self.complain(name, f"there is no {span}")
        elif NAME.fullmatch(span) and not self.has_name(span):
            self.complain(name, f"no file is called {span}")
        elif (function := FUNCTION.match(span)) and function.group() not in self.words:
            self.complain(name, f"there is no function {span}")

    def check_pages(self, name, text):
        for match in PAGE.finditer(text):
            if f"{match.group(1)}.{match.group(2)}" not in self.pages:
                self.complain(name, f"there is no manual page {match.group(0)}")

    def check_markdown(self, name):
        text = self.read(name)
        self.check_pages(name, text)
        prose = FENCE.sub("", text)
        for match in SPAN.finditer(prose):
            self.check_span(name, match.group(2).strip())
        prose = re.sub(r"^(?: {4}|\t).*$", "", prose, flags=re.M)
        # A code span may be a link's text.
        prose = SPAN.sub("x", prose)
        for pattern in (LINK, REFERENCE, HTML):
            for match in pattern.finditer(prose):
                self.check_target(name, match.group(1))

    def check_manual(self, name):
        text = self.read(name)
        self.check_pages(name, re.sub(r"^\.Xr (\S+) (\d).*$", r"\1(\2)", text, flags=re.M))


def main():
    if len(sys.argv) > 1:
        print(__doc__.strip())
        return 0 if sys.argv[1] in ("-h", "--help") else 2
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
    tree = Tree()
    for name in sorted(tree.files):
        if name.endswith(".md"):
            tree.check_markdown(name)
        elif os.path.basename(name) in tree.pages:
            tree.check_manual(name)
    print("\n".join(tree.findings), end="\n" if tree.findings else "")
    return 1 if tree.findings else 0


sys.exit(main())
