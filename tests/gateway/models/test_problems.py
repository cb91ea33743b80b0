"""Why a model gave no answer."""

from __future__ import annotations

import pytest

from duo_lsp.errors import ModelError
from duo_lsp.gateway.models import problems


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (401, "", problems.KeyRefusedError),
        (403, "No.", problems.KeyRefusedError),
        (400, "request exceeds the available context size", problems.TooLongError),
        (400, "Unsupported param: suffix", problems.NoGapsError),
        (501, "Infill is not supported by this model: prefix token is missing.", problems.NoGapsError),
        (404, "model 'x' not found", problems.NoSuchModelError),
        (404, "The model `x` does not exist.", problems.NoSuchModelError),
        (400, "no such model", problems.NoSuchModelError),
        (503, "Loading model", ModelError),
        (404, "File Not Found", problems.AwayError),
        (405, "", problems.AwayError),
        (500, "boom", ModelError),
        (200, "the model crashed", ModelError),
    ],
)
def test_a_refusal_is_known_by_status_and_words(status: int, said: str, kind: type[ModelError]) -> None:
    error = problems.refused(status, said, "Ollama at here", "Start it.")
    assert type(error) is kind
    assert error.sentence.startswith("Ollama at here ")
    assert error.sentence.endswith(".")
    assert error.hint


def test_models_are_named_but_not_by_the_hundred() -> None:
    many = [f"m{number}" for number in range(100)]
    assert str(problems.which("It", "x", many, "")).endswith("It has m0, m1, m2, m3, m4, m5, m6, m7, ....")
