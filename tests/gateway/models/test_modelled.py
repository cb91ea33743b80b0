"""A model and who answers in its place."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

import attrs
import pytest

from clock import Clock
from duo_lsp import wire
from duo_lsp.errors import ModelError
from duo_lsp.gateway.engines import Completion, llama_cpp
from duo_lsp.gateway.models import Said, Wish, modelled, problems
from duo_lsp.gateway.models.gap import Gap
from duo_lsp.gateway.models.modelled import Modelled
from duo_lsp.wire_chat import ChatRequest
from gateway import served
from gateway.engines import asked
from gateway.engines.asked import Relief


@attrs.define
class Model:
    """Says these pieces, then goes wrong so, or never ends."""

    pieces: tuple[str, ...] = ()
    failure: ModelError | None = None
    hangs: bool = False
    asked: list[Gap] = attrs.field(factory=list)
    messages: list[Sequence[Said]] = attrs.field(factory=list)
    name: str = "a model"
    ended: int = 0
    closed: bool = False

    async def fill(self, gap: Gap, tokens: int) -> AsyncGenerator[str, None]:  # noqa: ARG002
        self.asked.append(gap)
        async with aclosing(self._say()) as pieces:
            async for piece in pieces:
                yield piece

    async def speak(self, messages: Sequence[Said], tokens: int) -> AsyncGenerator[str, None]:  # noqa: ARG002
        self.messages.append(messages)
        async with aclosing(self._say()) as pieces:
            async for piece in pieces:
                yield piece

    async def _say(self) -> AsyncGenerator[str, None]:
        try:
            for piece in self.pieces:
                yield piece
            if self.hangs:
                await asyncio.sleep(3600)
            if self.failure:
                raise self.failure
        finally:
            self.ended += 1

    async def close(self) -> None:
        self.closed = True


def engine(model: Model, relief: Relief | None = None, timeout: float = 0.05, **more: bool) -> Modelled:
    return Modelled("ollama", model, relief or Relief(), timeout, Clock(), **more)


async def test_what_the_model_says_is_the_answer() -> None:
    made = await engine(Model(("a +", " b\n\nmore"))).complete(asked.request())
    assert (made.text, made.reason, made.model) == ("a + b", "", "a model")


async def test_a_model_with_nothing_to_say_is_believed() -> None:
    made = await engine(Model()).complete(asked.request())
    assert (made.text, made.reason) == ("", modelled.NOTHING)


async def test_who_is_quick_answers_when_the_model_is_late_and_its_work_ends() -> None:
    model = Model(("half",), hangs=True)
    made = await engine(model).complete(asked.request())
    assert (made.text, made.model) == ("builtin's word", "")
    assert model.ended == 1


async def test_whole_lines_count_when_the_rest_is_late() -> None:
    made = await engine(Model(("a + b\nc",), hangs=True)).complete(asked.request())
    assert (made.text, made.model) == ("a + b", "a model")


async def test_when_nobody_knows_the_reason_is_the_models() -> None:
    made = await engine(Model(hangs=True), Relief("")).complete(asked.request())
    assert made.text == ""
    assert made.reason.startswith("a model did not answer within 0.05 s. Take a smaller model")


WHERE = "Ollama at 10.0.0.7:11434"


@pytest.mark.parametrize(
    ("model", "told"),
    [
        (Model(failure=ModelError(f"{WHERE} broke.", "See /srv/x."), name=WHERE), "The model gives no answer. Whoever"),
        (Model(failure=problems.TooLongError(f"{WHERE} cannot."), name=WHERE), "The model cannot read that much. Ask"),
        (Model(hangs=True, name=WHERE), "The model did not answer in time. Ask again"),
    ],
)
async def test_who_asks_from_elsewhere_is_not_told_where_the_model_is_but_the_log_is(
    model: Model, told: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level("WARNING", "duo_lsp")
    monkeypatch.setattr(modelled, "PAUSE", 0.02)
    made = engine(model, Relief(""), discreet=True)
    reasons = [
        (await made.complete(asked.request())).reason,
        *[piece.reason async for piece in made.stream(asked.request())],
    ]
    with pytest.raises(ModelError) as caught:
        await asked.all_of(made.chat(ChatRequest("Hi"), ()))
    assert all(said.startswith(told) for said in [*reasons, str(caught.value)])
    assert (WHERE in caplog.text) is not model.hangs
    fine = await engine(Model(("a + b",), name=WHERE), discreet=True).complete(asked.request())
    assert fine.model == "ollama"


async def test_a_late_model_is_asked_to_read_less_and_a_quick_one_more() -> None:
    model = Model(hangs=True)
    made = engine(model)
    for _ in range(2):
        await made.complete(asked.request("x = 1\n" * 5000))
    model.hangs = False
    for _ in range(2):
        await made.complete(asked.request("x = 1\n" * 5000))
    first, second, third, fourth = (len(gap.above) for gap in model.asked)
    assert first > second > third
    assert fourth > third


async def test_too_long_is_less_next_time_and_trouble_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "duo_lsp")
    model = Model(failure=problems.TooLongError("It cannot read that much."))
    made = engine(model)
    for _ in range(3):
        assert (await made.complete(asked.request("x = 1\n" * 5000))).text == "builtin's word"
    assert len(model.asked[2].above) < len(model.asked[0].above)
    assert [record.message for record in caplog.records] == [str(model.failure)]


async def test_who_gives_up_ends_the_work() -> None:
    model = Model(hangs=True)
    asking = asyncio.ensure_future(engine(model, timeout=60).complete(asked.request()))
    while not model.asked:
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert model.ended == 1


async def streamed(made: Modelled, intent: wire.Intent = "generation") -> list[Completion]:
    async with aclosing(made.stream(asked.request(intent=intent))) as pieces:
        return [piece async for piece in pieces]


async def test_a_suggestion_is_shown_while_it_is_made() -> None:
    pieces = await streamed(engine(Model(("a =", " 1\n\n", "b", " = 2\n"))))
    assert [piece.text for piece in pieces] == ["a =", " 1", "\n\nb", " = 2"]
    assert {piece.model for piece in pieces} == {"a model"}
    assert [piece.text for piece in await streamed(engine(Model(("a", "\n\n", "b"))), "completion")] == ["a"]


async def test_a_stream_of_nothing_says_why() -> None:
    assert await streamed(engine(Model())) == [Completion(reason=modelled.NOTHING, model="a model")]
    failing = Model(failure=ModelError("It failed."))
    assert await streamed(engine(failing)) == [Completion("builtin's word")]
    (silent,) = await streamed(engine(failing, Relief("")))
    assert silent == Completion(reason="It failed. Look at what its server says.")


async def test_a_stream_that_is_late_is_builtin_s_or_ends_with_what_was_said() -> None:
    made = Modelled("ollama", Model(hangs=True), Relief(), 0.05)
    assert await streamed(made, "completion") == [Completion("builtin's word")]
    made = Modelled("ollama", half := Model(("half",), hangs=True), Relief(), 0.05)
    assert [piece.text for piece in await streamed(made, "completion")] == ["half"]
    assert half.ended == 1


async def test_one_person_s_newer_question_ends_the_work_on_the_one_before() -> None:
    model = Model(hangs=True)
    made = Modelled("ollama", model, Relief(), 60, alone=True)
    first = asyncio.ensure_future(made.complete(asked.request()))
    while not model.asked:
        await asyncio.sleep(0)
    model.hangs, model.pieces = False, ("a + b",)
    assert (await made.complete(asked.request())).text == "a + b"
    assert (await first).text == "builtin's word"
    assert model.ended == 2


async def test_a_team_s_questions_do_not_end_one_another() -> None:
    model = Model(hangs=True)
    made = engine(model, timeout=0.5)
    first = asyncio.ensure_future(made.complete(asked.request()))
    while not model.asked:
        await asyncio.sleep(0)
    model.hangs = False
    await made.complete(asked.request())
    assert not first.done()
    await first


async def test_a_generation_has_more_time_and_may_have_blank_lines() -> None:
    model = Model(("a\n\nb",))
    assert (await engine(model).complete(asked.request(intent="generation"))).text == "a\n\nb"


async def test_a_chat_comes_in_pieces_and_help_without_the_model() -> None:
    model = Model(("Hel", "lo"))
    made = engine(model)
    assert await asked.all_of(made.chat(ChatRequest("Hi"), ())) == ["Hel", "lo"]
    assert model.messages[0][-1] == Said("user", "Hi")
    assert "/explain" in "".join(await asked.all_of(made.chat(ChatRequest("/help"), ())))
    assert len(model.messages) == 1


async def test_a_chat_that_is_too_long_is_asked_again_with_less() -> None:
    model = Model(failure=problems.TooLongError("It cannot read that much."))
    with pytest.raises(problems.TooLongError):
        await asked.all_of(engine(model).chat(ChatRequest("Hi"), ()))
    assert 2 <= len(model.messages) <= 6


async def test_a_chat_without_a_word_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modelled, "PAUSE", 0.02)
    model = Model(("Hel",), hangs=True)
    with pytest.raises(problems.LateError, match=r"said nothing for 0\.02 s"):
        await asked.all_of(engine(model).chat(ChatRequest("Hi"), ()))
    assert model.ended == 1


async def test_a_chat_does_not_go_on_for_ever() -> None:
    model = Model(("x" * 150_000,) * 5)
    assert len(await asked.all_of(engine(model).chat(ChatRequest("Hi"), ()))) == 2
    assert model.ended == 1


async def test_folders_and_the_end_reach_who_they_concern() -> None:
    model, relief = Model(), Relief()
    made = engine(model, relief)
    made.use_workspaces((Path("/x"),), (Path("/x/a.py"),))
    assert relief.near == (Path("/x/a.py"),)
    made.files_changed((Path("/x/a.py"),))
    assert relief.changed == (Path("/x/a.py"),)
    assert (relief.folders, made.index, made.chats) == ((Path("/x"),), "ready", True)
    await made.close()
    assert model.closed
    assert relief.closed


@pytest.mark.xdist_group("models")
async def test_a_real_model_that_misses_its_deadline_is_stopped() -> None:
    with served.running(served.SMALL, batch=32) as small:
        made = Modelled("llama.cpp", llama_cpp.make(Wish(small.url)), Relief(), 0.2)
        answer = await made.complete(asked.request("x = [1, 2]\n" * 30 + "for i in range(10):\n    print(", "\n"))
        assert (answer.text, answer.model) == ("builtin's word", "")
        await asyncio.to_thread(small.until_free, 40)
        await made.close()
