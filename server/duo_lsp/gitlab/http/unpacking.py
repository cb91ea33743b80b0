"""The bytes of a body, plain or packed by somebody on the way, and never more of them than we want."""

from __future__ import annotations

import zlib

_GZIP = 31
"""What zlib calls gzip's framing."""


class Unpacker:
    """Counts, and unpacks no further than it may count."""

    def __init__(self, encoding: str, most: int) -> None:
        """`most` is in bytes, after unpacking. Raises ValueError when the content encoding is not one we know."""
        known = encoding.strip().lower()
        if known not in ("", "identity", "gzip", "x-gzip"):
            raise ValueError("sent a packed answer although we asked for a plain one")
        self._packed = zlib.decompressobj(_GZIP) if known.endswith("gzip") else None
        self._most = most
        self._room = most

    def feed(self, chunk: bytes) -> bytes:
        """The plain bytes in these. Raises ValueError when they are too many, or packed badly."""
        plain = chunk if self._packed is None else self._unpacked(self._packed, chunk)
        self._room -= len(plain)
        if self._room < 0:
            raise ValueError(f"sent more than {self._most >> 10} KiB")
        return plain

    def end(self) -> None:
        """Nothing comes any more. Raises EOFError when something is missing."""
        if self._packed is not None and not self._packed.eof:
            raise EOFError

    def _unpacked(self, packed: zlib._Decompress, chunk: bytes) -> bytes:
        try:
            return packed.decompress(chunk, self._room + 1)
        except zlib.error as problem:
            raise ValueError("sent an answer that is packed badly") from problem
