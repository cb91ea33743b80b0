"""A question as a person asks it, and what goes along with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs


@attrs.frozen
class Selection:
    """Code that a question is about; lines from 0, the last one included."""

    uri: str
    path: str
    """On this machine; never sent."""
    name: str
    """Relative to its workspace folder, with forward slashes."""
    text: str
    first_line: int
    last_line: int
    above: str = ""
    below: str = ""
    """What of the file goes along beside it."""
    before: str = ""
    after: str = ""
    """What stands around that, where a secret may reach into it; looked at, never sent."""
    language: str = ""

    @property
    def place(self) -> str:
        """Where it is, for a person: `app.py, lines 10-40`."""
        if self.first_line == self.last_line:
            return f"{self.name}, line {self.first_line + 1}"
        return f"{self.name}, lines {self.first_line + 1}-{self.last_line + 1}"


@attrs.frozen
class Item:
    """Something else that goes along because the person named it."""

    category: str
    id: str
    content: str
    metadata: Mapping[str, Any] | None = None


@attrs.frozen
class Resource:
    """What on GitLab a question is about."""

    type: str
    id: int | str
    project_id: int | None = None


@attrs.frozen
class Asked:
    """One question, whole, as it is kept to be asked again."""

    question: str
    selection: Selection | None = None
    items: tuple[Item, ...] = ()
    resource: Resource | None = None
    referer_url: str | None = None
    client_subscription_id: str | None = None
    with_clean_history: bool | None = None
    instruction: str = ""
    """What GitLab is told when that is not what the person sees, such as `/fix`; else the question itself."""
    kept: bool = True
    """Whether it is written into the file of the conversation."""
    notes: tuple[str, ...] = ()
    """Problems of the code that go along, one a line."""
