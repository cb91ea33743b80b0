"""Files that usually hold secrets stay at home."""

import pytest

from duo_lsp.privacy import excluded


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "app/.env.production",
        "prod.env",
        "certs/server.pem",
        "C:\\keys\\SERVER.KEY",
        "id_rsa",
        "home/.ssh/config",
        ".aws/credentials",
        "infra/main.tfvars",
        "infra/terraform.tfstate.backup",
        "config/secrets.yml",
        ".netrc",
        "kubeconfig",
    ],
)
def test_stays_at_home(path):
    assert excluded.excluded_by(path)


@pytest.mark.parametrize(
    "path", ["environment.py", "keys.py", "secretary.txt", "src/token.py", "idea.rs", "a.envelope", ""]
)
def test_may_be_sent(path):
    assert excluded.excluded_by(path) is None


def test_names_the_pattern_that_decides():
    assert excluded.excluded_by("deploy/id_ed25519.pub") == "id_ed25519*"
