"""Fenced code, written so that every renderer sees it begin and end where we do (CommonMark 0.31, 4.5)."""

from __future__ import annotations

import re
from typing import Final

import attrs

_OPENER: Final = re.compile(r"([ \t]*)(`{3,}(?=[^`]*\Z)|~{3,})(.*)\Z")
_NAME: Final = re.compile(r"[ \t]*\{?\.?([A-Za-z][\w+#.-]{0,30})(?=[\s}:,]|\Z)")
_DRAWN: Final = (
    "actdiag blockdiag bpmn bytefield c4plantuml d2 dbml diagramsnet ditaa dot erd excalidraw geojson "
    "graphviz kroki latex-math math mermaid nomnoml nwdiag packetdiag pikchr plantuml puml rackdiag seqdiag "
    "stl structurizr suggestion svg svgbob symbolator tikz topojson uml umlet vega vega-lite vegalite "
    "wavedrom wireviz "
)
"""Languages of pictures, which renderers draw, some by asking another server, and of changes to be applied."""
_TAB: Final = 4
_DEEP: Final = 4
"""Blanks from which on a renderer may see indented code, or the paragraph above going on."""


@attrs.frozen
class Fence:
    """A fence that is open."""

    marks: str
    indent: int
    """Columns."""
    language: str

    @property
    def opener(self) -> str:
        """Its first line."""
        return f"{' ' * self.indent}{self.marks}{self.language}"

    @property
    def closer(self) -> str:
        """Its last line; a renderer takes none that stands elsewhere for sure."""
        return " " * self.indent + self.marks

    @property
    def is_deep(self) -> bool:
        """Whether it has to follow an empty line, so that nobody sees it as the end of a paragraph."""
        return self.indent >= _DEEP

    def is_closed_by(self, line: str) -> bool:
        """Whether this line is its end, wherever it stands."""
        bare = line.strip(" \t")
        return len(bare) >= len(self.marks) and not bare.strip(self.marks[0])

    def code(self, line: str) -> str:
        """A line of it, in from the margin at least as far as the fence: else it would leave the list it stands in."""
        if not line.strip(" \t"):
            return ""
        return line if _columns(line) >= self.indent else " " * self.indent + line


def opened(line: str) -> Fence | None:
    """The fence that this line opens."""
    found = _OPENER.match(line)
    if found is None:
        return None
    name = _NAME.match(found[3])
    language = name[1].lower() if name else ""
    return Fence(found[2], _columns(found[1]), "text" if language in _DRAWN.split() else language)


def _columns(line: str) -> int:
    """How far in from the margin a line begins."""
    blanks = line[: len(line) - len(line.lstrip(" \t"))]
    return len(blanks.expandtabs(_TAB))
