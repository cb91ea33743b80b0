"""Looking at many lines at once finds what looking at each of them finds."""

from hypothesis import example, given
from hypothesis import strategies as st

from duo_lsp.privacy import names, next_line, redaction
from duo_lsp.privacy.haystack import Haystack

PIECES = [
    *(word for word, _ in redaction.WORDS),
    *(word for word, _ in redaction.WORDS[:20] for word in (word.upper(), word + "a1B2c3D4e5F6g7H8")),
    *names.WORDS,
    *('password = "hunter22"', "PASSWORD=hunter22", "secret:", "glpat-abcdefgh1234", *"İKß \t\u2028"),
]
LINES = st.lists(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=4).map("".join), max_size=8)


@given(LINES, st.booleans())
@example(["İ password = 'hunter22'", "İ glpat-abcdefgh1234", "", "token"], False)
def test_every_line_says_what_it_says_alone(lines, bare):
    looked = redaction.look(lines, bare=bare)
    alone = {line: redaction.starred(line, redaction.spans(line, bare=bare)) for line in lines}
    assert looked.stars == {line: stars for line, stars in alone.items() if line != stars}
    announced = {line: next_line.opening(line, names.lower(line)) for line in lines}
    assert looked.openings == {line: opening for line, opening in announced.items() if opening is not None}


@given(st.text())
def test_where_no_word_stands_there_is_no_name(text):
    lower = names.lower(text)
    assert any(word in lower for word in names.WORDS) or not list(names.find(lower))


@given(st.sampled_from(PIECES))
def test_every_name_has_one_of_the_words(piece):
    lower = names.lower(piece)
    assert any(word in lower for word in names.WORDS) or not list(names.find(lower))


def test_a_word_is_found_in_letters_of_any_case_once_a_line():
    lines = Haystack(["nothing", "an akia here", "AKIA there, AKIA again", ""], 4)
    assert lines.lines_with(["akia", "glpat-"]) == ["an akia here", "AKIA there, AKIA again"]
    assert Haystack([], 4).lines_with(["akia"]) == []


def test_long_words_are_given_by_a_mark_they_have():
    haystack = Haystack(["ab_cd a_b", "AB-CDE ab_cd", "abcde"], 5)
    assert haystack.long_words("_") == "ab_cd"
    assert haystack.long_words("-") == "ab-cde"
    assert set(haystack.long_words("").split()) == {"ab_cd", "ab-cde", "abcde"}
    assert haystack.long_words(".") == ""
