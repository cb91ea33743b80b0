"""Comments are found in one pass, and only comments."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duo_lsp import languages
from duo_lsp.suggestions import comments


def pieces(text, language_id):
    return [text[span.start : span.end] for span in comments.find(text, languages.BY_ID[language_id])]


@pytest.mark.parametrize(
    ("language_id", "text", "expected"),
    [
        ("python", "a # b\nc", ["# b"]),
        ("python", "# a\n  # b\nc", ["# a\n  # b"]),
        ("python", "'#' \"#\" '\\'#'", []),
        ("python", '"""a""" + b', ['"""a"""']),
        ("python", "'unclosed # no", []),
        ("javascript", "a /* b */ c // d", ["/* b */", "// d"]),
        ("javascript", "/a/ / b", []),
        ("javascript", "s.replace(/\\/*$/, '') // b", ["// b"]),
        ("javascript", "if (/[/*]/.test(s)) // b", ["// b"]),
        ("javascript", "[\n  /^a\\/*$/,\n  /b/,\n] /* c */", ["/* c */"]),
        ("javascript", "x => /https?:\\/\\//.test(x)", []),
        ("javascript", "f(/a", []),
        ("javascript", "x = a / b /* c */ / d", ["/* c */"]),
        ("typescriptreact", "<br /> {/* b */}", ["/* b */"]),
        ("vue", "glob('./pages/*.vue'); isn't /* b */", ["/* b */"]),
        ("svelte", "x = '//a' // b", ["// b"]),
        ("go", "a(`\\`, x) // b\nc(`/* d`)", ["// b"]),
        ("kotlin", 'a("""\\""") // b', ["// b"]),
        ("rust", "'\"' // b", ["// b"]),
        ("vb", "x = 1 ' b", ["' b"]),
        ("clojure", "'a \\; ; b", ["; b"]),
        ("vue", "<!-- a -->\n<b>don't</b> // c", ["<!-- a -->", "// c"]),
        ("ruby", "x = 1 =begin\n=begin\na\n=end", ["=begin\na\n=end"]),
        ("javascript", "a = b.split(/[/*]/) // c", ["// c"]),
        ("javascript", "return /\\/\\*'\"/g; /* c */", ["/* c */"]),
        ("javascript", "a = b / c / d // e", ["// e"]),
        ("javascript", "a = <b></b>; // e", ["// e"]),
        ("typescript", "f(/a/, /[']/) // e", ["// e"]),
        ("ruby", "a =~ /#/ # e", ["# e"]),
        ("json", '{"a": "// b"} // c', []),
    ],
)
def test_comments_are_found_and_nothing_else(language_id, text, expected):
    assert pieces(text, language_id) == expected


@settings(max_examples=150, deadline=None)
@given(st.text("ab \n\"'`#/*-{}!<>=\\%;", max_size=60), st.sampled_from(sorted(languages.BY_ID)))
def test_spans_stand_in_order_and_cover_nothing_twice(text, language_id):
    at = 0
    for span in comments.find(text, languages.BY_ID[language_id]):
        assert at <= span.start < span.end <= len(text)
        at = span.end


@pytest.mark.parametrize(
    "text",
    [
        '"' * 26_000,
        "'" * 26_000,
        "= /" + "[" * 26_000,
        " /[a" * 6_500,
        "/*" * 13_000,
        "# \n" * 9_000,
        "\\" * 26_000,
        "a" * 26_000,
    ],
)
@pytest.mark.parametrize("language_id", ["python", "javascript", "rust", "latex"])
def test_odd_long_texts_are_read_to_their_end(text, language_id):
    spans = comments.find(text, languages.BY_ID[language_id])
    assert len(comments.without(text, spans)) <= len(text)


@pytest.mark.parametrize("language_id", sorted({language.id for language in languages.BY_ID.values()}))
def test_a_cursor_right_behind_a_backslash_holds_up_nobody(language_id):
    language = languages.BY_ID[language_id]
    for opened in ("", *language.texts, *language.quotes, *(start for start, _ in language.blocks)):
        text = f"\n{opened}a text that goes on and on \\"
        assert sum(span.end - span.start for span in comments.find(text, language)) <= len(text)


METHOD = '''    def is_{name}(self) -> bool:
        """
        Returns whether the entry is one.
        """
        if self._known is None:
            self._known = self._look()
        return stat.S_IS{name}(self._known.mode)

'''


@pytest.mark.parametrize("start", range(0, 2 * len(METHOD), 7))
def test_a_text_that_begins_somewhere_in_a_class_is_not_read_inside_out(start):
    text = "".join(METHOD.format(name=name) for name in ("REG", "DIR", "LNK", "FIFO"))
    begun = text[text.find("\n", start) + 1 :]
    python = languages.of("x.py", "python")
    assert not comments.find(begun, python, is_cut=True)[-1].is_open
    docstring = begun + '    def is_SOCK(self) -> bool:\n        """\n        Returns'
    assert comments.find(docstring, python, is_cut=True)[-1].is_open
