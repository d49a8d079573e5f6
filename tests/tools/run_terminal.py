#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: run_terminal.py outside
#        run_terminal.py inside [OPTION]...
#
# Job control on a pseudo-terminal: ^Z, bg, fg, ^C. outside: of procsrv-run as a job of a shell.
# inside: of a job of a shell that procsrv-run runs, with these options. Prints the terminal's
# text, and fails if something does not appear in it.

import os
import pty
import re
import select
import sys
import time

PROMPT = r"ready> "
SHELL = ["bash", "--norc", "--noprofile", "--noediting", "-i"]
PATIENCE = 30


class Terminal:
    def __init__(self, command):
        self.text = ""
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ["PS1"] = "ready> "
            os.execvp(command[0], command)

    def type(self, text):
        os.write(self.fd, text.encode())

    def expect(self, pattern):
        """Read until the pattern, and drop everything up to its end."""
        deadline = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.text)):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                sys.exit(f"no {pattern!r} in {self.text!r}")
            try:
                data = os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                sys.exit(f"the end, and no {pattern!r} in {self.text!r}")
            sys.stdout.write(data)
            self.text += data
        self.text = self.text[match.end():]

    def command(self, line, pattern=""):
        self.type(line + "\n")
        self.expect(pattern + r"(?s:.*)" + PROMPT)

    def prompt(self):
        self.expect(PROMPT)
        return os.tcgetpgrp(self.fd)

    def until_foreground_is_not(self, group):
        deadline = time.monotonic() + PATIENCE
        while os.tcgetpgrp(self.fd) == group:
            if time.monotonic() > deadline:
                sys.exit("the job does not get the foreground")
            time.sleep(0.05)

    def wait(self):
        """Read to the end, which is an error of the terminal."""
        try:
            while data := os.read(self.fd, 4096):
                sys.stdout.write(data.decode(errors="replace"))
        except OSError:
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def control(terminal, job):
    shell = terminal.prompt()
    terminal.type(job + "\n")
    terminal.expect(r"begun\r\n")
    terminal.until_foreground_is_not(shell)
    terminal.type("\x1a")
    terminal.expect("Stopped")
    terminal.prompt()
    terminal.command("bg")
    terminal.command("jobs", "Running")
    terminal.type("fg\n")
    terminal.until_foreground_is_not(shell)
    terminal.type("\x1a")
    terminal.expect("Stopped")
    terminal.prompt()
    terminal.type("fg\n")
    terminal.until_foreground_is_not(shell)
    terminal.type("\x03")
    terminal.prompt()
    terminal.command("echo status $?", r"status 130\r\n")
    terminal.type("exit 5\n")
    return terminal.wait()


def main():
    job = "sh -c 'echo begun; exec sleep 1000'"
    if sys.argv[1] == "outside":
        status = control(Terminal(SHELL), "procsrv-run " + job)
    else:
        status = control(Terminal(["procsrv-run", *sys.argv[2:], *SHELL]), job)
    # With --compare the status is not that of the shell.
    sys.exit(status if "--compare" in sys.argv else status != 5)


if __name__ == "__main__":
    main()
