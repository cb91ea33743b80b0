"""What a person saw who typed, and what it cost; and what they would have seen had every key asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts.replay.models import Model
from scripts.replay.typist import Key

LIMIT = 60
"""Requests that GitLab answers in a minute."""
SHORTEST = 5
"""Characters that a suggestion has to save to be of use."""
MINUTE = 60.0


@dataclass
class Seen:
    """One replay."""

    keys: Sequence[Key]
    asked: list[float] = field(default_factory=list)
    """When the upstream got a request."""
    came: list[int] = field(default_factory=list)
    """The positions that got an answer."""
    thrown_away: int = 0
    """Requests that were ended before they were answered."""
    refused: int = 0
    """How often the rate limit said no."""
    messages: int = 0
    shown: dict[int, tuple[float, str]] = field(default_factory=dict)
    """By position: when something came before the next key, and what."""

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.keys[-1].until - self.keys[0].at

    @property
    def per_minute(self) -> float:
        """Requests."""
        return len(self.asked) * MINUTE / self.seconds

    @property
    def most_in_a_minute(self) -> int:
        """Requests in the worst sixty seconds."""
        return max((sum(1 for at in self.asked if end - MINUTE < at <= end) for end in self.asked), default=0)

    def answered(self, model: Model) -> int:
        """Keys after which the whole rest of the line was there before the next one."""
        rest = model.text.rest_of_line
        return sum(1 for position, (_, shown) in self.shown.items() if shown and shown == rest(position))

    def useful(self, model: Model) -> float:
        """Seconds with a right suggestion on the screen."""
        return sum(
            key.until - self.shown[key.position][0]
            for key in self.keys
            if key.position in self.shown and is_useful(self.shown[key.position][1], model, key.position)
        )

    def unseen(self, model: Model) -> int:
        """Right answers of which nothing was ever shown: they came when their line was typed to its end."""
        line = model.text.line
        seen = [at for at, (_, shown) in self.shown.items() if is_useful(shown, model, at)]
        return sum(
            1
            for came in self.came
            if is_useful(model.answer(came), model, came)
            and not any(at >= came and line(at) == line(came) for at in seen)
        )


def is_useful(shown: str, model: Model, position: int) -> bool:
    """Whether it is what the person will type, and enough of it, on a line that the model knows.

    The same line may come again where the model does not know it; what is known of the first is luck, and not counted.
    """
    rest = model.text.rest_of_line(position)
    return model.knows(model.text.line(position)) and len(shown) >= SHORTEST and rest.startswith(shown)


def useful_at_best(keys: Sequence[Key], model: Model) -> float:
    """Seconds with a right suggestion on the screen if every key asked at once and no answer were ever lost.

    Nobody may ask so often; it is what the figures are compared with.
    """
    came: dict[int, float] = {}
    """By line: when the first right answer for it came."""
    seconds = 0.0
    for key in keys:
        line, rest = model.text.line(key.position), model.text.rest_of_line(key.position)
        if model.knows(line) and len(rest) >= SHORTEST:
            came[line] = min(came.get(line, key.until + MINUTE), key.at + model.delay(key.position))
            seconds += max(0.0, key.until - max(key.at, came[line]))
    return seconds


def naive(keys: Sequence[Key], model: Model) -> Seen:
    """What asking at every key costs and shows where the next key ends the request and nothing is remembered."""
    seen = Seen(keys)
    answered: list[float] = []
    for key in keys:
        seen.asked.append(key.at)
        answered = [at for at in answered if at > key.at - MINUTE]
        came = key.at + model.delay(key.position)
        if len(answered) >= LIMIT:
            seen.refused += 1
            continue
        answered.append(key.at)
        if came >= key.until:
            seen.thrown_away += 1
        else:
            seen.came.append(key.position)
            seen.shown[key.position] = (came, model.answer(key.position))
    return seen
