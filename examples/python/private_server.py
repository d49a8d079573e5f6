# SPDX-License-Identifier: GPL-2.0-only
"""A fixture for pytest: a private server for each test, so tests do not influence each other.

    cd examples/python && pytest -p private_server
"""

from typing import Iterator

import pytest

import procsrv


@pytest.fixture
def server() -> Iterator[procsrv.Server]:
    with procsrv.Server.private() as private:
        yield private
