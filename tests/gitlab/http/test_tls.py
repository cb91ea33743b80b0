"""Whom we trust, over real sockets."""

import ssl
import warnings

import pytest

import gitlab_server as gitlab
from duo_lsp import errors, wire
from duo_lsp.gitlab.client import Deadlines, GitLabClient
from duo_lsp.gitlab.http import tls
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from gitlab import certificates
from waiting import HANG

REQUEST = wire.SuggestionRequest(wire.CurrentFile("a.py", "x"), intent="completion")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return certificates.make(tmp_path_factory.mktemp("certificates"))


async def ask(server, network):
    tokens = FixedToken(Secret("glpat-secret-1234"))
    client = GitLabClient(server.url, tokens, "duo-lsp/0", network, deadlines=Deadlines(completion=HANG))
    try:
        return (await client.complete(REQUEST)).texts
    finally:
        await client.close()


async def test_an_authority_named_in_the_settings_is_trusted(made):
    with gitlab.running(made.server()) as server:
        server.answer = "x"
        assert await ask(server, Network(ca=str(made.ca))) == ("x",)


async def test_an_authority_nobody_named_is_not(made):
    with gitlab.running(made.server()) as server:
        with pytest.raises(errors.UntrustedError, match="certificate") as raised:
            await ask(server, Network())
        assert "httpAgentOptions.ca" in raised.value.hint
        assert not server.requests


async def test_a_certificate_for_another_name_is_not_taken(made):
    with gitlab.running(made.server()) as server:
        server.url = server.url.replace("127.0.0.1", "127.0.0.2")
        with pytest.raises(errors.OfflineError):
            await ask(server, Network(ca=str(made.ca)))
        assert not server.requests


async def test_the_persons_own_certificate_is_shown(made):
    with gitlab.running(made.server(wants_client=True)) as server:
        server.answer = "x"
        shown = Network(ca=str(made.ca), cert=str(made.client), cert_key=str(made.client_key))
        assert await ask(server, shown) == ("x",)
        with pytest.raises(errors.UpstreamError):
            await ask(server, Network(ca=str(made.ca)))


async def test_old_versions_of_tls_are_not_spoken(made):
    old = made.server()
    with warnings.catch_warnings(action="ignore"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with gitlab.running(old) as server:
        with pytest.raises(errors.OfflineError):
            await ask(server, Network(ca=str(made.ca)))
        assert not server.requests


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_nothing_turns_the_check_off(made, platform):
    for network in (Network(), Network(ca=str(made.ca), cert=str(made.client), cert_key=str(made.client_key))):
        context = tls.context(network, platform)
        assert context.verify_mode == ssl.CERT_REQUIRED
        assert context.check_hostname
        assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert tls.empty().verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize("name", ["ca", "cert"])
@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_file_that_cannot_be_used_is_named(tmp_path, name, content):
    path = tmp_path / "file.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(errors.SettingError, match=rf"httpAgentOptions\.{name} names a file.*file\.pem"):
        tls.context(Network(ca=str(path)) if name == "ca" else Network(cert=str(path)))


def test_nobody_is_asked_for_a_passphrase(made, tmp_path):
    locked = tmp_path / "locked.key"
    certificates._openssl(
        tmp_path, "ec", "-in", str(made.client_key), "-aes128", "-passout", "pass:secret", "-out", str(locked)
    )
    with pytest.raises(errors.SettingError, match="cert"):
        tls.context(Network(cert=str(made.client), cert_key=str(locked)))


def test_where_openssl_knows_no_bundle_the_usual_places_are_looked_at(made, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")
    monkeypatch.setattr(tls, "_BUNDLES", ("/nowhere", str(made.ca)))
    assert tls.context(Network(), "linux").get_ca_certs()
