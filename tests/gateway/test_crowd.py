"""Fifty clients at once, as the benchmark sends them."""

from __future__ import annotations

import pytest

from scripts import bench_gateway


@pytest.mark.parametrize("engine", ["fixed", "builtin"])
async def test_fifty_clients_lose_no_answer_and_the_limit_is_kept_exactly(engine: str) -> None:
    assert await bench_gateway.crowd(engine) == (0, 0)
