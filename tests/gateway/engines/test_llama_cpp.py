"""The engine llama.cpp with llama.cpp's own HTTP server."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import psutil
import pytest

from duo_lsp.errors import ModelError, UsageError
from duo_lsp.gateway import engines
from duo_lsp.gateway.engines import llama_cpp
from duo_lsp.gateway.engines.llama_cpp import file
from duo_lsp.gateway.models import Said, Wish, problems
from duo_lsp.gateway.models.gap import Gap
from duo_lsp.privacy.secrets import Secret
from gateway import served
from gateway.engines import asked

HELLO = [Said("user", "Say hello.")]
pytestmark = pytest.mark.xdist_group("models")


async def test_a_gap_is_filled_and_streamed(tiny: served.Served) -> None:
    model = llama_cpp.make(Wish(tiny.url))
    pieces = await asked.all_of(model.fill(asked.GAP, 8))
    assert 2 <= len(pieces) <= 8
    again = await asked.all_of(model.fill(asked.GAP, 8))
    assert again == pieces  # the likeliest, not a lucky one
    await model.close()


async def test_what_stands_below_and_in_other_files_is_read(tiny: served.Served) -> None:
    model = llama_cpp.make(Wish(tiny.url))
    plain = "".join(await asked.all_of(model.fill(Gap("a.py", asked.ABOVE), 12)))
    below = "".join(await asked.all_of(model.fill(asked.GAP, 12)))
    files = "".join(await asked.all_of(model.fill(Gap("a.py", asked.ABOVE, files=(("b.py", "x = 1\n"),)), 12)))
    assert len({plain, below, files}) == 3
    await model.close()


async def test_who_stops_listening_frees_the_model(tiny: served.Served) -> None:
    model = llama_cpp.make(Wish(tiny.url))
    async with aclosing(model.fill(asked.GAP, 1900)) as pieces:
        await anext(pieces)
        assert await asyncio.to_thread(lambda: tiny.busy)
    await asyncio.to_thread(tiny.until_free)
    await model.close()


async def test_a_task_that_is_cancelled_frees_the_model_as_well(tiny: served.Served) -> None:
    model = llama_cpp.make(Wish(tiny.url))
    asking = asyncio.ensure_future(asked.all_of(model.fill(asked.GAP, 1900)))
    while not await asyncio.to_thread(lambda: tiny.busy):
        await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.to_thread(tiny.until_free)
    await model.close()


async def test_a_conversation_is_answered_in_pieces(tiny: served.Served) -> None:
    model = llama_cpp.make(Wish(tiny.url))
    assert 1 <= len(await asked.all_of(model.speak(HELLO, 8))) <= 8
    await model.close()


async def test_a_question_that_is_too_long_is_said_to_be(tiny: served.Served) -> None:
    model = llama_cpp.make(Wish(tiny.url))
    with pytest.raises(problems.TooLongError, match="cannot read that much"):
        await asked.all_of(model.speak([Said("user", "x = 1\n" * 5000)], 8))
    await model.close()


async def test_a_model_that_was_not_trained_for_gaps_goes_on_from_above(small: served.Served) -> None:
    model = llama_cpp.make(Wish(small.url))
    gap = Gap("a.py", "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a -", "\n")
    first = "".join(await asked.all_of(model.fill(gap, 4)))
    assert first.startswith(" b")
    assert "".join(await asked.all_of(model.fill(gap, 4))) == first  # without trying in vain again
    await model.close()


async def test_a_real_question_gets_a_real_answer(small: served.Served) -> None:
    model = llama_cpp.make(Wish(small.url))
    question = [Said("user", "What is the capital of France? Answer in one short sentence.")]
    assert "Paris" in "".join(await asked.all_of(model.speak(question, 24)))
    await model.close()


async def test_a_server_that_is_not_there_is_named_with_what_starts_it(unused_tcp_port: int) -> None:
    model = llama_cpp.make(Wish(f"http://127.0.0.1:{unused_tcp_port}"))
    with pytest.raises(problems.AwayError) as caught:
        await asked.all_of(model.fill(asked.GAP, 8))
    assert str(caught.value) == (
        f"Nothing answers as llama.cpp at 127.0.0.1:{unused_tcp_port}. "
        "Is it running? Start it with `llama-server -m FILE.gguf`."
    )
    await model.close()


async def test_a_server_that_wants_a_key_gets_the_one_there_is() -> None:
    with served.running(served.TINY, keys=["a-key-of-this-test"]) as locked:
        without, other = llama_cpp.make(Wish(locked.url)), llama_cpp.make(Wish(locked.url, key=Secret("other")))
        for model in (without, other):
            with pytest.raises(problems.KeyRefusedError, match="DUO_LSP_MODEL_KEY") as caught:
                await asked.all_of(model.fill(asked.GAP, 8))
            assert "other" not in str(caught.value)
            await model.close()
        right = llama_cpp.make(Wish(locked.url, key=Secret("a-key-of-this-test")))
        assert await asked.all_of(right.fill(asked.GAP, 8))
        await right.close()


@pytest.fixture
def _with_llama(monkeypatch: pytest.MonkeyPatch) -> None:
    served.need()
    monkeypatch.syspath_prepend(str(served.PYTHON))
    monkeypatch.setenv("PYTHONPATH", str(served.PYTHON))


@pytest.mark.usefixtures("_with_llama")
async def test_a_file_is_served_by_a_process_that_ends_with_us() -> None:
    before = psutil.Process().children()
    model = llama_cpp.make(Wish(model=str(served.TINY)))
    assert psutil.Process().children() == before  # it starts with the first question
    assert await asked.all_of(model.fill(asked.GAP, 8))
    (child,) = [each for each in psutil.Process().children() if each not in before]
    assert not any("key" in part.lower() for part in child.cmdline())
    child.kill()
    child.wait(10)
    while True:  # it starts again
        try:
            assert await asked.all_of(model.fill(asked.GAP, 8))
            break
        except ModelError:
            await asyncio.sleep(0.05)
    (other,) = [each for each in psutil.Process().children() if each not in before]
    await model.close()
    assert not other.is_running() or other.status() == psutil.STATUS_ZOMBIE


@pytest.mark.usefixtures("_with_llama")
async def test_a_file_that_cannot_be_loaded_is_said_to_be_so(tmp_path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(served.TINY.read_bytes()[:2000])
    model = llama_cpp.make(Wish(model=str(broken)))
    with pytest.raises(ModelError, match=r"cannot load broken\.gguf"):
        await asked.all_of(model.fill(asked.GAP, 8))
    await model.close()


@pytest.mark.usefixtures("_with_llama")
def test_what_is_no_model_is_refused_at_once(tmp_path) -> None:
    with pytest.raises(UsageError, match="There is no model at"):
        engines.make("llama.cpp", Wish(model=str(tmp_path / "missing.gguf")))
    (tmp_path / "text.gguf").write_text("hello")
    with pytest.raises(UsageError, match=r"text\.gguf is no model"):
        engines.make("llama.cpp", Wish(model=str(tmp_path / "text.gguf")))
    with pytest.raises(UsageError, match="not both"):
        engines.make("llama.cpp", Wish("http://127.0.0.1:8080", model=str(served.TINY)))


def test_without_the_extra_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'duo-lsp\[llama\]'"):
        llama_cpp.make(Wish(model="x.gguf"))
