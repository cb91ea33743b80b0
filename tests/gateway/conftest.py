"""Gateways every test here may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gateway import rig, served


@pytest.fixture(scope="module")
def running() -> Iterator[rig.Running]:
    """One gateway for a whole module, knowing no workspace."""
    gateway = rig.start(rig.command())
    yield gateway
    assert rig.stop(gateway) == 0


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test that fails half-way leaves no gateway behind to disturb the next."""
    before = list(rig.alive)
    yield
    for gateway in [one for one in rig.alive if one not in before]:
        rig.stop(gateway)


@pytest.fixture(scope="module")
def tiny() -> Iterator[served.Served]:
    """A model that can fill gaps and says noise."""
    with served.running(served.TINY) as model:
        yield model


@pytest.fixture(scope="module")
def small() -> Iterator[served.Served]:
    """A model that was trained, to talk; not to fill gaps."""
    with served.running(served.SMALL, context=2048) as model:
        yield model
