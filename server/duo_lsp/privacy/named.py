"""Secrets that are known by the name they stand behind: passwords above all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

import attrs

from duo_lsp.privacy import names, values
from duo_lsp.privacy.names import Name, Weight
from duo_lsp.privacy.rules import Span

_TYPE: Final = r"(?:\s{0,4}:\s{0,4}(?:&'static )?[\w.\[\]|&<>*? ]{1,40}?|\sAs\s\w{1,20}|\[\w{0,20}\])?"
_BECOMES: Final = (
    rf"[\\\"'`\])]{{0,3}}{_TYPE}(?:\s{{0,20}}[-+?!|.:]{{0,2}}[:=]{{1,3}}>?\s{{0,20}}|\s{{0,4}}<-\s{{0,4}}"
    r"|\)?\s{1,4}(?:\?\?|\|\||or)\s{1,4})"
)
"""From the name to the value: `=`, `:`, `=>`, `:=`, `<-`, `or`, with a type between; `==` too."""
_QUOTE: Final = r"[bBfFrRuUNLc@$&]{0,3}\\?(?P<quote>\"\"\"|'''|[\"'`])"
_QUOTED: Final = r"(?P<secret>(?:\\(?:[^\r\n]|(?=[\r\n]|\Z))|(?!(?P=quote))[^\r\n\\]){1,4000})"
"""No alternative begins where another could: nothing is tried twice. Python 3.11.2 has a fault in `++`."""
_FIRST: Final = r"[^\s\"'`;,&|<>(){}\[\]$%*\\]"
_BARE: Final = rf"(?P<secret>{_FIRST}[^\s\"'`;,&|<>(){{}}\[\]\\]{{3,400}})"
_BARE_TO_END: Final = (
    rf"(?P<secret>{_FIRST}(?:[^\s\"'`;,&|<>(){{}}\[\]\\]{{3,400}}"
    r"|[^\s\"'`(){}\[\]\\]{2,399}[^\s\"'`(){}\[\]\\;,]))"
)
_WORD: Final = r"(?P<secret>(?:(?!(?P=quote))[^\s\\]){4,400})(?:(?P=quote)|\s{0,2}\Z)"
"""Closed, or still being typed at the line's end."""
_ASKS: Final = "(?i:get|read|load|fetch|ask|prompt|input|find|new|is_|has|needs?|require|make|gen|no_?|import|from)"
"""Functions that take the name of a secret, or a question for one."""
_LONGEST_BEFORE: Final = 60
_APOSTROPHE: Final = re.compile(r"(?<=\w)(?<!\b[bBfFrRuUNL])(?<!\b[bBfFrRuU]{2})'(?=\w)")
MOST_NAMES: Final = 500
"""Names of secrets that are looked at in one line; what follows more of them is hidden to the line's end."""


@attrs.frozen(eq=False)
class Named:
    """How a secret may stand behind its name."""

    name: str
    expression: str
    """What follows the name; its group `secret` is what is hidden."""
    accepts: Callable[[str], bool]
    least: Weight = Weight.TOKEN
    most: Weight = Weight.PASSWORD
    before: str = ""
    """What has to stand before the name."""
    in_capitals: bool = False
    only_bare: bool = False
    """Only where texts need no quotes: in the languages of configuration and of shells."""
    opens: bool = False
    """The quote in the expression has to be one that begins a text, not one that ends another."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, made when it is needed for the first time."""
        return re.compile(self.expression)

    def span(self, text: str, at: Name) -> Span | None:
        """Where the secret stands that this name announces."""
        if self.in_capitals and not text[at.start : at.end].isupper():
            return None
        if self.before and not re.search(self.before, text[max(0, at.start - _LONGEST_BEFORE) : at.start]):
            return None
        found = self.pattern.match(text, at.end)
        if not found or not self.accepts(found["secret"]):
            return None
        if self.opens and (found.start("quote") == at.end or _ends_a_text(text, found.start("quote"), found["quote"])):
            return None
        return found.span("secret")


NAMED: Final = (
    Named(
        "a quoted password",
        _BECOMES + r"[(\[{]?\s{0,4}" + _QUOTE + _QUOTED,
        values.is_literal,
        Weight.PASSWORD,
    ),
    Named("a quoted token", _BECOMES + _QUOTE + _QUOTED, values.is_token, Weight.TOKEN, Weight.TOKEN),
    Named(
        "a random text behind a key",
        rf"\w{{0,20}}{_BECOMES}{_QUOTE}(?P<secret>[\w+/=.~-]{{16,}})(?P=quote)",
        values.is_random,
        Weight.VAGUE,
        Weight.VAGUE,
    ),
    Named(
        "a password being typed",
        rf"[\s(=:,>\[\]\"'`{{)?|.!+-]{{0,24}}?{_QUOTE}(?!(?P=quote)){_QUOTED}[\r\n]*\Z",
        values.is_literal,
        opens=True,
    ),
    Named(
        "a password given to a function or a command",
        rf"\s{{0,4}}\(?\s{{0,2}}{_QUOTE}{_WORD}",
        values.is_given,
        Weight.PASSWORD,
        before=rf"(?:\A|[\s.:#,(;!-])(?!{_ASKS})[A-Za-z_]{{0,20}}\Z",
        opens=True,
    ),
    Named(
        "the second of two texts",
        rf"[\"'`],\s{{0,4}}{_QUOTE}{_WORD}\s?(?:\)|\Z)",
        values.is_given,
        Weight.PASSWORD,
        before=r"\(\s?[\"'`][\w.:-]{0,40}\Z",
    ),
    Named(
        "the value of a field",
        rf"[\w-]{{0,10}}[\"'`]?,?\s{{0,4}}[\"']?(?:[Vv]alue|[Dd]efault)[\"']?\s?[=:]\s?{_QUOTE}{_WORD}",
        values.is_given,
        before=r"[\"'`][\w.:-]{0,40}\Z",
    ),
    Named(
        "a text near a password's name",
        r"[\"'`]?[^\"'`\r\n]{1,40}[\"'`](?P<secret>[^\s\"'`]{8,400})",
        values.is_near,
    ),
    Named(
        "a variable of the environment",
        r"(?:_[A-Z0-9]{1,20}){0,3}=[\"']?(?P<secret>[^\s\"'`;,&|<>(){}\[\]$%*\\][^\s\"'`;]{3,400})",
        values.is_set,
        in_capitals=True,
    ),
    Named(
        "a password in YAML or an INI file",
        rf"[\"']?\s{{0,20}}(?:=\s{{0,20}}|:\s{{1,20}}){_BARE_TO_END}\s{{0,20}}(?:#.*)?\s{{0,2}}\Z",
        values.is_bare,
        before=r"\A\s{0,40}(?:[-+#]\s{1,3})?[\"']?[\w.-]{0,40}\Z",
    ),
    Named(
        "a password where no quotes are needed",
        r"(?:\s{0,20}[=:]\s{0,20}|\s{1,4})(?P<secret>[^\s\"'`$%{}<>\[\](*&!|>#\\-]\S{3,400})(?:\s{1,20}#.*)?\s{0,20}\Z",
        values.is_written,
        Weight.PASSWORD,
        before=r"\A\s{0,40}(?:[-+#]\s{1,3}|export\s{1,3}|local\s{1,3})?(?:(?:ENV|ARG|setx|setenv|set\s-\w{1,3})\s{1,3})?[\"']?[\w.-]{0,40}\Z",
        only_bare=True,
    ),
    Named(
        "a password in a connection string",
        rf"\s?=\s?{_BARE}",
        values.is_set,
        before=r"(?:[?&;\"']\s?[\w.-]{0,20}|/:_\w{0,20})\Z",
    ),
    Named("the first in a connection string", rf"\s?=\s?{_BARE}(?=;[A-Za-z])", values.is_bare),
    Named(
        "a password in a list of words",
        rf"\s?=\s?{_BARE}",
        values.is_bare,
        before=r"\w=[^\s,]+\s+[\w.-]{0,20}\Z",
    ),
    Named(
        "a password in XML",
        r"[\"']?>(?:<!\[CDATA\[)?(?P<secret>[^<>\s@][^<>\s]{3,400})",
        values.is_literal,
        Weight.PASSWORD,
        before=r"<[\w:.-]{0,40}(?:\s[^<>]{0,40}=[\"'][\w.-]{0,20})?\Z",
    ),
    Named(
        "a password on a command line",
        rf"[\s=]{_BARE}",
        values.is_bare,
        before=r"--[\w-]{0,20}\Z",
    ),
    Named(
        "a password on a command line, after =",
        rf"={_BARE}",
        values.is_set,
        before=r"--[\w-]{0,20}\Z",
    ),
    Named(
        "a password among others",
        rf"=\s?{_BARE}",
        values.is_set,
        before=r"\b(?:host|user|dbname|port|server|uid)=[^\s,]{1,60}\s{1,4}[\w.-]{0,20}\Z",
    ),
    Named(
        "a password to fall back to",
        r":(?P<secret>[^}\s]{4,400})\}",
        values.is_literal,
        Weight.PASSWORD,
        before=r"\$\{[\w.-]{0,40}\Z",
    ),
    Named(
        "a header",
        rf":\s{{1,3}}{_BARE}",
        values.is_bare,
        before=r"[\"'\s][\w-]{0,20}\Z",
    ),
    Named(
        "a password in netrc",
        r"\s+(?P<secret>\S{4,400})",
        values.is_bare,
        Weight.PASSWORD,
        before=r"\blogin\s+\S+\s+\Z",
    ),
)
"""For each way of writing, what stands behind a name."""
_BY_WEIGHT: Final = {weight: tuple(rule for rule in NAMED if rule.least <= weight <= rule.most) for weight in Weight}


def spans(text: str, lower: str, *, bare: bool = False) -> Iterator[Span]:
    """Where secrets stand in one line, because of the names before them; what is found is not searched for names.

    `bare` says that texts need no quotes in this language.
    """
    end = count = 0
    for at in names.find(lower):
        count += at.weight > Weight.VAGUE
        if count > MOST_NAMES:
            yield at.start, len(text)
            return
        rules = (rule for rule in _BY_WEIGHT[at.weight] if at.start >= end and (bare or not rule.only_bare))
        found = [span for rule in rules if (span := rule.span(text, at))]
        yield from found
        end = max((right for _, right in found), default=end)


def _ends_a_text(text: str, at: int, quote: str) -> bool:
    """Whether a text that began before in the line ends with this quote."""
    before = text[:at]
    if quote == "'":
        before = _APOSTROPHE.sub("", before)
    return before.count(quote[0]) % 2 == 1 or (quote == "`" and "``" in text[max(0, at - 1) : at + 2])
