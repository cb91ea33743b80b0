"""Files that usually hold secrets stay at home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duo_lsp.privacy import excluded


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".ENV",
        ".envrc",
        ".env-production",
        "app/.env.production",
        "app/.env.local",
        "prod.env",
        "certs/server.pem",
        "certs/server.pem.bak",
        "certs/server.key~",
        "C:\\keys\\SERVER.KEY",
        "C:/keys/server.key.",
        "a.p8",
        "a.p12",
        "a.pkcs12",
        ".authinfo",
        ".boto",
        ".vault-password",
        "a.pfx",
        "a.jks",
        "vault.kdbx",
        "putty.ppk",
        "id_rsa",
        "id_rsa.pub",
        "id_ed25519_work",
        "id_ecdsa_sk",
        "/home/me/.ssh/config",
        "/home/me/.SSH/known_hosts",
        ".aws/credentials",
        ".aws/config",
        "/home/me/.kube/config",
        "/home/me/.docker/config.json",
        ".gnupg/x",
        "infra/main.tfvars",
        "infra/main.auto.tfvars.json",
        "infra/terraform.tfstate",
        "infra/terraform.tfstate.backup",
        "config/secrets.yml",
        "secrets.json",
        "config/credentials.yml.enc",
        "credentials.json",
        ".netrc",
        "_netrc",
        ".npmrc",
        ".pypirc",
        ".pgpass",
        ".htpasswd",
        ".git-credentials",
        "kubeconfig",
        "prod.kubeconfig",
        ".netrc.swp",
        "service-account-prod.json",
    ],
)
def test_stays_at_home(path):
    assert excluded.excluded_by(path)


@pytest.mark.parametrize(
    "path",
    [
        "environment.py",
        "keys.py",
        "keyboard.c",
        "secretary.txt",
        "src/token.py",
        "credentials.py",
        "src/credentials.rs",
        "idea.rs",
        "a.envelope",
        "main.tf",
        "ssh/config",
        "docker/config.json",
        "package.json",
        "a.bak",
        "~",
        ".",
        "",
    ],
)
def test_may_be_sent(path):
    assert excluded.excluded_by(path) is None


def test_names_the_pattern_that_decides():
    assert excluded.excluded_by("deploy/id_ed25519.pub") == "id_ed25519*"
    assert excluded.excluded_by("/home/me/.ssh/config") == ".ssh/"


@given(st.sampled_from(excluded.SEALED))
def test_the_pattern_that_seals_a_file_is_named(pattern):
    assert excluded.excluded_by(pattern.replace("*", "x")) == pattern


@given(st.text(max_size=30), st.sampled_from(["/", "\\"]))
def test_no_folder_makes_a_secret_harmless(folder, slash):
    assert excluded.excluded_by(f"{folder}{slash}.env")
