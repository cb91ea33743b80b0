"""The editor's text is ours, whatever is done to it, or we say nothing about it."""

import statistics
import time
from pathlib import Path

import psutil

from protocol.raw_client import URI, RawClient, completion


def text(rig: RawClient) -> str:
    """What the server holds."""
    return str(rig.ran("rig.text", URI)["text"])


def peak(client: RawClient) -> int:
    """Bytes of memory it ever had; what it has now, where nobody counts that."""
    status = Path(f"/proc/{client.process.pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return int(psutil.Process(client.process.pid).memory_info().rss)


def test_change_unknown_is_ignored(client):
    client.change(2, (0, 0), (0, 0), "x")
    client.serves()
    client.logged("not open")


def test_close_unknown_is_ignored(client):
    closing = {"textDocument": {"uri": URI}}
    client.notify("textDocument/didClose", closing)
    client.open("a")
    client.notify("textDocument/didClose", closing)
    client.notify("textDocument/didClose", closing)
    client.serves()


def test_position_far_is_answered(client):
    client.open("import os\n")
    for place in [(0, 99), (99, 0), (2**31 - 1, 2**31 - 1)]:
        assert client.reply(client.ask_completion(*place))["result"] is None
    client.serves()


def test_position_negative_is_refused(client):
    client.open("import os\n")
    for place in [(-1, 0), (0, -1)]:
        assert client.refusal(client.ask_completion(*place)) == -32602
    client.serves()


def test_change_negative_is_not_applied_and_nothing_is_until_a_full_text(rig):
    rig.open("abc\n")
    rig.change(2, (-1, 0), (0, 1), "X")
    rig.change(3, (0, 0), (0, 0), "Y")
    assert rig.ran("rig.text", URI) == {"text": "abc\n", "in_step": False}
    identifier = {"uri": URI, "version": 4}
    rig.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": [{"text": "new"}]})
    assert rig.ran("rig.text", URI) == {"text": "new", "in_step": True}
    rig.serves()


def test_change_inverted_is_turned_round(rig):
    rig.open("abc\ndef\n")
    rig.change(2, (1, 1), (0, 1), "X")
    assert text(rig) == "aXef\n"


def test_change_inverted_line_duplicates_nothing(rig):
    rig.open("abc\n")
    rig.change(2, (0, 2), (0, 1), "X")
    assert text(rig) == "aXc\n"


def test_change_past_eol_lands_at_the_end(rig):
    rig.open("abc")
    rig.change(2, (0, 100), (0, 100), "!")
    assert text(rig) == "abc!"


def test_change_formfeed_is_no_line_end(rig):
    for mark in ["\x0c", "\x0b", "\x1c", "\x85", "\u2028", "\u2029"]:
        rig.open(f"a{mark}b\nsecond\n")
        rig.change(2, (1, 0), (1, 0), "X")
        assert text(rig) == f"a{mark}b\nXsecond\n"


def test_change_emoji_counts_two(rig):
    rig.open("😀x\n")
    rig.change(2, (0, 2), (0, 3), "y")
    assert text(rig) == "😀y\n"


def test_version_backwards_is_not_applied(rig):
    rig.open("abc", version=5)
    rig.change(4, (0, 0), (0, 0), "X")
    assert rig.ran("rig.text", URI) == {"text": "abc", "in_step": False}
    rig.serves()


def test_double_open_takes_the_last_text(rig):
    rig.open("first")
    rig.open("second", version=9)
    assert text(rig) == "second"
    rig.serves()


def test_open_50mb_is_answered_soon_in_little_memory(client):
    client.open("x = 'some line of code'\n" * (50 * 1024 * 1024 // 24))
    assert client.result("textDocument/inlineCompletion", completion()) is None
    assert peak(client) < 600 << 20


def test_keystrokes_5mb_cost_no_more_than_in_a_small_file(client):
    lines = 5 * 1024 * 1024 // 24
    taken: dict[int, list[float]] = {10: [], lines: []}
    for size in taken:
        client.open("x = 'some line of code'\n" * size, f"file:///{size}.py")
    client.serves()
    for n in range(20):
        for size, times in taken.items():
            uri, line = f"file:///{size}.py", size // 2
            began = time.monotonic()
            client.change(n + 2, (line, n), (line, n), "y", uri)
            client.reply(client.ask_completion(line, n + 1, uri))
            times.append(time.monotonic() - began)
    small, large = (statistics.median(times) for times in taken.values())
    assert large < 4 * small


def test_unopened_not_read_and_not_sent(start, environment, gitlab_server, tmp_path):
    planted = tmp_path / "planted.py"
    planted.write_text("MARKER = 1\n")
    environment |= {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-secret-token-1234"}
    duo = start()
    duo.initialize(rootUri=tmp_path.as_uri())
    duo.notify("initialized", {})
    duo.wait(lambda message: message.get("method") == "window/showMessage")
    asked = {**completion(uri=planted.as_uri()), "context": {"triggerKind": 1}}
    assert duo.result("textDocument/inlineCompletion", asked) is None
    assert gitlab_server.suggestions == []


def test_odd_uris_are_answered(client):
    odd = ["untitled:Untitled-1", "", "file://", "http://x/a.py", "file:///%ff", "a%2520b", "a" * 100_000, "\x00"]
    for uri in odd:
        client.open("import os\n", uri)
        client.change(2, (0, 0), (0, 0), "x", uri)
        assert client.reply(client.ask_completion(uri=uri))["result"] is None
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.serves()
