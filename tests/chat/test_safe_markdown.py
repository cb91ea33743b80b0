"""Whatever a model writes, nothing of it is fetched, run or hidden, and what it meant can still be read."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat import rendered
from duo_lsp.chat.safe_markdown import SafeMarkdown, safe
from duo_lsp.privacy import hidden

PIECES = [
    "<img src=https://e.example/?q>", "<b>", "</p>", "<!--", "-->", "<", ">", "<a href='x'>", "<script>", "<?php",
    "![", "!", "[", "](", "]", "](javascript:x)", "](https://e.example/p)", "](command:x)", "]: ", "[a]: data:x\n",
    "[a]", "(", ")", "`", "``", "```", "````", "~~~", "~~", "\\", "\\`", "\\\\", "|", "| - | - |\n",
    "a | b\n- | -\n", "$", "$$", "$$\n", "\n", "\n\n", "\r\n", "\r", " ", "  ", "    ", "\t", "- ", "* ", "1. ",
    "10. ", "> ", "# ", "---\n", "===\n", "    - ", "\n```\n", "\n```python\n", "\n  ```\n", "\n    ```\n",
    "\n~~~\n", "- ```\n", "> ```\n", "> ~~~\n", "\n- ~~~\n", "```mermaid\n", "word", "two words ", "www.e.example",
    "https://e.example", "<https://e.example>", "javascript:x", "http://e.example ", "\x1b", "\x1b[31m",
    "\x1b]0;t\x07", "\x9b", "\u202e", "\u200b", "\x00", "é", "😀", "&lt;", "&#60;", "*", "_", "+++\n", ":",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def streamed(text, cuts):
    whole = SafeMarkdown()
    parts, at = [], 0
    for cut in sorted(min(cut, len(text)) for cut in cuts):
        parts.append(whole.feed(text[at:cut]))
        at = cut
    return "".join([*parts, whole.feed(text[at:]), whole.finish()])


@settings(max_examples=400, deadline=None)
@given(texts)
def test_a_renderer_finds_nothing_to_fetch_to_run_or_to_follow(text):
    assert rendered.harm(safe(text)) == []


@settings(max_examples=400, deadline=None)
@given(texts, st.lists(st.integers(0, 120), max_size=30))
def test_it_does_not_matter_how_the_text_is_cut(text, cuts):
    assert streamed(text, cuts) == safe(text)


@settings(deadline=None)
@given(texts)
def test_what_is_safe_stays_as_it_is(text):
    once = safe(text)
    assert safe(once) == once


@settings(deadline=None)
@given(texts)
def test_nothing_hidden_is_left(text):
    made = safe(text)
    assert hidden.named(made) == ""
    assert "\r" not in made


HOSTILE = sorted((Path(__file__).parent / "hostile").glob("answer_*.md"))


def test_the_corpus_is_large_enough():
    assert len(list((Path(__file__).parent / "hostile").iterdir())) >= 40


@pytest.mark.parametrize("answer", HOSTILE, ids=lambda path: path.stem)
def test_a_hostile_answer_is_harmless_however_it_is_cut(answer):
    text = answer.read_bytes().decode()
    made = safe(text)
    assert made != text
    assert rendered.harm(made) == []
    assert hidden.named(made) == ""
    outside = re.sub(r"(?ms)^ *(```|~~~).*?^ *\1|`[^`\n]*`", "", made)
    assert not re.search(r"<[a-z/!]|!\[|\]\(|\b(javascript|command|data|file|vscode|http):\S", outside, re.IGNORECASE)
    for size in (1, 2, 3, 7):
        assert streamed(text, range(0, len(text), size)) == made


def test_most_of_the_corpus_would_do_harm():
    harmful = [path for path in HOSTILE if rendered.harm(path.read_bytes().decode())]
    assert len(harmful) >= 20


@pytest.mark.parametrize(
    "text",
    [
        "# Title\n\nSome *words*, **bold**, `List<int>` and `int | None`.\n\n1. one\n2. two\n\n> quoted\n",
        "Wait: a < b and x -> y, at 10:30, std::vector, a[0], f(x), 5 $ each.\n",
        "```python\ndef f(a: list[int]) -> str:\n\treturn '<b>' + \"](x)\"\n```\nDone.\n",
        "| a | b |\n| - | - |\n| `x` | 2 |\n",
        "- one\n  - two\n\n    ```js\n    a < b\n    ```\n",
        "See https://docs.gitlab.com/user/?a=b#c.\n",
    ],
)
def test_what_is_harmless_stays_as_it_is(text):
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("[docs](https://a.example/x?y=1)", "[docs] (https://a.example/x?y=1)"),
        ("![alt](https://a.example/p.png)", "image: [alt] (https://a.example/p.png)"),
        ("<https://a.example/p>", "https://a.example/p"),
        ("[x](command:evil)", "[x] (command&#58;evil)"),
        ("List<int>", "List&lt;int>"),
        ("```mermaid\nx\n```", "```text\nx\n```"),
        ("```{.python title=x}\nx\n````\n", "```python\nx\n```\n"),
        ("```c++ hl_lines=3\nx\n", "```c++\nx\n```"),
        ("- a\n  ```\nb\n```\n<i>", "- a\n  ```\n  b\n  ```\n&lt;i>"),
        ("a\n    ```\n    b\n    ```\n", "a\n\n    ```\n    b\n    ```\n"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\u202eb\u200bc", "abc"),
        ("---\na: b\n---\n", "\n---\na: b\n---\n"),
    ],
)
def test_links_are_shown_in_full_and_the_rest_as_text(text, made):
    assert safe(text) == made


def test_words_come_before_their_line_is_complete():
    whole = SafeMarkdown()
    assert whole.feed("Here is wh") == "Here is "
    assert whole.feed("at it does: ") == "what it does: "
    assert whole.feed("`a") == ""
    assert whole.feed("b` and www.") == ""
    assert whole.feed("x\nmore words") == "`ab` and www&#46;x\nmore "
    assert whole.finish() == "words"


def test_an_address_is_held_until_it_is_whole():
    whole = SafeMarkdown()
    assert whole.feed("see www. and ") == ""
    assert whole.finish() == "see www. and "


def test_a_long_line_in_small_pieces_takes_no_time_to_speak_of():
    whole = SafeMarkdown()
    for _ in range(50_000):
        whole.feed("`a | ")
    assert whole.finish().count("|") == 50_000
