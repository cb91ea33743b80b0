"""The gateway's description of itself, and that it is true: whatever it allows, and much that it does not, is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.specs.openapi import checks

from duo_lsp.gateway import described
from gateway import rig
from gateway.rig import MadeUp, Running

EXAMPLES = 5
"""Requests of each kind for each route."""
SCHEMA = schemathesis.openapi.from_dict(json.loads(described.document()))
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
AS_DESCRIBED, OTHERWISE = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
ASKED = [
    *((one, AS_DESCRIBED) for one in described.OPERATIONS),
    *((one, OTHERWISE) for one in described.OPERATIONS if one.token or one.body),
]
"""What takes nothing at all cannot be asked otherwise."""


@pytest.fixture(scope="module")
def asked() -> Iterator[Running]:
    """A gateway that is asked whatever comes to mind."""
    gateway = rig.start(rig.command())
    yield gateway
    assert rig.stop(gateway) == 0


@pytest.mark.parametrize(("route", "mode"), ASKED, ids=lambda one: getattr(one, "path", one))
def test_whatever_is_asked_the_answer_is_as_described(
    asked: Running, route: described.Operation, mode: schemathesis.GenerationMode
) -> None:
    accepted = [checks.positive_data_acceptance] if mode is AS_DESCRIBED else []
    operation = SCHEMA[route.path][route.method.upper()]

    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=list(hypothesis.HealthCheck), database=None
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        headers = {"PRIVATE-TOKEN": rig.TOKEN}
        case.call_and_validate(base_url=asked.url, headers=headers, checks=accepted + CHECKS, timeout=30)

    ask()


async def test_every_route_is_described_and_every_described_one_is_there() -> None:
    async with rig.client(MadeUp(), metrics=lambda: (b"", "text/plain")) as client:
        for one in described.OPERATIONS:
            other = "POST" if one.method == "get" else "GET"
            assert one.method.upper() in (await client.request(other, one.path)).headers["allow"]
        document = (await client.get("/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {one.path for one in described.OPERATIONS}
