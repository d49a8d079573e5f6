#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A supervisor: restarts a service when it has ended, a few times.

    python3 examples/python/supervisor.py [SERVICE]...
"""

import sys
import threading

import procsrv


def supervise(server: procsrv.Server, names: list[str], attempts: int = 3) -> None:
    supervisor = server.init.create("supervisor")
    supervisor.set_reaper()     # orphans of the services become its children
    left = dict.fromkeys(names, attempts - 1)
    running = {supervisor.create(name).pid: name for name in names}
    while running:
        report = supervisor.wait()      # sleeps until a child has ended
        name = running.pop(report.pid)
        print(f"{name}: {report}")
        if left[name]:
            left[name] -= 1
            running[supervisor.create(name).pid] = name
    supervisor.exit()


def crash(server: procsrv.Server, creations: procsrv.Events) -> None:
    """Simulates crashes: kills each service that is created."""
    for event in creations:
        if event.other != server.init.pid:
            server.process(event.pid).kill()


if __name__ == "__main__":
    with procsrv.Server.private() as private:
        created = private.events([procsrv.EventKind.CREATE])
        threading.Thread(target=crash, args=(private, created), daemon=True).start()
        supervise(private, sys.argv[1:] or ["cron", "sshd"])
