"""Secrets that are known by how they begin, or by an address they stand in: the tokens of services.

What they look like is taken from the services' documentation and the catalogue of gitleaks.
"""

from __future__ import annotations

from typing import Final

from duo_lsp.privacy.rules import Rule, is_mixed, shape, token
from duo_lsp.privacy.values import is_near, is_random

_HEX: Final = "0-9a-f"
_WORD: Final = "A-Za-z0-9"
_LONG: Final = 20
_PUBLIC: Final = ("BDRVJU", "BQVUJM", "BSU0EgUFVC")
"""`CERT`, `PUBL`, `RSA PUB` as base64 writes them there."""


def _is_key(rest: str) -> bool:
    """Whether what follows `sk-`, `hf_`, `npm_` and their like is no word: names in code begin so as well."""
    return any(char.isdigit() or char.isupper() for char in rest[:8])


def _is_encoded(value: str) -> bool:
    """Whether it is in base64, and no name of a class."""
    return is_mixed(value) and (any(map(str.isdigit, value)) or "=" in value or len(value) > _LONG)


TOKENS: Final[tuple[Rule, ...]] = (
    token(
        "GitLab",
        "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt- GR1348941",
        r"\w.-",
    ),
    token("GitHub", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"\w"),
    token("AWS key id", "AKIA ASIA ABIA ACCA", "A-Z2-7"),
    token("AWS Bedrock", "ABSKQ bedrock-api-key-", r"\w+/="),
    shape(
        "AWS secret key",
        "aws",
        r"aws[\w .-]{0,20}(?:secret|key)[\w .-]{0,20}[\"']?\s{0,8}[=:]{1,2}>?\s{0,8}[\"']?(?P<secret>[A-Z0-9/+]{8,})",
        is_mixed,
    ),
    token("Slack", "xoxb- xoxp- xoxa- xoxo- xoxs- xoxr- xoxe- xoxe.xox xapp-", r"\w.-"),
    shape(
        "Slack hook", "hooks.slack.com", r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[\w/+-]{4,})"
    ),
    shape("Discord hook", "/api/webhooks/", r"/api/webhooks/\d+/(?P<secret>[\w-]{4,})"),
    shape("Teams hook", "webhook.office.com", r"webhook\.office\.com/webhookb2/(?P<secret>[\w@/-]{4,})"),
    token("Stripe", "sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_ whsec_", _WORD),
    token("Google", "AIza GOCSPX- ya29.", r"\w.-"),
    token("makers of models", "sk-proj- sk-svcacct- sk-admin- sk-ant- sk-or-v1- xai- gsk_ pplx-", r"\w-"),
    token("OpenAI", "sk-", _WORD, _is_key),
    token("Hugging Face", "hf_ api_org_", "A-Za-z", _is_key),
    token("npm, Replicate", "npm_ r8_", _WORD, _is_key),
    token("PyPI", "pypi-Ag"),
    token("JSON web token", "eyJ", r"\w.-"),
    token("DigitalOcean", "dop_v1_ doo_v1_ dor_v1_", _HEX),
    token("Shopify", "shpat_ shpca_ shppa_ shpss_", "0-9a-fA-F"),
    token("SendGrid, Brevo", "SG. xkeysib- xsmtpsib-", r"\w.-", is_mixed),
    token("Mailgun", "key- pubkey-", _HEX, is_mixed),
    shape("Mailchimp", "-us", rf"(?<!\w)[{_HEX}]{{32}}-us\d{{1,2}}(?!\w)"),
    token("Twilio", "SK", _HEX, is_mixed),
    shape("Telegram", ":aa", r"(?<!\w)\d{8,10}:(?P<secret>AA[\w-]{6,})"),
    token("Databricks", "dapi", _HEX, is_mixed),
    token("Linear, Notion", "lin_api_ lin_oauth_ ntn_", _WORD),
    token("Postman, New Relic, Dynatrace", "PMAK- NRAK- NRJS- NRII- NRRA- dt0c01. dt0s16.", r"\w.-"),
    token("Grafana", "glsa_ glc_", r"\w+/=", is_mixed),
    token("Vault, Doppler", "hvs. hvb. hvr. dp.pt. dp.st. dp.sa. dp.ct. dp.scim.", r"\w-", is_mixed),
    shape("Terraform", ".atlasv1.", rf"[{_WORD}]{{1,32}}\.atlasv1\.[\w=-]+"),
    token("Atlassian", "ATATT3 ATCTT3 ATBB", r"\w=-"),
    shape("Azure", "q~", r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{2,}"),
    token("Sentry", "sntrys_ sntryu_", r"\w+/="),
    token("Supabase, PlanetScale", "sbp_ sb_secret_ pscale_tkn_ pscale_pw_ pscale_oauth_", r"\w.=-", is_mixed),
    token("RubyGems, Docker, Clojars", "rubygems_ dckr_pat_ dckr_oat_ CLOJARS_"),
    token("AWS session", "FwoGZXIvYXdz IQoJb3JpZ2lu", r"\w+/="),
    token("Artifactory", "AKCp", _WORD, is_mixed),
    token("Notion, old", "secret_", _WORD, lambda rest: len(rest) > _LONG and any(map(str.isdigit, rest))),
    token("a private key in base64", "LS0tLS1CRUdJTi", r"\w+/=", lambda rest: not rest.startswith(_PUBLIC)),
    shape(
        "a database's password",
        "identified",
        r"identified\s(?:with\s\w+\s)?by\s(?:password\s)?'(?P<secret>[^'\r\n]{4,})",
    ),
    shape(
        "the second half of a login",
        "auth credential getconnection pdo( wifi.begin",
        r"(?:auth|credentials?|getconnection|pdo|wifi\.begin)\s?=?\s?\([^()\r\n]{1,120},\s?[\"'](?P<secret>[^\s\"']{6,200})(?:[\"']\s?\)|[\"']?\s{0,2}\Z)",
        is_near,
    ),
    shape(
        "a cookie",
        "ession sid= token=",
        rf"\b(?:\w*session_?(?:id)?|sid|csrf_?token)=(?P<secret>[{_WORD}%.-]{{16,400}})",
        is_random,
    ),
    token("age", "AGE-SECRET-KEY-1", "A-Z0-9"),
    token("hosts", "HRKU- pul- fo1_ fm1_ fm2_ nfp_ tfp_ rnd_ tskey- figd_ sgp_", r"\w+/=-", is_mixed),
    token("payments", "sq0atp- sq0csp- EAAAE EZAK EZTK shippo_live_ shippo_test_ FLWSECK duffel_live_ duffel_test_"),
    token("clouds", "LTAI AKID AQVN", _WORD, is_mixed),
    shape("Firebase", ":apa91b", r"AAAA[\w-]{7}:APA91b[\w-]+"),
    shape("a signature in an address", "sig=", r"[?&]sig=(?P<secret>[\w%+/=-]{8,})"),
    shape(
        "a password behind -p",
        "sshpass mysql login",
        r"\b(?:sshpass|mysql\w{0,10}|(?:docker|podman|helm)\s(?:registry\s)?login)\b[^|;&\r\n]{0,200}?\s(?-i:-p)\s?"
        r"[\"']?(?P<secret>[^\s\"'$|;&-][^\s\"'|;&]{3,})",
    ),
    shape("a password's hash", "$", r"\$(?:2[abxy]|[156y]|argon2(?:id|i|d)|pbkdf2[\w-]{0,12}|scrypt)\$[\w./$=,+-]{8,}"),
    shape(
        "another authorization header",
        "authorization",
        r"authorization[\"']?\s?[:=,]\s?[\"'`]?[a-z-]{3,12}\s(?P<secret>[\w+/=.~-]{8,})",
        is_mixed,
    ),
    shape("an authorization header", "bearer", r"bearer\s{1,4}(?P<secret>[\w+/=.~-]{8,})", is_mixed),
    shape("a user and password in a header", "basic", r"basic\s{1,4}(?P<secret>[\w+/=.~-]{8,})", _is_encoded),
    shape("a user on a command line", "curl wget", r"\s(?:-u|--user)[\s=][\"']?[^\s:\"']{1,60}:(?P<secret>[^\s\"'$]+)"),
)
"""For each service the ways in which its tokens begin."""
