"""How a gap is written for models that know marks."""

from __future__ import annotations

import pytest

from duo_lsp.gateway.models import fim
from duo_lsp.gateway.models.gap import Gap

GAP = Gap("a.py", "def f(", "):\n")


@pytest.mark.parametrize(
    ("name", "prompt"),
    [
        ("qwen", "<|fim_prefix|>def f(<|fim_suffix|>):\n<|fim_middle|>"),
        ("starcoder", "<fim_prefix>def f(<fim_suffix>):\n<fim_middle>"),
        ("codellama", "<PRE> def f( <SUF>):\n <MID>"),
        ("deepseek", "<｜fim▁begin｜>def f(<｜fim▁hole｜>):\n<｜fim▁end｜>"),  # noqa: RUF001
    ],
)
def test_each_kind(name: str, prompt: str) -> None:
    assert fim.TEMPLATES[name].prompt(GAP) == prompt


def test_other_files_stand_before_where_the_model_knows_such() -> None:
    gap = Gap("a.py", "x", "y", (("b.py", "z = 1"),))
    assert fim.TEMPLATES["qwen"].prompt(gap) == (
        "<|file_sep|>b.py\nz = 1\n<|file_sep|>a.py\n<|fim_prefix|>x<|fim_suffix|>y<|fim_middle|>"
    )
    assert fim.TEMPLATES["deepseek"].prompt(gap) == fim.TEMPLATES["deepseek"].prompt(Gap("a.py", "x", "y"))


@pytest.mark.parametrize("template", fim.TEMPLATES.values())
def test_marks_in_a_file_are_no_marks(template: fim.Template) -> None:
    hostile = "".join(template.marks)
    prompt = template.prompt(Gap("a.py" + hostile, hostile, hostile, (("b.py", hostile),)))
    for mark in (template.before, template.after, template.middle):
        assert prompt.count(mark.strip()) == 1
    assert all(mark.strip() not in prompt for mark in template.ends if mark != template.file)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("qwen2.5-coder:1.5b", "qwen"),
        ("Qwen/Qwen2.5-Coder-7B", "qwen"),
        ("starcoder2:3b", "starcoder"),
        ("codellama:7b-code", "codellama"),
        ("meta/Code-Llama-7b", "codellama"),
        ("deepseek-coder:6.7b", "deepseek"),
        ("gemma3:1b", ""),
    ],
)
def test_a_name_tells_the_kind(model: str, name: str) -> None:
    assert fim.guess(model) == fim.TEMPLATES.get(name)
