#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: report.py MEASUREMENTS [PEER]
#
# Prints what scripts/bench.sh has measured as tables, then each target with what was
# measured and whether it is met. PEER is a file like veridian.json. The exit status is 0
# if every target is met, 1 if one is not or was not measured.

import json
import sys

SHAPES = ("family", "chain")
OPERATIONS = (
    # ours, by how the peer calls it
    ("create, from none", "create"),
    ("create", None),
    ("create+terminate+wait", "create+terminate+wait"),
    ("create+terminate+wait, any parent", None),
    ("create+terminate+wait, sleepers", None),
    ("create+terminate+wait, 64 at a time", None),
    ("look-up", "look-up"),
    ("update", None),
    ("stop+continue", None),
    ("signal+take, takers", None),
    ("signal to a group", None),
    ("statistics", "statistics"),
    ("list", "list"),
)


class Measurements:
    """What is in a file of JSON objects, one a line."""

    def __init__(self, path):
        self.about = {}
        self.rows = []
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["test"] == "about":
                    self.about = row
                else:
                    self.rows.append(row)

    def all(self, part, test, **fields):
        return [row for row in self.rows
                if row.get("part") == part and row["test"] == test
                and all(row.get(key) == value for key, value in fields.items())]

    def one(self, part, test, **fields):
        found = self.all(part, test, **fields)
        return found[0] if found else None

    def median(self, part, test, **fields):
        row = self.one(part, test, **fields)
        return row["median"] if row else None

    def sizes(self):
        return sorted({row["live"] for row in self.all("model", "look-up")})


class Peer:
    """What something else was measured to take, in nanoseconds."""

    def __init__(self, path):
        self.name = "peer"
        self.values = {}
        if path:
            with open(path, encoding="utf-8") as file:
                data = json.load(file)
            self.name = data["name"]
            self.values = data["values"]

    def value(self, operation, live):
        return self.values.get(operation, {}).get(str(live))


def time(ns):
    """Nanoseconds, with three digits that count."""
    if ns is None:
        return "-"
    for unit in ("ns", "us", "ms"):
        if ns < 1000:
            break
        ns /= 1000
    else:
        unit = "s"
    return f"{ns:.3g} {unit}" if ns < 1000 else f"{ns:.0f} {unit}"


def number(value):
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def times(value):
    """A ratio, with three digits that count and without an exponent."""
    value = float(f"{value:.3g}")
    return f"{value:,.0f} x" if value >= 100 else f"{value:.3g} x"


def value_of(row):
    return time(row["median"]) if row["unit"] == "ns" else number(row["median"])


def spread(row):
    """How far the fastest round and the slowest are from the median."""
    if not row or not row["median"]:
        return ""
    low = 100 * (row["min"] / row["median"] - 1)
    high = 100 * (row["max"] / row["median"] - 1)
    return f"{low:+.0f}% {high:+.0f}%"


def cell(row):
    return f"{value_of(row)} ({spread(row)})" if row else "-"


def table(title, head, lines):
    """The first column is flushed left, the others right."""
    if not lines:
        return
    rows = [head] + lines
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    print(f"\n{title}\n")
    for row in rows:
        print("  " + row[0].ljust(widths[0]) + "".join(
            "   " + text.rjust(width) for text, width in zip(row[1:], widths[1:])))


def print_growth(data, peer, part):
    sizes = sorted({row["live"] for row in data.all(part, "look-up")})
    lines = []
    for operation, theirs in OPERATIONS:
        for shape in SHAPES:
            rows = [data.one(part, operation, what=shape, live=live) for live in sizes]
            if not any(rows):
                continue
            lines.append([f"{operation}, {shape}"] + [cell(row) for row in rows])
        values = [peer.value(theirs, live) for live in sizes] if part == "model" else []
        if not any(values):
            continue
        lines.append([f"  {peer.name}"] + [time(value) for value in values])
        ours = [data.median(part, operation, what="family", live=live) for live in sizes]
        lines.append(["  times as long as family"] + [
            times(b / a) if a and b else "-" for a, b in zip(ours, values)])
    unit = "time" if part == "model" else "instructions"
    table(f"The model: {unit}, by live processes (spread of the rounds). A signal is by "
          "member, a list by process.",
          ["operation, shape"] + [f"{live:,}" for live in sizes], lines)


def print_rest(data):
    lines = [[f"{row['test']}: {row['what']}", f"{row['live']:,}",
              cell(row) if row["unit"] == "ns" else
              f"{number(row['median'])} {row['unit']} ({spread(row)})"]
             for row in data.rows if row["part"] == "model" and "median" in row
             and row["what"] not in SHAPES and row["test"] != "duration"]
    table("Calls to many processes, readers and a writer, memory", ["what", "live", "median"],
          lines)


def print_waits(data):
    lines = []
    for row in data.rows:
        if row["test"] not in ("beside", "list page"):
            continue
        duration = data.median(row["part"], "duration", what=row["what"])
        if row["unit"] != "ns":
            continue
        lines.append([f"{row['by']}, beside: {row['what']}" if row["test"] == "beside" else
                      f"{row['by']}, {row['what']} of {row['live']:,}",
                      time(duration), f"{row['n']:,}"] +
                     [time(row[key]) if row["n"] else "-"
                      for key in ("p50", "p99", "p99.9", "p99.99", "max")])
    table("How long a call takes while another processor does something big. An update takes "
          "the lock\nfor writing: the longest bounds the holds of all tasks. And a page of a "
          "list, which is one\nhold, beside a loop of nothing that is as long.",
          ["what", "duration", "calls", "50%", "99%", "99.9%", "99.99%", "longest"], lines)


def print_calls(data):
    lines = []
    for row in data.all("syscalls", "ioctl"):
        nothing = data.one("syscalls", "ioctl that does nothing", what=row["what"])
        lines.append([row["what"], number(row["median"]),
                      number(nothing["median"]) if nothing else "-",
                      f"{row['median'] / nothing['median']:.2f} x" if nothing else "-"])
    table("Calls of the server, in instructions, and an ioctl that copies as much and does "
          "nothing", ["call", "instructions", "nothing", "ratio"], lines)
    lines = [[f"{row['test']}: {row['what']}", number(row["median"]), spread(row)]
             for row in data.rows if row["part"] == "syscalls" and row["test"] in
             ("Linux", "ps, by process", "batch of 64")]
    table("Beside it, in instructions", ["what", "instructions", "spread"], lines)


STARTS = ("fork+_exit+waitpid", "vfork+exec+waitpid", "getpid")
HOWS = ("natively", "on the server", "strace")


def of_run(data, test, kind, how):
    return data.median("run", test, what=f"{kind}, {how}")


def print_run(data):
    lines = []
    for test in STARTS:
        for kind in ("static", "dynamic"):
            values = [of_run(data, test, kind, how) for how in HOWS]
            if any(values):
                lines.append([f"{test}, {kind}"] + [number(value) for value in values] + [
                    times(ratio(value, values[0])) if ratio(value, values[0]) else "-"
                    for value in values[1:]])
    table("Programs under procsrv-run, in instructions", ["what", *HOWS, "server", "strace"],
          lines)
    lines = [[how, time(data.median("run", "make -j4", what=how))] for how in HOWS
             if data.one("run", "make -j4", what=how)]
    table("make -j4 of lib/, on one emulated processor", ["how", "time of the processor"], lines)


class Targets:
    """What was aimed at, and what came of it."""

    def __init__(self):
        self.lines = []
        self.missed = 0

    def add(self, what, target, value, met, verdict=None):
        verdict = verdict or ("yes" if met else "no")
        if value is None:
            value, verdict, met = "-", "not measured", False
        self.missed += not met
        self.lines.append([what, target, value, verdict])

    def at_most(self, what, value, limit, show=number, target=None):
        self.add(what, target or f"<= {show(limit)}", None if value is None else show(value),
                 value is not None and value <= limit)

    def at_most_beside(self, what, value, limit, machine):
        """The machine interrupts this as it interrupts a loop that does nothing, so that is
        added to the limit. If it is much more than the limit there is no verdict."""
        met, verdict = False, None
        if value is not None:
            met = value <= limit + machine and machine <= 10 * limit
            if machine > 10 * limit:
                verdict = "machine too busy"
        self.add(what, f"<= {time(limit)} + machine: {time(limit + machine)}",
                 None if value is None else time(value), met, verdict)

    def at_least(self, what, value, limit, show=times):
        self.add(what, f">= {limit:,} x", None if value is None else show(value),
                 value is not None and value >= limit)

    def show(self):
        table("The targets", ["what", "target", "measured", "met"], self.lines)
        print(f"\n{len(self.lines) - self.missed} of {len(self.lines)} are met")


def ratio(a, b):
    return a / b if a is not None and b else None


def worst(values):
    values = list(values)
    return None if not values or None in values else max(values)


def growth_targets(t, data, peer):
    cycle = "create+terminate+wait"
    median = lambda test, live, shape="family": data.median("model", test, what=shape, live=live)
    for live, limit in ((100, 2), (10000, 100), (1000000, 30000)):
        t.at_least(f"{cycle} at {live:,}: faster than {peer.name}",
                   ratio(peer.value(cycle, live), median(cycle, live)), limit)
    for shape in SHAPES:
        t.at_most(f"{cycle} at 1,000,000: to itself at 1,000, {shape}",
                  ratio(median(cycle, 1000000, shape), median(cycle, 1000, shape)), 2,
                  times)
    sizes = (100, 1000, 10000, 100000, 1000000)
    for live in sizes:
        t.at_most(f"look-up at {live:,}: to {peer.name}", ratio(
            worst(median("look-up", live, shape) for shape in SHAPES),
            peer.value("look-up", live)), 0.5, times)
    for operation, limit in (("statistics", 200), ("list", 80)):
        t.at_most(f"{operation}, at the worst size", worst(
            median(operation, live, shape) for live in sizes for shape in SHAPES), limit, time,
            f"< {limit} ns")


def readers_targets(t, data):
    for what, limit in (("two readers", 1.9), ("two readers and a writer", 1.7)):
        t.at_least(f"{what}, to one reader",
                   data.median("model", "look-ups, to one reader", what=what), limit)


def waits_targets(t, data):
    key = "p99.99"
    for shape in SHAPES:
        pages = data.all("model", "list page", what=shape)
        page = max((row for row in pages if row["by"] == "procsrv_list"),
                   key=lambda row: row["live"], default=None)
        loop = page and data.one("model", "list page", what=shape, live=page["live"],
                                 by="a loop for as long")
        t.at_most_beside(f"lock held for a page of a list, 99.99%, {shape}", page and page[key],
                         20000, loop[key] - loop["p50"] if loop else 0)
    rows = data.all("model", "beside", by="look-up")
    quiet = [row for row in rows if row["what"] in ("nothing", "a busy processor")]
    machine = max((row[key] for row in quiet), default=0)
    for row in rows:
        if row not in quiet:
            t.at_most_beside(f"look-up beside: {row['what']}, 99.99%",
                             row[key] if row["n"] else None, 100000, machine)
    if not rows:
        t.add("look-up beside something big, 99.99%", "<= 100 us", None, False)


def rest_targets(t, data):
    cycle = "create+terminate+wait"
    call = lambda test, what: data.median("syscalls", test, what=what)
    t.at_most("memory by process, without strings, bytes",
              data.median("model", "memory, by process", what="all"), 448)
    t.at_least(f"fork+_exit+waitpid, to {cycle} as ioctls",
               ratio(call("Linux", "fork+_exit+waitpid"), call("ioctl", cycle)), 25)
    t.at_most("info, to an ioctl that copies as much",
              ratio(call("ioctl", "info"), call("ioctl that does nothing", "info")), 1.4,
              times)
    t.at_least("reading /proc as ps(1) does, to PROCSRV_IOC_LIST",
               ratio(call("ps, by process", "reading /proc as ps(1)"),
                     call("ps, by process", "PROCSRV_IOC_LIST")), 100)
    t.at_most("batch of 64, to the model alone",
              ratio(call("batch of 64", cycle),
                    data.median("syscalls", cycle + ", 64 at a time", what="family",
                                live=1000)), 1.3,
              times)


def run_targets(t, data):
    for test, limit in zip(STARTS, (1.4, 1.4, 1.6)):
        for kind in ("static", "dynamic"):
            t.at_most(f"{test} on the server, {kind}: to itself natively",
                      ratio(of_run(data, test, kind, "on the server"),
                            of_run(data, test, kind, "natively")), limit,
                      times)


def main():
    if len(sys.argv) not in (2, 3):
        print("usage: report.py MEASUREMENTS [PEER]", file=sys.stderr)
        return 2
    data = Measurements(sys.argv[1])
    peer = Peer(sys.argv[2] if len(sys.argv) > 2 else None)
    about = data.about
    print(f"procsrv {about.get('commit')}, {about.get('date')}, {about.get('processors')} x "
          f"{about.get('cpu')}, load {about.get('load')} before")
    print_growth(data, peer, "model")
    print_rest(data)
    print_waits(data)
    print_growth(data, peer, "syscalls")
    print_calls(data)
    print_run(data)
    targets = Targets()
    growth_targets(targets, data, peer)
    readers_targets(targets, data)
    waits_targets(targets, data)
    rest_targets(targets, data)
    run_targets(targets, data)
    targets.show()
    return 1 if targets.missed else 0


if __name__ == "__main__":
    sys.exit(main())
