"""What is really asked, with a secret near the cursor: wherever it stands, and while it is typed."""

import json
import threading
from datetime import UTC, datetime

import pytest

from drawn import between
from duo_lsp import wire
from duo_lsp.gitlab.unlimited import SignedOut
from duo_lsp.privacy import redaction
from duo_lsp.settings import CodeCompletion, Settings
from duo_lsp.status import Status
from duo_lsp.suggestions import context, places
from duo_lsp.suggestions.cache import Cache
from duo_lsp.suggestions.pipeline import Pipeline
from privacy.planted import KEY, PLANTED, leaked

ABOVE = "import os\n\n\ndef connect(url):\n    '''Open it.'''\n    x = url\n"
BELOW = "\n\ndef other(a, b):\n    return a + b\n"
COMMENTED = [one for one in PLANTED if "\n" not in one.before + one.secret]


def pipeline(**settings):
    """One that asks nobody."""
    return Pipeline(SignedOut(), Settings(**settings), cache=Cache(int), status=Status(lambda: datetime.now(UTC)))


async def sent(one, above, below):
    """The texts in the body of the request."""
    body = json.loads(json.dumps((await one.request(between(above, below))).body()))
    file = body["current_file"]
    return file["content_above_cursor"], file["content_below_cursor"], body.get("user_instruction", "")


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.kind)
async def test_the_cursor_may_be_anywhere_in_a_secret(planted):
    one, text = pipeline(), ABOVE + planted.text + BELOW
    start = len(ABOVE) + len(planted.before)
    for cursor in range(start, start + len(planted.secret) + 1):
        texts = await sent(one, text[:cursor], text[cursor:])
        assert leaked(planted.secret, "".join(texts[:2]), texts[2]) == ""
        assert (len(texts[0]), len(texts[1])) == (cursor, len(text) - cursor)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: one.kind)
@pytest.mark.parametrize("is_closed", [False, True])
async def test_a_secret_is_hidden_while_it_is_typed(planted, is_closed):
    one, after = pipeline(), planted.after if is_closed else "\n"
    for length in range(1, len(planted.secret) + 1):
        texts = await sent(one, ABOVE + planted.before + planted.secret[:length], after + BELOW)
        assert leaked(planted.secret, "".join(texts[:2]), texts[2]) == ""


@pytest.mark.parametrize("planted", COMMENTED, ids=lambda one: one.kind)
async def test_the_instruction_in_a_comment_has_no_secret(planted):
    above = f"{ABOVE}# connect with this: {planted.text.rstrip()}\n"
    texts = await sent(pipeline(), above, BELOW)
    assert texts[2].startswith("# connect with this: ")
    assert leaked(planted.secret, *texts) == ""


async def test_a_key_that_begins_above_what_is_sent_is_hidden():
    filler = "x = 1\n" * 8_000
    key = "\n".join([KEY] * 12)
    above = f"-----BEGIN RSA PRIVATE KEY-----\n{key}\n"
    end = f"-----END RSA PRIVATE KEY-----\n{filler}"[:33_000] + "\n"
    place = between(filler + above + end, BELOW)
    assert place.above.startswith(KEY[:40]) or KEY[-20:] in place.above
    assert "BEGIN" not in place.above
    texts = await sent(pipeline(), filler + above + end, BELOW)
    assert leaked(key, *texts) == ""


@pytest.mark.parametrize("planted", COMMENTED, ids=lambda one: one.kind)
async def test_a_secret_on_a_line_too_long_to_be_sent_whole_is_hidden_where_it_is_cut(planted):
    text = "a = 1; " * 10_000 + planted.text.rstrip() + " " + "b = 2; " * 10_000
    start = 70_000 + len(planted.before)
    for cut in (1, len(planted.secret) // 2, len(planted.secret) - 1):
        for cursor in (start + cut + context.MAX_BYTES - context.BELOW_BYTES, start + cut - context.BELOW_BYTES):
            assert leaked(planted.secret, *await sent(pipeline(), text[:cursor], text[cursor:])) == ""


async def test_names_are_sent_without_secrets():
    one = pipeline(project_path="group/glpat-a1b2c3d4e5f6")
    request = await one.request(between("a", "b", uri="file:///w/keys/glpat-a1b2c3d4e5f6.py"))
    assert request.current_file.file_name == "keys/******************.py"
    assert request.project_path == "group/******************"


async def test_what_is_known_of_a_place_is_the_real_text():
    place = between('password = "hunter22', '"\n')
    assert places.of(place).start == 'password = "hunter22'
    assert place.line_above.endswith("hunter22")


async def test_a_person_may_turn_it_off():
    one = pipeline(code_completion=CodeCompletion(enable_secret_redaction=False))
    assert (await sent(one, 'password = "hunter22', '"\n'))[0] == 'password = "hunter22'
    assert isinstance(await one.request(between("a", "b")), wire.SuggestionRequest)


@pytest.mark.parametrize(
    ("language", "uri"),
    [("yaml", "file:///w/a.yaml"), ("dockercompose", "file:///w/b"), ("plaintext", "file:///w/a.ini")],
)
async def test_a_password_without_quotes_is_hidden_in_a_language_of_configuration(language, uri):
    body = (await pipeline().request(between(ABOVE + "db_password: correcthorse\n", BELOW, language, uri))).body()
    assert "db_password: ************\n" in json.dumps(body).replace("\\n", "\n")


async def test_a_secret_below_its_name_is_hidden_where_the_name_is_above_what_is_sent():
    above = "x = 1\npassword = (\n"
    value = '    "correct-horse-7"\n'
    for length in range(26_220, 26_280):
        filler = f"{'y' * 98}\n" * (length // 99) + "z" * (length % 99) + "\n"
        texts = await sent(pipeline(), above + value + filler, "y\n" * 5_000)
        assert leaked("correct-horse-7", *texts) == ""


async def test_who_asks_before_all_is_ready_does_not_hold_up_the_loop(monkeypatch):
    """Making all expressions takes longer than a frame."""
    threads: list[threading.Thread] = []
    monkeypatch.setattr(redaction, "is_prepared", lambda: bool(threads))
    monkeypatch.setattr(redaction, "prepare", lambda: threads.append(threading.current_thread()))
    one = pipeline()
    for _ in range(2):
        await sent(one, ABOVE, BELOW)
    [thread] = threads
    assert thread is not threading.main_thread()
