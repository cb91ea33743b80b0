"""What was looked at is remembered, and nothing depends on that."""

from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.privacy import redaction
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.protocol.text_units import split_lines
from privacy.planted import leaked

A, B = "file:///a.py", "file:///b.py"
TEXT = 'a = 1\npassword = "hunter22"\nb = 2\n'
STARS = 'a = 1\npassword = "********"\nb = 2\n'


def test_the_second_time_only_new_lines_are_looked_at(monkeypatch):
    redactor, asked, look = Redactor(), [], redaction.look

    def noting(texts, *, bare=False):
        asked.append(sorted(texts))
        return look(texts, bare=bare)

    monkeypatch.setattr(redaction, "look", noting)
    assert redactor.window(A, split_lines(TEXT), TEXT, 0) == STARS
    assert redactor.window(A, split_lines(TEXT + "c = 3\n"), TEXT + "c = 3\n", 0) == STARS + "c = 3\n"
    assert redactor.window(A, split_lines(TEXT + "c = 3\n"), TEXT + "c = 3\n", 0) == STARS + "c = 3\n"
    assert asked[1:] == [["c = 3\n"], []]


def test_what_is_left_of_the_cursor_is_looked_at_by_itself():
    text = 'x\ntoken = "abcdefgh"\n'
    assert Redactor().window(A, split_lines(text), text, 0) == text
    cursor = text.index("gh")
    assert Redactor().window(A, split_lines(text), text, cursor) == 'x\ntoken = "******gh"\n'


def test_it_takes_no_more_than_it_may():
    redactor = Redactor(max_bytes=20_000)
    for n in range(20):
        redactor.window(f"file:///{n}.py", [f"line {n} {m}\n" for m in range(50)], f"line {n} 0\n" * 50, 0)
    assert 0 < redactor.bytes <= 20_000
    assert redactor.window(A, split_lines(TEXT * 500), TEXT * 500, 0) == STARS * 500
    assert redactor.bytes <= 20_000


def test_a_closed_document_is_forgotten():
    redactor = Redactor()
    redactor.window(A, split_lines(TEXT), TEXT, 0)
    redactor.forget(A)
    redactor.forget(B)
    assert redactor.bytes == 0


pieces = st.sampled_from(
    ["a = 1\n", 'password = "hunter22"\n', "glpat-abcdefgh\n", "x", '"', "\r\n", "password = '", "password =\n"]
)


@given(st.lists(st.lists(pieces, max_size=8).map("".join), max_size=6))
def test_what_it_remembers_changes_nothing(texts):
    redactor = Redactor()
    for text in texts:
        assert redactor.window(A, split_lines(text), text, 0) == redaction.redacted(text)


def test_a_secret_below_its_name_is_hidden_wherever_the_cursor_is():
    text = 'a = 1\npassword = (\n    "correct-horse-7"\n)\n- name: DB_PASSWORD\n  value: "correct-horse-8"\n'
    redactor = Redactor()
    for cursor in range(len(text) + 1):
        sent = redactor.window(A, split_lines(text), text, cursor)
        assert leaked("correct-horse-7", sent) == leaked("correct-horse-8", sent) == ""
        assert len(sent) == len(text)


def test_the_same_document_in_another_language_is_looked_at_anew():
    text, redactor = "a: 1\npassword: correcthorse\n", Redactor()
    assert redactor.window(A, split_lines(text), text, 0) == text
    assert redactor.window(A, split_lines(text), text, 0, bare=True) == "a: 1\npassword: ************\n"
    assert redactor.window(A, split_lines(text), text, 0) == text


def test_what_is_below_a_name_and_no_secret_stays():
    for text in (
        "<Password>\n  Forgot it? Ask\n</Password>\n",
        "- name: DB_PASSWORD\n  a: 1\n  b: 2\n  c: 3\n  d: 4\n  e: 5\n  value: 'correct-horse-7'\n",
        'variable "db_password" {\n}\nvalue = "correct-horse-7"\n',
        "password =",
        'key =\n"a8b7c6d5e4"\n',
    ):
        assert redaction.redacted(text) == text


def test_a_long_text_below_its_name_is_hidden_up_to_some_line():
    sent = redaction.redacted(f'password =\n"{"correct-horse-7" * 40}"\n')
    assert "correct" not in sent
    sent = redaction.redacted('password = """\n' + "correct-horse-7\n" * 40)
    assert sent == 'password = """\n' + "***************\n" * 30 + "correct-horse-7\n" * 10
