"""Sessions that have said their hello, and clients that say what they like."""

from collections.abc import Callable, Iterator

import pytest

from protocol.raw_client import DUO, RIG, RawClient
from protocol.wire_session import Wire

Start = Callable[..., RawClient]


@pytest.fixture
async def wire() -> Wire:
    wire = Wire()
    await wire.initialize()
    return wire


@pytest.fixture
def start(environment: dict[str, str]) -> Iterator[Start]:
    """Starts server processes, which end with the test."""
    started: list[RawClient] = []

    def start(*command: str, **options: bool) -> RawClient:
        started.append(RawClient(command or DUO, environment, **options))
        return started[-1]

    yield start
    for client in started:
        client.end()


@pytest.fixture
def duo(start: Start) -> RawClient:
    """The real server, no hello said."""
    return start()


@pytest.fixture
def client(duo: RawClient) -> RawClient:
    """The real server after initialize."""
    duo.initialize()
    duo.load()
    return duo


@pytest.fixture
def rig(start: Start) -> RawClient:
    """The server that misbehaves on demand, after initialize."""
    rig = start(*RIG)
    rig.initialize()
    return rig


@pytest.fixture
def slow(rig: RawClient) -> tuple[RawClient, int]:
    """A server with a request of a minute under way, and that request's id."""
    id_ = rig.command("rig.slow")
    rig.logged("slow begins")
    return rig, id_
