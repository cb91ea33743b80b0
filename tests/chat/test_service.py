"""Questions of one conversation wait for one another, those of two do not, and nothing is lost when one fails."""

import asyncio
from datetime import UTC, datetime

import pytest

from duo_lsp.chat.actions import ACTIONS
from duo_lsp.chat.asked import Asked, Item, Selection
from duo_lsp.chat.saying import Saying
from duo_lsp.chat.service import Chat
from duo_lsp.chat_errors import InterruptedAnswerError
from duo_lsp.errors import SlowError, UsageError
from waiting import HANG

HERE = Selection("file:///w/app.py", "/w/app.py", "app.py", "x\u200b\n", 0, 0)


class Around:
    """A transport that says what a test wants, and all else."""

    redacts = True

    def __init__(self):
        self.requests, self.exchanges, self.secret = [], [], ""
        self.pieces, self.answer, self.failure = ["It ", "adds", "."], None, None
        self.wait = asyncio.Event()
        self.wait.set()

    async def transport(self):
        return self

    async def ask(self, request, on_text):
        self.requests.append(request)
        if request.forgets:
            return ""
        for piece in self.pieces:
            on_text(piece)
        await self.wait.wait()
        if self.failure:
            raise self.failure
        return "".join(self.pieces) if self.answer is None else self.answer

    async def kept_at_home(self, uri, path):
        return "it is a secret." if self.secret and self.secret in (uri, path) else ""

    def path_of(self, name):
        return f"/w/{name}"

    def now(self):
        return datetime(2026, 11, 21, tzinfo=UTC)

    def ended(self, exchange):
        self.exchanges.append(exchange)


def nothing(_):
    pass


async def test_an_answer_comes_in_pieces_and_is_whole_in_the_end():
    around = Around()
    pieces: list[str] = []
    exchange = await Chat(around).ask(Asked("why?"), pieces.append, id_="1")
    assert (exchange.shown, exchange.state, exchange.interrupted, exchange.id) == ("It adds.", "ok", False, "1")
    assert pieces == ["It ", "adds."]
    assert around.exchanges == [exchange]


@pytest.mark.parametrize(("answer", "shown"), [("It adds. <b>", "It adds. &lt;b>"), ("Other <i>", "Other &lt;i>")])
async def test_the_whole_answer_counts_when_its_pieces_were_not_all(answer, shown):
    around = Around()
    around.answer = answer
    assert (await Chat(around).ask(Asked("why?"), nothing)).shown == shown


async def test_a_partial_answer_stays_and_is_marked():
    around = Around()
    around.failure = InterruptedAnswerError("It broke off.", partial="It adds. And")
    exchange = await Chat(around).ask(Asked("why?"), nothing)
    assert exchange.answer == "It adds. And"
    assert exchange.shown == "It adds. And\n\n*Interrupted.* It broke off. Ask again."
    assert (exchange.state, exchange.interrupted) == ("interrupted", True)
    around.failure = InterruptedAnswerError("It broke off.", partial="else")
    assert (await Chat(around).ask(Asked("why?"), nothing)).answer == "It adds."


async def test_what_was_asked_is_kept_whatever_became_of_it():
    around, asked = Around(), Asked("why?", HERE)
    chat = Chat(around)
    with pytest.raises(UsageError):
        chat.again()
    around.pieces, around.failure = [], SlowError("It was <slow>.")
    exchange = await chat.ask(asked, nothing)
    assert (exchange.state, exchange.interrupted) == ("slow", False)
    assert exchange.shown.startswith("It was &lt;slow>. ")
    assert chat.again() is asked


async def test_the_rules_that_hold_are_those_of_whoever_is_asked():
    """Somebody signs in between the look at the rules and the question: the rules at GitLab are others."""

    class SigningIn(Around):
        here, gitlab = Around(), Around()
        asked = 0

        async def transport(self):
            return self.gitlab if self.asked else self.here

        async def kept_at_home(self, *_):
            self.asked += 1
            return "its project says so." if self.asked > 1 else ""

    around = SigningIn()
    exchange = await Chat(around).ask(Asked("why?", HERE), nothing)
    assert (exchange.state, around.here.requests, around.gitlab.requests) == ("excluded", [], [])


@pytest.mark.parametrize("secret", ["file:///w/app.py", "/w/.env"])
async def test_a_file_that_stays_at_home_stops_the_question(secret):
    around = Around()
    around.secret = secret
    asked = Asked("why?", HERE, (Item("file", ".env", "x"), Item("issue", ".env", "x")))
    exchange = await Chat(around).ask(asked, nothing)
    assert (exchange.state, exchange.answer) == ("excluded", "")
    assert exchange.shown.startswith("This file is never sent: it is a secret.")
    assert around.requests == []


async def test_hidden_characters_of_all_that_goes_along_are_named():
    exchange = await Chat(Around()).ask(
        Asked("why?", HERE, (Item("file", "b", "\u202e"), Item("file", "c", "c"))), nothing
    )
    assert exchange.warnings == (
        "'app.py' has characters that nobody sees: 1 x U+200B ZERO WIDTH SPACE.",
        "'b' has characters that nobody sees: 1 x U+202E RIGHT-TO-LEFT OVERRIDE.",
    )


async def test_a_new_conversation_is_announced_once_and_again_when_that_failed():
    around = Around()
    chat = Chat(around)
    await chat.ask(Asked("one"), nothing)
    chat.begin()
    around.failure = SlowError("slow")
    await chat.ask(Asked("two"), nothing)
    around.failure = None
    await chat.ask(Asked("three"), nothing)
    await chat.ask(Asked("four"), nothing)
    chat.begin()
    await chat.ask(Asked("five", with_clean_history=True), nothing)
    assert [request.content for request in around.requests] == [
        *("one", "/reset", "two", "/reset", "three", "four", "five"),
    ]
    names = [request.conversation for request in around.requests]
    assert len(set(names)) == 3
    assert names[1] == names[5] != names[6]


async def test_two_in_one_conversation_wait_and_two_conversations_do_not():
    around = Around()
    around.wait.clear()
    chat = Chat(around)
    tasks = [asyncio.ensure_future(chat.ask(Asked(name), nothing)) for name in ("one", "two")]
    chat.begin()
    tasks.append(asyncio.ensure_future(chat.ask(Asked("three"), nothing)))
    async with asyncio.timeout(HANG):
        while len(around.requests) < 3:
            await asyncio.sleep(0)
    assert [request.content for request in around.requests if not request.forgets] == ["one", "three"]
    around.wait.set()
    assert [(await task).shown for task in tasks] == ["It adds."] * 3
    assert [request.content for request in around.requests if not request.forgets] == ["one", "three", "two"]


async def test_a_piece_after_the_end_is_nobodys():
    pieces: list[str] = []
    saying = Saying(pieces.append)
    saying.take("It adds")
    assert saying.end() == "It adds"
    saying.take("more")
    assert saying.end() == "It adds"
    assert saying.whole("It adds") == "It adds"


async def test_who_is_stopped_keeps_what_had_come_and_holds_up_nobody():
    around = Around()
    around.wait.clear()
    chat = Chat(around)
    one, two = (asyncio.ensure_future(chat.ask(Asked(name), nothing)) for name in ("one", "two"))
    async with asyncio.timeout(HANG):
        while not around.requests:
            await asyncio.sleep(0)
    one.cancel()
    await asyncio.wait({one})
    assert one.cancelled()
    [stopped] = around.exchanges
    assert (stopped.answer, stopped.state, stopped.interrupted) == ("It adds.", "interrupted", True)
    around.wait.set()
    assert (await two).shown == "It adds."


def test_what_is_asked_in_a_fixed_way_is_asked_in_gitlabs_words():
    explain, fix, tests, refactor = ACTIONS
    assert explain.instruction("", ["a"]) == "/explain"
    assert refactor.instruction(" shorter ", []) == "/refactor shorter"
    assert tests.instruction("", []) == "/tests"
    assert fix.instruction("", ["line 1: a", "line 2: b"]) == "/fix line 1: a; line 2: b"
    assert fix.instruction("", ["a" * 800, "b" * 800, "c"]) == "/fix " + "a" * 800
