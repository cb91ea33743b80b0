"""Nobody is asked twice for what is known."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from clock import Clock
from drawn import between
from duo_lsp.suggestions import places
from duo_lsp.suggestions.cache import MAX_AGE, Cache, Rest


def cache(**limits):
    return Cache(Clock(), **limits)


def put(known, here, *texts, reason="", **how):
    return known.put(places.of(here), dict.fromkeys(texts, ""), reason, **how)


def rest(known, above, below=""):
    found = known.rest(between(above, below))
    return None if found is None else found.text


texts = st.text("ab\n é😀(", min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(texts, st.sampled_from([1, 2_000]), texts, st.text("ab\n)", max_size=20), st.data())
def test_typing_along_gives_exactly_the_rest(above, times, answer, below, data):
    known, above = cache(), f"{above}\n" * (times - 1) + above
    given_id = put(known, between(above, below), answer).id
    typed = data.draw(st.integers(0, len(answer) - 1))
    assume(answer[typed:].strip())
    found = known.rest(between(above + answer[:typed], below))
    assert found is not None
    assert (found.id, found.text) == (given_id, answer[typed:])


@settings(max_examples=200, deadline=None)
@given(texts, texts, texts, st.text("ab\n)", max_size=5))
def test_a_rest_never_contradicts_the_lines_at_the_cursor(above, answer, now, below):
    known = cache()
    put(known, between(above, below), answer)
    found = known.rest(between(now, below))
    if found is not None and found.exact:
        assert (now + found.text).endswith("\n".join((above + answer).split("\n")[-3:]))


@settings(max_examples=100, deadline=None)
@given(texts, texts, st.text("ab\n", max_size=5))
def test_typed_to_its_end_by_hand_is_a_new_question_but_not_after_accepting(above, answer, below):
    known = cache()
    id_ = put(known, between(above, below), answer).id
    assert rest(known, above + answer, below) is None
    known.accept(id_)
    assert rest(known, above + answer, below) == ""
    assert rest(known, above + answer + "x", below) is None


def test_the_same_place_asked_again_costs_nothing():
    known = cache()
    put(known, between("a"), "bc")
    assert rest(known, "a") == rest(known, "a") == "bc"


def test_that_there_is_nothing_to_offer_is_known_too():
    known = cache()
    put(known, between("a"), "", reason="There is nothing.")
    found = known.rest(between("a"))
    assert found is not None
    assert (found.text, found.reason) == ("", "There is nothing.")
    assert rest(known, "ab") is None


def test_going_back_to_a_place_that_was_asked_about_finds_its_answer():
    known = cache()
    put(known, between("f"), "oo(bar)")
    put(known, between("fx"), "yz")
    assert rest(known, "f") == "oo(bar)"


def test_the_newest_answer_for_a_place_counts():
    known = cache()
    put(known, between("f"), "old")
    put(known, between("f"), "new")
    assert rest(known, "f") == "new"


@pytest.mark.parametrize(
    ("typed", "paired", "expected"),
    [
        ("(", ")", "a, b"),
        ("(a", ")", ", b"),
        ("(a, b", ")", ""),
        ("(", "]", None),
        ("(", ") ", None),
    ],
)
def test_a_bracket_the_editor_closed_is_not_closed_again(typed, paired, expected):
    known = cache()
    put(known, between("f", "\nx"), "(a, b)")
    assert rest(known, "f" + typed, paired + "\nx") == expected


@pytest.mark.parametrize(("answer", "typed", "paired"), [("a\n", "a", ""), ("a =  ", "a =", ""), ("(a, )", "(a,", ")")])
def test_blanks_that_are_left_are_nothing_to_offer(answer, typed, paired):
    known = cache()
    put(known, between("x = ", "\n"), answer)
    assert rest(known, f"x = {typed}", f"{paired}\n") in (None, "")


def test_an_answer_grows_old():
    clock = Clock()
    known = Cache(clock)
    put(known, between("a"), "bc")
    clock.now += MAX_AGE
    assert rest(known, "a") == "bc"
    clock.now += 0.1
    assert rest(known, "a") is None


def test_what_is_not_to_keep_only_gets_its_number():
    known = cache()
    assert put(known, between("a"), "b", keep=False).id
    assert rest(known, "a") is None


def test_forgets_a_document_or_all():
    known = cache()
    put(known, between("a"), "b")
    put(known, between("a", uri="file:///w/b.py"), "b")
    known.forget("file:///w/b.py")
    known.forget("file:///w/b.py")
    assert known.rest(between("a", uri="file:///w/b.py")) is None
    assert rest(known, "a") == "b"
    known.clear()
    assert rest(known, "a") is None


def test_accepting_what_nobody_knows_does_nothing():
    known = cache()
    put(known, between("a"), "b")
    known.accept("999")
    assert rest(known, "a") == "b"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), texts, st.integers(1, 400)), max_size=40))
def test_no_sequence_of_answers_takes_more_than_its_bound(answers):
    known = cache(max_bytes=20_000)
    kept = {}
    for document, text, times in answers:
        place = between("a" * times, uri=f"file:///w/{document}.py")
        answer = put(known, place, text * times)
        kept[answer.id] = answer
        assert known.bytes <= 20_000
    held = [known.rest(between("a" * times, uri=f"file:///w/{document}.py")) for document, _, times in answers]
    ids = {found.id for found in held if found is not None}
    assert sum(kept[id_].size for id_ in ids) <= 20_000


def test_an_answer_too_large_to_keep_leaves_the_others_alone():
    known = cache(max_bytes=5_000)
    put(known, between("a"), "b")
    put(known, between("ab"), "c" * 10_000)
    assert rest(known, "a") == "b"
    assert rest(known, "ab") is None


def test_the_texts_of_an_answer_are_offered_in_its_order_and_before_what_was_known():
    known = cache()
    put(known, between("a"), "bcd")
    put(known, between("ab"), "cx", "cd", "cy")
    assert [one.text for one in known.rests(between("ab"))] == ["cx", "cd", "cy"]
    assert [one.text for one in known.rests(between("abc"))] == ["x", "d", "y"]
    assert [one.text for one in known.rests(between("a"))] == ["bcd", "bcx", "bcy"]


def test_what_was_asked_for_behind_the_cursor_comes_last():
    known = cache()
    put(known, between("x = f"), "oo")
    put(known, between("x = fx"), "yz")
    assert [(one.text, one.exact) for one in known.rests(between("x = f"))] == [("oo", True), ("xyz", False)]


def test_a_longer_text_goes_on_where_an_accepted_one_ends():
    known = cache()
    put(known, between("a"), "b(c)\nd")
    short = put(known, between("a"), "b(c)")
    known.accept(short.id)
    assert rest(known, "ab(c)") == "\nd"


def test_lines_of_an_answer_that_still_comes_are_for_who_has_typed_into_them():
    known = cache()
    begun = put(known, between("a"), "b\nc", id_="7", begun=True)
    assert begun.id == "7"
    assert rest(known, "a") is None
    assert rest(known, "ab") == "\nc"
    assert rest(known, "ab\nc") is None


def test_the_whole_answer_takes_the_place_of_its_first_lines_accepted_or_not():
    known = cache()
    put(known, between("a"), "b\nc", id_="7", begun=True)
    known.accept("7")
    assert rest(known, "ab\nc") is None
    put(known, between("a"), "b\nc\nd", id_="7")
    assert rest(known, "ab\nc") == "\nd"
    assert rest(known, "ab\nc\nd") == ""
    assert len(known.rests(between("ab"))) == 1


def test_a_place_where_there_is_nothing_says_nothing_of_the_places_around():
    known = cache()
    put(known, between("x = ab"), reason="There is nothing.")
    assert rest(known, "x = ab") == ""
    assert rest(known, "x = a") is None
    assert rest(known, "x = abc") is None


def test_what_follows_is_for_who_has_come_to_the_end_of_what_was_shown():
    known = cache()
    place = places.of(between("a"))
    id_ = known.put(place, {"b": "b\nc\nd"}).id
    assert known.rest(between("a")) == Rest(id_, "b")
    assert known.rest(between("ab")) == Rest(id_, "\nc\nd", goes_on=True)
    assert known.rest(between("ab\nc")) == Rest(id_, "\nd", goes_on=True)
    assert known.rest(between("ab\n  c")) == Rest(id_, "\n  d", exact=False, goes_on=True)
    assert known.rest(between("ax")) is None
    assert known.rest(between("ab\nc\nd")) is None
    known.accept(id_)
    assert rest(known, "ab") == "\nc\nd"
    assert rest(known, "ab\nc\nd") == ""
