"""What the composition root hands to a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import attrs

from duo_lsp import logs
from duo_lsp.chat.pages import Pages
from duo_lsp.config import Layer, Resolved
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.sign_in.account import Account
from duo_lsp.gitlab.upstream import Upstream
from duo_lsp.protocol.greeting import Promise
from duo_lsp.settings import Settings
from duo_lsp.status import Status
from duo_lsp.suggestions.neighbours.desk import Desk
from duo_lsp.suggestions.pipeline import Pipeline


@attrs.frozen
class Services:
    """Made once, by `app`."""

    promise: Promise
    """What an editor is told that we can do."""
    base: tuple[Layer, ...]
    """Settings from files and the environment, weakest first."""
    choose: Callable[[Resolved], Choice]
    """Who answers under these settings; may block."""
    open: Callable[[Choice, str], Upstream]
    """The upstream that was chosen; takes the user agent to introduce us with."""
    pipeline: Callable[[Upstream, Settings, Status, Desk], Pipeline]
    formatter: logs.MaskingFormatter
    account: Account
    """The person's stored logins."""
    pages: Pages
    """The files of their conversations."""
    clock: Callable[[], float]
    """Seconds, monotonic."""
    time_of_day: Callable[[], datetime]
    """Where the person is."""
