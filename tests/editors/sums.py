"""The file every editor opens, and a GitLab that finishes what stands in it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from gitlab_server import Request

COMMAND = Path(sys.executable).with_name("duo-lsp")
OPENING = "import sys\nimport os\n\nA = 1\nB = 2\nC = 3\nD = 4\n\n\ndef add(a, b):\n"
SHAPES = "\n".join(f"def area_{n}(shape):\n    return shape.width * shape.height\n" for n in range(8))
"""What the local engine learns from."""
AREA = "def area(shape):\n\n\ndef other():\n    pass\n"


def finishing(rest: str) -> Callable[[Request], str]:
    """Answers with what is left of this text after the longest part of it that stands before the cursor."""

    def answer(request: Request) -> str:
        above = request.above
        typed = max((n for n in range(len(rest) + 1) if above.endswith(rest[:n])), default=0)
        return rest[typed:]

    return answer
