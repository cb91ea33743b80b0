"""A real file typed for minutes, many times over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scripts.replay import figures, in_process, scenes
from scripts.replay.figures import Seen
from scripts.replay.models import Model

SESSIONS = 12
NONE = float("nan")
Figure = tuple[str, float, float, float]
"""Name, goal, ours, naive."""


def measured(sessions: int = SESSIONS) -> Iterator[Figure]:
    """The rows of the table, over all sessions."""
    typed = [(model, keys) for model, keys in scenes.real_file(sessions)]
    ours = Total((in_process.replay(model, keys), model) for model, keys in typed)
    naive = Total((figures.naive(keys, model), model) for model, keys in typed)
    name = f"{scenes.SIZE:,} characters"
    yield f"{name}: requests a minute, at most", 40, ours.per_minute, naive.per_minute
    yield f"{name}: % of what asking always would show, at least", 93, ours.usefulness, naive.usefulness
    yield f"{name}: refusals, at most", 0, ours.refused, naive.refused
    yield f"{name}: % of answers thrown away, at most", 5, ours.thrown_away, naive.thrown_away
    yield f"{name}: % of answers that were right and nobody saw", NONE, ours.unseen, naive.unseen


class Total:
    """Several replays as one."""

    def __init__(self, replays: Iterable[tuple[Seen, Model]]) -> None:
        seen = list(replays)
        asked = sum(len(one.asked) for one, _ in seen)
        best = sum(figures.useful_at_best(one.keys, model) for one, model in seen)
        self.per_minute = asked * figures.MINUTE / sum(one.seconds for one, _ in seen)
        self.most_in_a_minute = max(one.most_in_a_minute for one, _ in seen)
        self.usefulness = 100 * sum(one.useful(model) for one, model in seen) / best
        self.refused = sum(one.refused for one, _ in seen)
        self.unseen = 100 * sum(one.unseen(model) for one, model in seen) / asked
        self.thrown_away = 100 * sum(one.thrown_away for one, _ in seen) / asked
