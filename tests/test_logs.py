"""No token and no code in any log line."""

import io
import logging
import string
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duo_lsp import logs
from duo_lsp.errors import UsageError
from duo_lsp.privacy.secrets import MASK, Secret

tokens = st.text(string.ascii_letters + string.digits + "-_.~+/=", min_size=8, max_size=60)


@pytest.fixture
def root():
    """The root logger, put back as it was."""
    logger = logging.getLogger()
    before, ours = logger.handlers[:], logging.getLogger("duo_lsp").level
    yield logger
    logger.handlers[:] = before
    logging.getLogger("duo_lsp").setLevel(ours)


def fail(text, cause):
    try:
        try:
            raise ValueError(cause)  # noqa: TRY301 - a chain is wanted
        except ValueError as error:
            raise KeyError(text) from error
    except KeyError:
        return sys.exc_info()


PLACES = [
    lambda log, token: log.error(token),
    lambda log, token: log.error("got %s", token),
    lambda log, token: log.error("got %r", {"a": [token], token: "'"}),
    lambda log, token: log.error("got %(a)s", {"a": token}),
    lambda log, token: log.error("a %s", "b", exc_info=fail(token, "x")),
    lambda log, token: log.error("a", exc_info=fail("x", token)),
    lambda log, token: log.error("a", exc_info=ValueError(token)),
    lambda log, token: log.error("%d", token),
    lambda log, token: log.error("%s %s", token),  # noqa: PLE1206 - a mistake as people make it
    lambda log, token: log.error("a", token, exc_info=True, stack_info=True),  # noqa: LOG014, PLE1205 - so is this
    lambda log, token: log.getChild(token.replace(".", "")).error("a %s", token),
]


@settings(max_examples=40, deadline=None)
@given(tokens, st.sampled_from(PLACES), st.booleans())
def test_a_learned_token_never_comes_out(token, place, formatted_before):
    stream = io.StringIO()
    formatter = logs.MaskingFormatter()
    formatter.learn(Secret(token))
    handler = logs.QuietHandler(stream)
    handler.setFormatter(formatter)
    log = logging.Logger("test")  # noqa: LOG001 - nobody else writes to it
    if formatted_before:
        log.addHandler(logs.QuietHandler(io.StringIO()))
    log.addHandler(handler)
    place(log, token)
    handler.flush()
    assert token not in stream.getvalue()


@pytest.mark.parametrize("shape", ["glpat-abcdefgh1234", "Bearer abcdefgh1234", "private_token=abcdefgh1234"])
def test_what_is_shaped_like_a_token_is_masked_without_having_been_learned(shape):
    record = logging.LogRecord("a", logging.INFO, "", 0, "sent %s", (shape,), None)
    line = logs.MaskingFormatter().format(record)
    assert "abcdefgh1234" not in line
    assert MASK in line


def test_an_exceptions_text_stays_out_but_not_where_it_came_from():
    record = logging.LogRecord("a", logging.ERROR, "", 0, "failed", None, fail("some code", "more code"))
    line = logs.MaskingFormatter().format(record)
    assert "code" not in line
    assert "KeyError in fail line " in line


def test_an_exception_without_a_place_and_none_at_all():
    formatter = logs.MaskingFormatter()
    assert formatter.formatException(ValueError("x")) == "  ValueError"
    assert formatter.formatException((None, None, None)) == ""


def test_nothing_is_learned_from_no_token():
    formatter = logs.MaskingFormatter()
    formatter.learn(Secret())
    record = logging.LogRecord("a", logging.INFO, "", 0, "text", None, None)
    assert formatter.format(record) == "INFO a: text"


def test_log_lines_go_to_stderr_and_talkative_libraries_are_quiet(root, capsys):
    formatter = logs.start("warning")
    formatter.learn(Secret("abcdefgh1234"))
    ours, theirs = logging.getLogger("duo_lsp.x"), logging.getLogger("pygls.x")
    ours.info("not this")
    ours.warning("this abcdefgh1234")
    theirs.warning("nor this")
    logs.set_level("info")
    ours.info("now %d", "no number, which is no reason to show it")
    ours.info("now this")
    root.handlers[0].flush()
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"WARNING duo_lsp.x: this {MASK}\nINFO duo_lsp.x: now this\n"
    assert len(root.handlers) == 1


def test_a_log_file_is_added_to_and_only_its_owner_can_read_it(root, tmp_path):
    file = tmp_path / "duo.log"
    for line in ("first glpat-planted-0123", "second"):
        logs.start("info", file)
        logging.getLogger("duo_lsp.test").info(line)
        root.handlers[1].flush()
        root.handlers[1]._stream.close()
    assert file.read_text("utf-8") == f"INFO duo_lsp.test: first {MASK}\nINFO duo_lsp.test: second\n"
    assert sys.platform == "win32" or file.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("root")
def test_a_log_file_that_cannot_be_written_is_an_error_in_a_sentence(tmp_path):
    with pytest.raises(UsageError, match="cannot be written"):
        logs.start("info", tmp_path)


class Stuck(io.StringIO):
    """What nobody reads."""

    def __init__(self):
        super().__init__()
        self.free = threading.Event()

    def write(self, text):
        self.free.wait(30)
        return super().write(text)


def test_who_does_not_read_the_log_holds_up_nobody(monkeypatch):
    monkeypatch.setattr(logs, "FLUSH", 0.01)
    monkeypatch.setattr(logs, "MOST_WAITING", 5)
    stream = Stuck()
    handler = logs.QuietHandler(stream)
    handler.flush()
    for number in range(20):
        handler.emit(logging.LogRecord("a", logging.INFO, "", 0, "line %d", (number,), None))
    handler.flush()
    assert stream.getvalue() == ""
    stream.free.set()
    monkeypatch.setattr(logs, "FLUSH", 30)
    handler.flush()
    assert 5 <= stream.getvalue().count("\n") <= 6


def test_a_log_that_is_closed_loses_its_lines_and_no_more():
    stream = io.StringIO()
    handler = logs.QuietHandler(stream)
    stream.close()
    handler.emit(logging.LogRecord("a", logging.INFO, "", 0, "line", None, None))
    handler.flush()
