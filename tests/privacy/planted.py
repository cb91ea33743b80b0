"""Made-up secrets of many kinds, each in the line or lines it would stand in.

The letters are drawn by chance, and nothing here was ever valid.
"""

from __future__ import annotations

import random
import string
from typing import Final

import attrs

_DRAW: Final = random.Random(20)  # the same letters every time
_LETTERS: Final = string.ascii_letters + string.digits


def drawn(count: int, letters: str = _LETTERS) -> str:
    """So many letters by chance."""
    return "".join(_DRAW.choices(letters, k=count))


def _key_body() -> str:
    return "\n".join(
        ["MIIEvQ" + drawn(58, _LETTERS + "+/"), *(drawn(64, _LETTERS + "+/") for _ in range(3)), drawn(22) + "=="]
    )


@attrs.frozen
class Planted:
    """A secret, and the text around it."""

    kind: str
    before: str
    secret: str
    after: str = "\n"

    @property
    def text(self) -> str:
        """All of it."""
        return self.before + self.secret + self.after


_JWT: Final = ".".join(("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJ" + drawn(60), drawn(43, _LETTERS + "-_")))
_HEX: Final = "0123456789abcdef"
KEY: Final = _key_body()

PLANTED: Final = (
    Planted("gitlab", 'client = gitlab.Gitlab(url, "', "glpat-" + drawn(20), '")\n'),
    Planted("gitlab, routable", "curl --header x:", "glpat-" + drawn(27) + ".01." + drawn(9, _HEX), "\n"),
    Planted("github", "# old: ", "ghp_" + drawn(36)),
    Planted("github, fine", 'pat = "github_pat_', drawn(22) + "_" + drawn(59), '"\n'),
    Planted("aws id", "aws_access_key_id = ", "AKIA" + drawn(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
    Planted("aws secret", "aws_secret_access_key = ", drawn(40, _LETTERS + "/+")),
    Planted("slack", "SLACK = '", f"xoxb-{drawn(12, string.digits)}-{drawn(12, string.digits)}-{drawn(24)}", "'\n"),
    Planted("slack hook", '"https://hooks.slack.com/services/', f"T{drawn(9)}/B{drawn(9)}/{drawn(24)}", '",\n'),
    Planted("stripe", "stripe.api_key = '", "sk_live_" + drawn(24), "'\n"),
    Planted("google", "  key: ", "AIza" + drawn(35, _LETTERS + "-_")),
    Planted("openai", "client = OpenAI(sk-proj-", drawn(48, _LETTERS + "-_"), ")\n"),
    Planted("openai, old", "OPENAI=", "sk-" + drawn(48)),
    Planted("anthropic", "export X=", "sk-ant-api03-" + drawn(80, _LETTERS + "-_")),
    Planted("hugging face", "login(token=", "hf_" + drawn(34, string.ascii_letters), ")\n"),
    Planted("npm", "//registry.example/:_authToken=", "npm_" + drawn(36)),
    Planted("sendgrid", "sg = '", f"SG.{drawn(22)}.{drawn(43)}", "'\n"),
    Planted("twilio", "twilio('", "SK" + drawn(32, _HEX), "')\n"),
    Planted("telegram", "bot = Bot('123456789:", "AA" + drawn(33, _LETTERS + "-_"), "')\n"),
    Planted("digitalocean", "do: ", "dop_v1_" + drawn(64, _HEX)),
    Planted("shopify", "shop = '", "shpat_" + drawn(32, _HEX), "'\n"),
    Planted("json web token", 'cookies["session"] = "', _JWT, '"\n'),
    Planted("bearer", '    headers={"Authorization": "Bearer ', drawn(40), '"},\n'),
    Planted("basic", "Authorization: Basic ", drawn(32) + "=="),
    Planted("password", 'password = "', "correct-horse-battery-staple", '"\n'),
    Planted("password with blanks", "passphrase: '", "correct horse battery staple", "'\n"),
    Planted("password in json", '  "db_password": "', "p&s$" + drawn(14), '",\n'),
    Planted("password with escapes", 'val dbPassword: String = "', 'hunt\\"er' + drawn(10), '"\n'),
    Planted("api key", "const apiKey = `", drawn(32), "`;\n"),
    Planted("client secret", "client_secret => '", drawn(32, _LETTERS + "~_-"), "',\n"),
    Planted("password in an environment", "  - POSTGRES_PASSWORD=", "tr0ub4dor&3" + drawn(8)),
    Planted("password in an address", "postgres://app:", "x9!" + drawn(16), "@db.internal:5432/app\n"),
    Planted("connection string", '"Server=db;User Id=sa;Password=', "Zx9" + drawn(15), ';Encrypt=yes"\n'),
    Planted("azure storage", "AccountName=a;AccountKey=", drawn(86, _LETTERS + "+/") + "=="),
    Planted("private key", "-----BEGIN RSA PRIVATE KEY-----\n", KEY, "\n-----END RSA PRIVATE KEY-----\n"),
    Planted(
        "private key in code",
        'KEY = """-----BEGIN OPENSSH PRIVATE KEY-----\n',
        KEY,
        '\n-----END OPENSSH PRIVATE KEY-----"""\n',
    ),
    Planted(
        "private key in json",
        '  "key": "-----BEGIN PRIVATE KEY-----\\n',
        KEY.replace("\n", "\\n"),
        '\\n-----END PRIVATE KEY-----\\n",\n',
    ),
)
"""A kind each."""

SEEN: Final = 8
"""So many characters of a secret, one after the other, must never leave."""


def leaked(secret: str, *texts: str) -> str:
    """The first piece of a secret that stands in one of these texts; empty when none does."""
    pieces = (secret[at : at + SEEN] for at in range(len(secret) - SEEN + 1))
    return next((piece for piece in pieces if any(piece in text for text in texts)), "")
