#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The new parents of children whose parent exits, with a reaper above them and without.

    python3 examples/python/orphans.py
"""

import procsrv


def experiment(server: procsrv.Server, with_reaper: bool) -> None:
    grandparent = server.init.create("grandparent")
    grandparent.set_reaper(with_reaper)
    parent = grandparent.create("parent")
    alive, dead = parent.create("alive"), parent.create("dead")
    dead.exit(7)
    parent.exit()
    for child in (alive, dead):
        info = child.info()
        above = server.process(info.ppid).info().name
        orphan = " on the orphan list" if procsrv.InfoFlag.ORPHAN in info.flags else ""
        print(f"  {info.name} is {info.state.name}, a child of {above}{orphan}")
    if with_reaper:
        print(f"  the reaper waits: {grandparent.wait(dead.pid)}")
    else:
        print(f"  init does not wait: reap() reaps {server.reap()}")


if __name__ == "__main__":
    for reaper in (False, True):
        print("with a reaper:" if reaper else "without a reaper:")
        with procsrv.Server.private() as private:
            experiment(private, reaper)
