"""How models that were trained to fill gaps want a gap written, where their server does not know it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import attrs

from duo_lsp.gateway.models.gap import Gap


@attrs.frozen
class Template:
    """The marks around the text before and after the gap, and those that end an answer, the likeliest first."""

    before: str
    after: str
    middle: str
    ends: tuple[str, ...]
    file: str = ""
    """Stands before another file's name; without it other files are left out."""

    @property
    def marks(self) -> tuple[str, ...]:
        """All of them, as they are when no blanks are around them."""
        all_ = (self.before, self.after, self.middle, self.file, *self.ends)
        return tuple(dict.fromkeys(mark.strip() for mark in all_ if mark.strip()))

    def prompt(self, gap: Gap) -> str:
        """The whole prompt; marks inside of a text are broken up, so that they are no marks."""
        files = "".join(f"{self.file}{self._plain(name)}\n{self._plain(text)}\n" for name, text in gap.files)
        own = f"{self.file}{self._plain(gap.file_name)}\n" if self.file and files else ""
        between = f"{self.before}{self._plain(gap.above)}{self.after}{self._plain(gap.below)}{self.middle}"
        return f"{files if self.file else ''}{own}{between}"

    def _plain(self, text: str) -> str:
        for mark in self.marks:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
        return text


TEMPLATES: Final[Mapping[str, Template]] = MappingProxyType(
    {
        "qwen": Template(  # Qwen2.5-Coder's README, "File-Level" and "Repository-Level Code Completion"
            "<|fim_prefix|>",
            "<|fim_suffix|>",
            "<|fim_middle|>",
            ("<|endoftext|>", "<|file_sep|>", "<|fim_pad|>", "<|im_end|>", "<|repo_name|>", "<|im_start|>"),
            "<|file_sep|>",
        ),
        "starcoder": Template(  # StarCoder2's paper, section 5.3
            "<fim_prefix>",
            "<fim_suffix>",
            "<fim_middle>",
            ("<|endoftext|>", "<file_sep>", "<fim_pad>", "<repo_name>"),
            "<file_sep>",
        ),
        "codellama": Template("<PRE> ", " <SUF>", " <MID>", ("<EOT>", "</s>")),  # Code Llama's infilling.py
        "deepseek": Template(  # DeepSeek-Coder's README, "Code Insertion"
            "<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", ("<｜end▁of▁sentence｜>", "<|EOT|>")
        ),
    }
)
_FAMILIES: Final = (
    ("qwen", "qwen"),
    ("codellama", "codellama"),
    ("code-llama", "codellama"),
    ("starcoder", "starcoder"),
    ("deepseek-coder", "deepseek"),
    ("deepseek_coder", "deepseek"),
)
MARKS: Final = tuple(dict.fromkeys(mark for each in TEMPLATES.values() for mark in each.marks))
"""Those of all models: none of them is code."""


def guess(model: str) -> Template | None:
    """The template that a model's name speaks of; None when it speaks of none."""
    name = model.lower()
    return next((TEMPLATES[template] for part, template in _FAMILIES if part in name), None)
