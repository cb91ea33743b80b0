"""What the engine without a model says, and when it is silent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp import wire
from duo_lsp.gateway import engines
from duo_lsp.gateway.engines import Completion
from duo_lsp.gateway.engines.builtin import corpus, foresight, names, suggestion
from waiting import best

MONEY = '''"""Money that customers owe."""

from decimal import Decimal

from shop.models import Customer, Invoice


def compute_invoice_total(invoice: Invoice) -> Decimal:
    """Sum the lines, tax included."""
    total = Decimal(0)
    for line in invoice.lines:
        total += line.amount * line.quantity
    return total


def render_invoice(invoice: Invoice) -> str:
    total = compute_invoice_total(invoice)
    return f"{invoice.number}: {total}"
'''
SENDING = '''"""How invoices reach their customers."""

from shop.models import Customer, Invoice
from shop.money import compute_invoice_total, render_invoice


def send_invoice(invoice: Invoice, mailer: Mailer) -> None:
    total = compute_invoice_total(invoice)
    text = render_invoice(invoice)
    mailer.send(invoice.customer.email, text)


def archive_invoice(invoice: Invoice, store: Store) -> None:
    total = compute_invoice_total(invoice)
    text = render_invoice(invoice)
    store.put(invoice.number, text)
'''
SHOP = {"/shop/money.py": MONEY, "/shop/sending.py": SENDING}


def learnt(texts: Mapping[str, str] = SHOP) -> corpus.Corpus:
    return corpus.learn(texts.items())


def request(above: str, below: str = "", name: str = "new.py", **items: str) -> wire.SuggestionRequest:
    context = tuple(wire.ContextItem("file", key.replace("_", "."), text) for key, text in items.items())
    return wire.SuggestionRequest(wire.CurrentFile(name, above, below), context=context)


def said(above: str, below: str = "", knows: corpus.Corpus | None = None, **items: str) -> str:
    return suggestion.suggest(request(above, below, **items), knows or learnt()).text


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("def print_invoice(invoice: Invoice) -> None:\n    text = rend", "er_invoice(invoice)"),
        (
            "def p(invoice: Invoice) -> None:\n    total = compute_invoice_total(invoice)\n    te",
            "xt = render_invoice(invoice)",
        ),
        ("from shop.models import Cust", "omer, Invoice"),
        ("def pay(invoice: Invoice) -> None:\n    total = compute_inv", "oice_total(invoice)"),
    ],
)
def test_the_workspace_finishes_the_line(above: str, expected: str) -> None:
    answer = said(above)
    assert len(answer) > 2
    assert expected.startswith(answer.partition("\n")[0])


@pytest.mark.parametrize("silence", [None, *wire.SILENCES])
@pytest.mark.parametrize("above", ["x = 1\ntext = rend", "# Create a function that adds two numbers.\n"])
def test_a_generation_is_a_completion_at_the_cursor_and_as_silent(above: str, silence: wire.Silence | None) -> None:
    asked = attrs.evolve(request(above), silence=silence)
    wished = attrs.evolve(asked, intent="generation", generation_type="comment", user_instruction="Write it all.")
    assert suggestion.suggest(wished, learnt()) == suggestion.suggest(asked, learnt())


def test_without_a_workspace_the_open_file_is_enough() -> None:
    assert said(SENDING + "\n\ndef f(invoice):\n    text = rend", knows=corpus.Corpus()).startswith("er_invoice")


def test_what_stands_below_the_cursor_is_known_too() -> None:
    assert said("text = rend", "\n" + SENDING, corpus.Corpus()).startswith("er_invoice")


def test_context_of_the_request_is_known_too() -> None:
    assert said("text = rend", knows=corpus.Corpus(), sending_py=SENDING).startswith("er_invoice")


def test_context_from_a_file_with_secrets_is_not_used() -> None:
    assert said("text = rend", knows=corpus.Corpus(), prod_env=SENDING) == ""


@pytest.mark.parametrize("above", ["", "qqq = zzz.", "import antigravity\n\nhovercraft(", "    ", "\n\n\n", "é😀"])
def test_what_was_never_seen_is_not_guessed(above: str) -> None:
    answer = suggestion.suggest(request(above), corpus.Corpus())
    assert answer == suggestion.UNSURE


def test_places_that_disagree_make_it_silent() -> None:
    lines = [f"value = source.{name}()" for name in ("alpha", "beta", "gamma", "delta")]
    assert said("value = source.", knows=learnt({"/a.py": "\n".join(lines * 3)})) == ""


def torn(times: int) -> corpus.Corpus:
    """A workspace in which one thing follows so many times as often as another."""
    lines = ["value = source.alpha()"] * times + ["value = source.beta()"]
    return learnt({"/a.py": "\n".join(lines * 2)})


@pytest.mark.parametrize(
    ("times", "who_speaks"), [(1, {"eager"}), (2, {"eager"}), (8, {"eager", "normal"}), (90, {*wire.SILENCES})]
)
def test_the_surer_it_has_to_be_the_less_it_says(times: int, who_speaks: set[str]) -> None:
    asked = request("value = source.")
    answers = {one: suggestion.suggest(attrs.evolve(asked, silence=one), torn(times)) for one in wire.SILENCES}
    assert {one for one, answer in answers.items() if answer.text} == who_speaks
    assert suggestion.suggest(asked, torn(times)) == answers["normal"]


def test_the_silence_tells_how_sure_it_is_and_had_to_be() -> None:
    answer = suggestion.suggest(request("value = source."), torn(2))
    assert answer == Completion(reason="Unsure here: 0.65 of 0.80.")


def test_what_is_hardly_too_unsure_does_not_look_sure_enough() -> None:
    assert suggestion.unsure(0.799, 0.8).reason == "Unsure here: 0.79 of 0.80."


def test_the_saved_copy_of_the_open_file_is_no_witness() -> None:
    shop = learnt({"/shop/a.py": "unusual_name = other_name\n" * 3})
    assert suggestion.suggest(request("unusual_", name="shop/b.py"), shop).text
    assert not list(suggestion.steps(request("unusual_name = ", name="shop/a.py"), shop))
    assert list(suggestion.steps(request("unusual_name = ", name="shop/b.py"), shop))


def test_a_name_that_fits_several_files_hides_none() -> None:
    shop = learnt({"/a/x.py": "one = two\n", "/b/x.py": "one = two\n"})
    assert not shop.places_of("x.py")
    assert shop.places_of("a\\x.py")


def test_it_is_the_same_every_time() -> None:
    above = "def print_invoice(invoice: Invoice) -> None:\n    text = rend"
    assert len({said(above, knows=learnt()) for _ in range(3)}) == 1


def test_text_right_of_the_cursor_makes_it_silent() -> None:
    above = "def print_invoice(invoice: Invoice) -> None:\n    text = rend"
    assert suggestion.suggest(request(above, "er()"), learnt()) == suggestion.TEXT_FOLLOWS


def test_closers_right_of_the_cursor_are_not_repeated() -> None:
    sending = SENDING.replace("render_invoice(invoice)", "render_invoice(invoice, title, footer)")
    knows = learnt({f"/{number}.py": sending for number in range(6)})
    above = "from shop.models import Invoice\n\ndef f(invoice: Invoice):\n    text = render_invoice(inv"

    def eager(below: str) -> str:
        return suggestion.suggest(attrs.evolve(request(above, below), silence="eager"), knows).text

    assert eager("\n").startswith("oice, title, footer)")
    assert eager(")\n") == "oice, title, footer"


def test_the_next_line_is_not_offered_again() -> None:
    loop = "for line in invoice.lines:\n    total += line.amount\n"
    knows = learnt({"/a.py": loop * 8})
    assert said("for line in invoice.lines:\n    total +=", "\n", knows) == " line.amount"
    below = "\n    line.amount\n"
    assert suggestion.suggest(request("for line in invoice.lines:\n    total +=", below), knows) == suggestion.REPEATS


def test_further_lines_follow_only_when_they_are_as_sure() -> None:
    block = (
        "try:\n    connection.open()\n    connection.send(message)\nfinally:\n    connection.close()\nunrelated_{}\n"
    )
    knows = learnt({"/a.py": "".join(block.format(number) for number in range(12))})
    answer = said("if x:\n    try:\n        connection.op", knows=knows)
    assert answer.startswith("en()\n        connection.send(message)")
    assert "other" not in answer


@pytest.mark.parametrize("lines", ['tel = "01234"\n', "sleep(1)\nwake_up(2)\n"])
def test_a_line_is_not_offered_over_and_over(lines: str) -> None:
    answer = said(lines * 12 + lines[:2], knows=corpus.Corpus())
    whole = (lines[:2] + answer).split("\n")
    assert len(whole[0]) > 2
    assert len(whole) == len(set(whole))


def test_a_block_is_indented_as_the_file_is() -> None:
    knows = learnt({"/a.py": "while running:\n    step_once(machine)\n" * 40})
    assert said("if x:\n\twhile runn", knows=knows) == "ing:\n\t\tstep_once(machine)"


@given(st.text(), st.text())
def test_nothing_typed_makes_it_fail_or_say_what_is_not_there(above: str, below: str) -> None:
    answer = suggestion.suggest(request(above, below), corpus.Corpus())
    assert bool(answer.text) != bool(answer.reason)


@pytest.mark.parametrize(
    "text",
    [
        " " * 90_000,
        "\t" * 90_000 + "x",
        "a " * 45_000,
        "(" * 90_000,
        "x" * 90_000,
        "\n" * 90_000,
        "a\n b\n" * 15_000,
        "".join(f"{number}\n" for number in range(15_000)),
    ],
    ids=["blanks", "tabs", "one word", "brackets", "one long word", "empty lines", "steps", "numbers"],
)
def test_no_text_takes_long(text: str) -> None:
    def taken(text: str) -> float:
        return best(lambda: suggestion.suggest(request(text, "\n" + text), corpus.Corpus()), times=2)

    ordinary = taken((SENDING * (len(text) // len(SENDING)))[: len(text) // 4])
    assert taken(text) < 10 * max(taken(text[: len(text) // 4]), ordinary)  # four times the text; squared it is 16


def test_the_unit_of_indentation_is_read_from_the_text() -> None:
    assert foresight.unit_of("if x:\n\ty") == "\t"
    assert foresight.unit_of("if x:\n  y") == "  "
    assert foresight.unit_of("x") == "    "


def test_names_are_offered_by_how_often_they_occur() -> None:
    known = names.Names({"total": 3, "today": 1, "t1": 1, "+": 9, "Total": 5})
    assert known.counted("to") == {"total": 3, "today": 1}
    assert names.parts(known.counted("to")) == {"total": 0.75, "today": 0.25}
    assert known.counted("x") == {}


async def test_the_engine_answers_without_a_workspace_and_beside_other_work() -> None:
    builtin = engines.make("builtin")
    answers = await asyncio.gather(*(builtin.complete(request(SENDING + "text = rend")) for _ in range(4)))
    assert {answer.text.partition("(")[0] for answer in answers} == {"er_invoice"}
    assert (builtin.name, builtin.index) == ("builtin", "none")
    await builtin.close()
