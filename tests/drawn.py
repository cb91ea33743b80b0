"""A buffer as a drawing: `█` is the cursor."""

from duo_lsp.protocol.documents import LineDocument
from duo_lsp.suggestions import context
from duo_lsp.suggestions.context import Here

CURSOR = "█"


def here(
    drawing: str,
    language_id: str = "python",
    uri: str = "file:///w/a.py",
    *,
    version: int = 1,
    folders: tuple[str, ...] = ("/w",),
) -> Here:
    """The one place that is drawn."""
    above, cursor, below = drawing.partition(CURSOR)
    assert cursor, "there is no cursor in the drawing"
    return between(above, below, language_id, uri, version=version, folders=folders)


def between(
    above: str,
    below: str = "",
    language_id: str = "python",
    uri: str = "file:///w/a.py",
    *,
    version: int = 1,
    folders: tuple[str, ...] = ("/w",),
) -> Here:
    """The place between two texts."""
    document = LineDocument(uri, above + below, version, language_id, "utf-32")
    lines = LineDocument("", above).lines
    return context.at(document, len(lines) - 1, len(lines[-1]), folders)
