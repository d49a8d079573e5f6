#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# usage: curves.py MEASUREMENTS PEER OPERATION
#
# Prints data and plot commands for gnuplot: an operation of the model by the number of live
# processes, beside that of the peer.

import sys

from report import OPERATIONS, SHAPES, Measurements, Peer


def curve(name, rows, style):
    """A block of data, and how to plot it: a line with the spread of the rounds."""
    print(f"${name} << END")
    for row in rows:
        print(*row)
    print("END")
    return f"${name} using 1:2:3:4 with yerrorlines title \"{style}\""


def main():
    data = Measurements(sys.argv[1])
    peer = Peer(sys.argv[2])
    operation = sys.argv[3]
    plots = []
    for shape in SHAPES:
        rows = [data.one("model", operation, what=shape, live=live) for live in data.sizes()]
        plots.append(curve(shape, [(row["live"], row["median"], row["min"], row["max"])
                                   for row in rows if row], f"procsrv, {shape}"))
    theirs = peer.values.get(dict(OPERATIONS)[operation], {})
    if theirs:
        plots.append(curve("peer", [(live, value, value, value)
                                    for live, value in theirs.items()], peer.name))
    print("plot " + ", ".join(plots))


if __name__ == "__main__":
    sys.exit(main())
