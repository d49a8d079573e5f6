# SPDX-License-Identifier: GPL-2.0-only
"""Tests that use the fixture of private_server.py."""

import pytest

import procsrv


def test_a_server_has_init_alone(server: procsrv.Server) -> None:
    assert list(server.pids()) == [1]


def test_a_pipeline_is_a_group(server: procsrv.Server) -> None:
    shell = server.init.create("shell")
    cat, sort = shell.create("cat"), shell.create("sort")
    pgid = cat.create_group(caller=shell)
    sort.set_group(pgid, caller=shell)
    assert server.signal_group(pgid, procsrv.SIGKILL) == 2
    assert [shell.wait(pgid=pgid).pid, shell.wait(pgid=pgid).pid] == [cat.pid, sort.pid]


def test_a_group_cannot_be_joined_after_exec(server: procsrv.Server) -> None:
    shell = server.init.create("shell")
    child = shell.create("child")
    child.exec("true", ["true"])
    with pytest.raises(procsrv.NotPermitted, match="has called exec"):
        child.create_group(caller=shell)
