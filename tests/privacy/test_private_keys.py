"""Keys of many lines, whole, begun, and cut."""

import pytest

from duo_lsp.privacy import private_keys
from duo_lsp.privacy.redaction import redacted
from privacy.planted import KEY, leaked

BEGIN, END = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH ", "DSA ", "ANY "])
def test_between_the_marks_nothing_stays(kind):
    text = f"a\n-----BEGIN {kind}PRIVATE KEY-----\n{KEY}\n-----END {kind}PRIVATE KEY-----\nb\n"
    lines = redacted(text).split("\n")
    assert (lines[0], lines[1], lines[-2], lines[-3]) == ("a", text.split("\n")[1], "b", text.split("\n")[-3])
    assert set("".join(lines[2:-3])) == {"*"}


@pytest.mark.parametrize("before", ["", "    ", "# ", "// ", " * ", '    "', "> "])
@pytest.mark.parametrize("after", ["", '\\n"', '\\n" +', "\\"])
def test_a_key_without_its_end_goes_as_far_as_lines_look_like_one(before, after):
    body = "\n".join(f"{before}{line}{after}" for line in KEY.split("\n"))
    sent = redacted(f"{BEGIN}\n{body}\nreturn key\n")
    assert leaked(body, sent) == ""
    assert sent.endswith("\nreturn key\n")


def test_headers_belong_to_a_key():
    assert leaked(KEY, redacted(f"{BEGIN}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A1B\n\n{KEY}\n")) == ""


def test_a_program_that_reads_keys_stays():
    code = f'if text.startswith("{BEGIN}"):\n    start = text.find("{BEGIN}")\n    end = text.find("{END}")\n'
    assert redacted(code) == code


def test_two_keys_on_one_line():
    key = KEY.replace("\n", "\\n")
    sent = redacted(f'{{"a": "{BEGIN}\\n{key}\\n{END}", "b": "{BEGIN}\\n{key}\\n{END}"}}')
    assert leaked(key, sent) == ""
    assert '"b": ' in sent


@pytest.mark.parametrize(
    ("above", "opened"),
    [
        ("a = 1\n", ""),
        (f"a\n{BEGIN}\nMIIE\n", f"{BEGIN}\nMIIE\n"),
        (f"{BEGIN}\nMIIE\n{END}\n", ""),
        (f"{BEGIN}\nMIIE\n{END}\nb\n{BEGIN}\nMIIF\n", f"{BEGIN}\nMIIF\n"),
        ("PRIVATE KEY\n", ""),
    ],
)
def test_a_key_that_is_open_above_is_found_from_its_mark_on(above, opened):
    assert private_keys.opened(above) == opened
