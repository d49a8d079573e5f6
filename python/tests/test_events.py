# SPDX-License-Identifier: GPL-2.0-only
"""Events and handles, with asyncio and without."""

import asyncio
import itertools
import threading

import pytest

import procsrv
from procsrv import EventKind, Server


def test_events_are_iterated(server: Server) -> None:
    with server.events() as events:
        child = server.init.create("child")
        child.signal(10)
        child.exit(3)
        found = list(itertools.islice(events, 3))
    assert [event.kind for event in found] == [
        EventKind.CREATE, EventKind.SIGNAL, EventKind.EXIT]
    assert [event.pid for event in found] == [child.pid] * 3
    assert found[1].signo == 10 and found[2].code == 3
    assert found[0].seq == events.seq + 1


def test_events_are_chosen(server: Server) -> None:
    parent, other = server.init.create("parent"), server.init.create("other")
    with server.events([EventKind.EXIT], process=parent, subtree=True) as events:
        child = parent.create("child")
        other.exit()
        child.exit()
        parent.exit()
        assert [event.pid for event in events.read()] == [child.pid, parent.pid]
        assert events.read(timeout=0) == []


def test_each_reader_has_its_own_events(server: Server) -> None:
    with server.events() as one, server.events() as two:
        server.init.create("child")
        assert one.read() == two.read() != []


def test_a_reader_sleeps_until_there_is_an_event(server: Server) -> None:
    with server.events() as events:
        later = threading.Timer(0.2, server.init.create, ["child"])
        later.start()
        assert next(events).kind is EventKind.CREATE
        later.join()


def test_events_end_with_the_server() -> None:
    server = Server.private()
    child = server.init.create("child")
    events = server.events([EventKind.EXIT])
    server.close()
    assert [event.pid for event in events.read(timeout=60)] == [child.pid]
    assert not events.ended
    assert events.read(timeout=60) == [] and events.ended
    assert list(events) == []

    async def rest() -> list[procsrv.Event]:
        return [event async for event in events]

    assert asyncio.run(rest()) == []
    events.close()


def test_lost_events(server: Server) -> None:
    child = server.init.create("child")
    with server.events(capacity=4) as events:
        for _ in range(10):
            child.signal(10)
        found = events.read()
    assert found[0].kind is EventKind.LOST
    assert found[0].value + len(found) - 1 == 10


def test_events_of_the_device() -> None:
    with Server() as device, device.events([EventKind.EXIT]) as events:
        with Server.private() as private:
            private.init.create("elsewhere").exit()
        child = device.init.create("child")
        child.exit(9)
        assert [event.pid for event in events.read()] == [child.pid]
        device.init.wait(child.pid)


def test_what_cannot_be_subscribed_to(server: Server) -> None:
    with pytest.raises(procsrv.NoSuchProcess, match="there is no process 99"):
        server.events(process=server.process(99))
    with pytest.raises(procsrv.Invalid, match="the capacity is at most 65536 events, not 1048576"):
        server.events(capacity=1 << 20)
    with pytest.raises(ValueError, match="no kinds of events"):
        server.events([])


def test_a_handle(server: Server) -> None:
    child = server.init.create("child")
    with child.open() as handle:
        assert handle.poll() is None
        with pytest.raises(procsrv.TimedOut) as late:
            handle.wait(timeout=0.1)
        assert str(late.value) == f"process {child.pid} did not exit in time (ETIMEDOUT)"
        threading.Timer(0.2, child.exit, [5]).start()
        ended = handle.wait(timeout=600)
        assert (ended.pid, ended.exit_code, ended.reaped) == (child.pid, 5, False)
        server.init.wait(child.pid)
        again = handle.poll()
        assert again is not None and again.reaped
        assert str(again) == f"{child.pid} exited with code 5"


def test_a_handle_of_no_process(server: Server) -> None:
    with pytest.raises(procsrv.NoSuchProcess):
        server.process(99).open()


def test_asyncio(server: Server) -> None:
    async def kinds(events: procsrv.Events, count: int) -> list[EventKind]:
        found: list[EventKind] = []
        async for event in events:
            found.append(event.kind)
            if len(found) == count:
                break
        return found

    async def main() -> None:
        first, second = server.init.create("first"), server.init.create("second")
        with first.open() as one, second.open() as two, server.events() as events:
            reader = asyncio.create_task(kinds(events, 2))
            waiters = [asyncio.create_task(handle.ended()) for handle in (one, two)]
            await asyncio.sleep(0)
            second.exit(2)
            first.kill()
            ends = await asyncio.gather(*waiters)
            assert [end.exit_code for end in ends] == [-9, 2]
            assert await reader == [EventKind.EXIT, EventKind.SIGNAL]

    asyncio.run(main())


def test_asyncio_has_timeouts(server: Server) -> None:
    async def main() -> None:
        child = server.init.create("child")
        with child.open() as handle:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(handle.ended(), 0.1)
            child.exit()
            assert (await handle.ended()).exit_code == 0

    asyncio.run(main())
