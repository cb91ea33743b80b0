"""What `scripts/bench typing` types into: real servers, ours and a naive one, which answer every question."""

from __future__ import annotations

import pytest

from scripts.replay import live, live_rows, models, scenes, servers

KEYS = 12


@pytest.fixture
def twelve(monkeypatch):
    """The first keys, soon after the start."""
    first = scenes.forty(0.08)[:KEYS]
    monkeypatch.setattr(live, "SETTLED", 0.5)
    monkeypatch.setattr(scenes, "forty", lambda _: first)
    return models.always(scenes.FORTY, 0.02)


async def test_our_server_answers_every_question_with_one_request(twelve):
    typed = await live_rows.typed(servers.OURS, twelve, 0.08)
    assert len(typed.requests) == KEYS
    assert all(request.reply for request in typed.requests)
    assert 1 <= typed.asked <= 2
    assert typed.requests[-1].text in ("", scenes.FORTY.rest_of_line(KEYS))


async def test_a_naive_server_asks_at_every_key(twelve):
    typed = await live_rows.typed(servers.NAIVE, twelve, 0.08)
    assert all(request.reply for request in typed.requests)
    assert typed.asked > KEYS / 2
