#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Alter the answers of waits in a recording, one at a time.

mutate.py RECORDING DIRECTORY [STEP] writes one copy of RECORDING for each alteration of
each STEP-th wait that returned something certain: another status, another pid, another
error, an answer that is missing, one that is given twice. The name of each copy tells
which it is: KIND-LINE.strace. All of them are wrong: no Linux answers so.
"""
import re
import sys

WAIT = re.compile(r"(wait4\(|waitid\(|<\.\.\. wait(?:4|id) resumed>)")
STATUS = re.compile(r"\[\{WIF(EXITED|SIGNALED|STOPPED|CONTINUED)\(s\)[^]]*\}\]")
ANSWER = re.compile(r"\) += (-?\d+)(.*)$")
CODE = re.compile(r"WEXITSTATUS\(s\) == (\d+)|si_status=(\d+)")
TERMSIG = re.compile(r"(WTERMSIG\(s\) == |CLD_KILLED, si_pid=\d+, si_uid=\d+, si_status=)SIG(\w+)")
PID = re.compile(r"^(?:\[pid +)?(\d+)")


def with_answer(line, answer):
    return ANSWER.sub(lambda m: ") = " + answer, line)


def other_signal(match):
    return match[1] + ("SIGQUIT" if match[2] != "QUIT" else "SIGHUP")


def other_code(match):
    old = match[1] or match[2]
    return match[0][:len(match[0]) - len(old)] + str((int(old) + 1) % 256)


def alterations(line, pid, others):
    """Each way to make the answer in a line wrong: its name, and the lines instead."""
    status = STATUS.search(line)
    siginfo = "si_code=CLD_" in line
    answer = ANSWER.search(line)
    if not answer or answer[1] == "-1" and "ECHILD" not in answer[2]:
        return
    if answer[1] == "-1":
        if "WNOHANG" in line:
            yield "nothing-yet", [with_answer(line, "0")]
        return
    if not status and not siginfo:
        return
    yield "echild", [with_answer(STATUS.sub("0x7ffe00", line) if status else
                                 re.sub(r"\{si_.*?\}", "0x7ffe00", line),
                                 "-1 ECHILD (No child processes)")]
    for other in others:
        if status:
            yield "pid", [with_answer(line, other)]
        else:
            yield "pid", [re.sub(r"si_pid=\d+", "si_pid=" + other, line)]
    if status and status[1] == "EXITED" or "CLD_EXITED" in line:
        yield "code", [CODE.sub(other_code, line, count=1)]
        if status:
            yield "killed", [STATUS.sub("[{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}]",
                                        line)]
            yield "stopped", [STATUS.sub("[{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}]",
                                         line)]
    elif TERMSIG.search(line):
        yield "signal", [TERMSIG.sub(other_signal, line)]
    if status and status[1] != "EXITED":
        yield "exited", [STATUS.sub("[{WIFEXITED(s) && WEXITSTATUS(s) == 77}]", line)]
    if "WNOWAIT" in line:
        return
    if "resumed>" not in line:
        yield "missing", []
        yield "twice", [line, line]
    else:
        option = "__WALL" if status and status[1] in ("EXITED", "SIGNALED") else None
        if option and pid:
            again = re.sub(r"^(.*?)<\.\.\. wait4 resumed>", r"\1wait4(-1, ", line)
            yield "twice", [line, again]


def main():
    path, directory = sys.argv[1:3]
    step = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with open(path, encoding="latin-1") as f:
        lines = f.read().splitlines()
    pids = sorted({m[1] for m in map(PID.search, lines) if m}, key=int)
    waits = [i for i, line in enumerate(lines)
             if WAIT.search(line) and ANSWER.search(line)]
    for i in waits[::step]:
        answer = ANSWER.search(lines[i])[1]
        said = re.search(r"si_pid=(\d+)", lines[i])
        child = said[1] if said else answer
        me = PID.search(lines[i])
        others = [p for p in pids if p not in (child, me and me[1])]
        others = others[i % len(others):][:1] if others else []
        for n, (kind, instead) in enumerate(alterations(lines[i], me, others)):
            name = f"{directory}/{kind}-{i + 1}-{n}.strace"
            with open(name, "w", encoding="latin-1") as f:
                f.write("\n".join(lines[:i] + instead + lines[i + 1:]) + "\n")


if __name__ == "__main__":
    main()
