"""A session that has said its hello."""

import pytest

from protocol.wire_session import Wire


@pytest.fixture
async def wire() -> Wire:
    wire = Wire()
    await wire.initialize()
    return wire
