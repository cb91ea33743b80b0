"""Another scanner, which knows nothing of ours, looks at what is left."""

from detect_secrets.core import scan
from detect_secrets.settings import default_settings

from duo_lsp.privacy.redaction import redacted
from privacy.planted import PLANTED, leaked


def found(text):
    """What it takes for a secret, line by line."""
    with default_settings():
        return [hit.secret_value or "" for line in text.splitlines() for hit in scan.scan_line(line)]


def part_of(secret, value):
    """Whether what it found is the secret or a good part of it."""
    return bool(leaked(secret, value) or leaked(value, secret))


def test_it_finds_most_of_what_is_planted_and_nothing_of_it_afterwards():
    before = [planted.kind for planted in PLANTED if any(part_of(planted.secret, hit) for hit in found(planted.text))]
    after = {
        planted.kind: hit
        for planted in PLANTED
        for hit in found(redacted(planted.text))
        if part_of(planted.secret, hit)
    }
    assert len(before) >= 25  # it is awake
    assert after == {}


def test_whatever_it_finds_we_hide_too():
    missed = [
        planted.kind
        for planted in PLANTED
        if any(part_of(planted.secret, hit) for hit in found(planted.text)) and redacted(planted.text) == planted.text
    ]
    assert missed == []
