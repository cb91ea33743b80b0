"""Whatever an upstream does, there is an answer in time, memory stays small, and the next answer is as good as ever."""

import asyncio
import socket
import threading

import psutil
import pytest

from duo_lsp import errors, wire
from duo_lsp.gitlab.client import Deadlines, GitLabClient
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from gitlab import faulty
from waiting import HANG, at_most, eventually

DEADLINE = 0.4
"""Seconds, for what never ends; what ends by itself is not hurried."""
REQUEST = wire.SuggestionRequest(wire.CurrentFile("a.py", "def f():\n    "), intent="generation", stream=True)
KINDS = {
    errors.OfflineError: ["reset_at_once", "close_before_reply", "truncated_head", "no_http", "http_0_9"],
    errors.SlowError: [
        "accept_then_silence",
        "slow_headers",
        "slow_drip",
        "endless_provisional",
        "sse_silence",
        "sse_pings",
    ],
    errors.CutShortError: [
        "reset_midbody",
        "truncated_body",
        "truncated_chunked",
        "truncated_gzip",
        "sse_reset",
        "sse_truncated",
        "sse_no_end_event",
        "sse_cut_in_a_character",
        "text_truncated",
        "bad_chunk",
        "length_absurd",
    ],
    errors.BadAnswerError: [
        "bad_status",
        "bad_length",
        "two_lengths",
        "tls_alert",
        "invalid_json",
        "invalid_utf8",
        "invalid_utf8_text",
        "json_wrong_shape",
        "json_null",
        "json_array",
        "json_deep",
        "json_big_number",
        "text_number",
        "text_list",
        "empty_200",
        "no_content_204",
        "sse_bad_json",
        "packed_otherwise",
        "gzip_bomb",
        "endless_body",
        "sse_flood",
        "sse_endless_line",
        "text_flood",
        "huge_header",
        "many_headers",
    ],
    errors.InterceptedError: [
        "captive_portal_200_html",
        "captive_portal_302",
        "redirect_307",
        "html_error_json_type",
        "html_403",
        "html_511",
    ],
    errors.RefusedError: ["status_400", "status_408"],
    errors.SignInError: ["status_401"],
    errors.TokenRefusedError: ["status_401_token"],
    errors.NoCreditsError: ["status_402"],
    errors.NotEntitledError: ["status_403"],
    errors.ScopeError: ["status_403_scope"],
    errors.NotThereError: ["status_404"],
    errors.TooLargeError: ["status_413"],
    errors.SetupError: ["status_422"],
    errors.LimitedError: ["status_429", "status_429_silent"],
    errors.BrokenError: ["endless_error", "status_500", "status_502", "status_503", "status_504", "status_529"],
}
FAILING = {mode: kind for kind, modes in KINDS.items() for mode in modes}
ANSWERS = {
    "choices_empty": (),
    "text_null": (),
    "suggestion_1mb": ("x" * (1 << 20),),
    "suggestion_escape_bidi": ("a\u202eb\x1b[31m",),
    "gzip_healthy": ("return 1",),
    "until_closed": ("return 1",),
    "sse_whole": ("return 1",),
}


@pytest.fixture(scope="module")
def upstream():
    with faulty.running() as running:
        yield running


@pytest.fixture
async def client(upstream):
    made = GitLabClient(
        upstream.url, FixedToken(Secret("glpat-secret-1234")), "duo-lsp/0", deadlines=Deadlines(generation=HANG)
    )
    yield made
    upstream.mode = ""
    await made.close()


def test_every_mode_has_its_outcome():
    assert {*FAILING, *ANSWERS} == set(faulty.MODES)


@pytest.mark.parametrize("mode", FAILING)
async def test_what_goes_wrong_is_an_error_of_ours_in_time_and_leaves_nothing(client, upstream, mode):
    upstream.mode = mode
    seconds = DEADLINE if FAILING[mode] is errors.SlowError else HANG
    client._deadlines = Deadlines(generation=seconds)
    before = psutil.Process().memory_info().rss
    async with at_most(seconds):
        with pytest.raises(errors.UpstreamError) as raised:
            await client.complete(REQUEST)
    assert psutil.Process().memory_info().rss - before < 32 << 20
    assert type(raised.value) is FAILING[mode]
    assert raised.value.sentence.endswith(".")
    assert raised.value.hint.endswith(".")
    assert "glpat" not in str(raised.value)
    upstream.mode = ""
    client._deadlines = Deadlines(generation=HANG)
    assert (await client.complete(REQUEST)).texts == ("return 1",)


@pytest.mark.parametrize("mode", ANSWERS)
async def test_what_is_odd_is_an_answer_all_the_same(client, upstream, mode):
    upstream.mode = mode
    assert (await client.complete(REQUEST)).texts == ANSWERS[mode]


@pytest.mark.parametrize("mode", ["reset_at_once", "close_before_reply"])
async def test_a_kept_connection_that_breaks_is_tried_once_more_and_only_once(client, upstream, mode):
    await client.complete(REQUEST)
    upstream.mode = mode
    before = upstream.requests
    with pytest.raises(errors.OfflineError):
        await client.complete(REQUEST)
    assert upstream.requests == before + 2


@pytest.mark.parametrize("said", [faulty.head(408, length=0), b"x", b""], ids=["408", "nonsense", "nothing"])
async def test_what_a_server_says_unasked_is_no_answer_to_the_next_request(client, upstream, said):
    more_was_said = threading.Event()

    async def answer_and_say_more(connection):
        await faulty.answer(faulty.HEALTHY)(connection)
        await asyncio.sleep(0.05)
        await connection.send(said)
        more_was_said.set()
        if said:  # without an end that would give it away
            await faulty.silence(connection)

    upstream.serve = answer_and_say_more
    await client.complete(REQUEST)
    upstream.serve = None
    before = upstream.requests
    await eventually(more_was_said.is_set)
    await asyncio.sleep(0.05)
    assert (await client.complete(REQUEST)).texts == ("return 1",)
    assert upstream.requests == before + 1


async def test_nobody_there_is_offline_within_a_second():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", "https://gitlab.invalid"):
        client = GitLabClient(address, FixedToken(Secret("glpat-secret-1234")), "duo-lsp/0")
        async with at_most(1.0):
            with pytest.raises(errors.OfflineError):
                await client.complete(REQUEST)
        await client.close()


async def test_a_server_without_tls_where_tls_is_wanted_is_offline(upstream):
    deadlines = Deadlines(generation=DEADLINE)
    address = upstream.url.replace("http:", "https:")
    client = GitLabClient(address, FixedToken(Secret("glpat-secret-1234")), "duo-lsp/0", deadlines=deadlines)
    with pytest.raises(errors.UpstreamError):
        await client.complete(REQUEST)
    await client.close()
