#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: terminal.py SHELL COMMAND...
#
# Job control in a shell on a pseudo-terminal. COMMAND starts the shell, perhaps below
# procsrv-run. Prints the terminal's text, and fails if something does not appear in it.

import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../tools"))
from run_terminal import Terminal

STOPPED = r"[Ss]topped|suspended"
INTERRUPTED = "status 130\r\n"
JOB = "sh -c 'echo begun; exec sleep 1000'"

# Some shells continue a job after they have given it the terminal: a stop that comes earlier
# is lost.
CONTINUED_S = 1


def stop(terminal, shell, line):
    """Have a job in the foreground, and stop it by ^Z."""
    terminal.type(line + "\n")
    terminal.expect(r"begun\r\n")
    terminal.until_foreground_is_not(shell)
    terminal.type("\x1a")
    terminal.expect(STOPPED)
    terminal.prompt()


def foreground(terminal, shell, key):
    """Continue the job in the foreground, and type a key there."""
    terminal.type("fg\n")
    terminal.until_foreground_is_not(shell)
    time.sleep(CONTINUED_S)
    terminal.type(key)


def one_job(terminal, shell):
    stop(terminal, shell, JOB)
    terminal.command("bg")
    terminal.command("jobs", "(running|Running)")
    foreground(terminal, shell, "\x1a")
    terminal.expect(STOPPED)
    terminal.prompt()
    foreground(terminal, shell, "\x03")
    terminal.prompt()
    terminal.command("echo status $?", INTERRUPTED)


def pipeline(terminal, shell):
    stop(terminal, shell, JOB + " | cat")
    foreground(terminal, shell, "\x03")
    terminal.prompt()
    terminal.command("jobs; echo none", r"\nnone\r\n")


def kill_jobs(terminal, hears_of_continuations):
    terminal.command("sleep 1000 &")
    terminal.command("kill -STOP %1; sleep 1; jobs", STOPPED)
    terminal.command("kill -CONT %1; sleep 1; jobs",
                     "(running|Running)" if hears_of_continuations else STOPPED)
    terminal.command("kill %1; sleep 1; wait", "[Tt]erminated")
    terminal.command("jobs; echo none", r"\nnone\r\n")


def background_read(terminal):
    terminal.command("cat &")
    terminal.command("sleep 1; jobs", STOPPED)
    terminal.command("kill -KILL %1; sleep 1; wait", "[Kk]illed")


def nested(terminal, command):
    terminal.type(" ".join(command) + "\n")
    terminal.prompt()
    terminal.command("echo inner $((1 + 1))", r"inner 2\r\n")
    terminal.type("kill -STOP $$\n")
    terminal.expect(STOPPED)
    terminal.prompt()
    terminal.command("jobs", STOPPED)
    terminal.type("fg\n")
    terminal.prompt()
    terminal.type("sh -c 'echo begun; exec sleep 1000'\n")
    terminal.expect(r"begun\r\n")
    terminal.type("\x03")
    terminal.prompt()
    terminal.type("exit 3\n")
    terminal.prompt()
    terminal.command("echo status $?", r"status 3\r\n")


def disown(terminal):
    terminal.command("sleep 1000 & disown %1")
    terminal.command("jobs; echo none", r"\nnone\r\n")
    terminal.command("kill $!; sleep 1; kill -0 $!; echo status $?", r"status 1\r\n")


def main():
    name, command = sys.argv[1], sys.argv[2:]
    advanced = name in ("bash", "zsh")
    terminal = Terminal(command)
    shell = terminal.prompt()
    one_job(terminal, shell)
    pipeline(terminal, shell)
    kill_jobs(terminal, advanced)
    background_read(terminal)
    # The words before the shell stay outside.
    first = next(i for i, word in enumerate(command) if os.path.basename(word) == name)
    nested(terminal, command[first:])
    if advanced:
        disown(terminal)
    terminal.type("exit 5\n")
    status = terminal.wait()
    # With --compare the status is not that of the shell.
    sys.exit(status if "--compare" in command else status != 5)


main()
