"""Bodies, plain and packed, never more than wanted."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.gitlab.http.unpacking import Unpacker


@given(st.binary(max_size=2000), st.integers(1, 50), st.sampled_from(["", "identity", "gzip", " GZIP", "x-gzip"]))
def test_what_was_packed_comes_out_whatever_the_pieces(plain, size, encoding):
    raw = gzip.compress(plain) if "gzip" in encoding.lower() else plain
    unpacker = Unpacker(encoding, 2000)
    assert b"".join(unpacker.feed(raw[at : at + size]) for at in range(0, len(raw), size)) == plain
    unpacker.end()


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_one_byte_too_many_is_refused(encoding):
    raw = gzip.compress(b"x" * 1025) if encoding else b"x" * 1025
    with pytest.raises(ValueError, match="more than 1 KiB"):
        Unpacker(encoding, 1024).feed(raw)


def test_a_bomb_is_never_unpacked():
    bomb = gzip.compress(bytes(300 << 20), 1)
    with pytest.raises(ValueError, match="more than"):
        Unpacker("gzip", 2 << 20).feed(bomb)


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip"])
def test_other_packings_are_refused(encoding):
    with pytest.raises(ValueError, match="packed"):
        Unpacker(encoding, 1024)


def test_what_is_packed_badly_is_refused():
    with pytest.raises(ValueError, match="badly"):
        Unpacker("gzip", 1024).feed(zlib.compress(b"x"))


def test_a_packed_body_that_breaks_off_is_noticed():
    unpacker = Unpacker("gzip", 1024)
    unpacker.feed(gzip.compress(b"x" * 100)[:-3])
    with pytest.raises(EOFError):
        unpacker.end()
