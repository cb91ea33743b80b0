"""Proxies: which one stands on the way, and what is said when it does not let us through."""

import contextlib
import os
import socket
import threading

import pytest

from duo_lsp import errors, proxies, wire
from duo_lsp.gitlab.client import Deadlines, GitLabClient
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.token_source import FixedToken
from duo_lsp.privacy.secrets import Secret
from waiting import HANG

REQUEST = wire.SuggestionRequest(wire.CurrentFile("a.py", "x"), intent="completion")
GITLAB = "https://gitlab.example.com:8443/prefix"
PROXY = "http://proxy.example.com:3128"


@pytest.mark.parametrize(
    ("given", "proxy"),
    [
        ({}, ""),
        ({"https": PROXY}, PROXY),
        ({"http": PROXY}, ""),
        ({"all": PROXY}, PROXY),
        ({"https": "proxy.example.com:3128"}, PROXY),
        ({"https": ""}, ""),
    ],
)
def test_the_environment_names_the_proxy(given, proxy):
    assert proxies.choose(GITLAB, given) == proxy


@pytest.mark.parametrize(
    ("exceptions", "address", "excepted"),
    [
        ("gitlab.example.com", GITLAB, True),
        ("GITLAB.example.COM", GITLAB, True),
        ("example.com", GITLAB, True),
        (".example.com", GITLAB, True),
        ("*.example.com", GITLAB, True),
        ("ample.com", GITLAB, False),
        ("gitlab.example.com:8443", GITLAB, True),
        ("gitlab.example.com:443", GITLAB, False),
        ("example.com:443", "https://gitlab.example.com", True),
        ("example.com:80", "http://gitlab.example.com", True),
        ("other.org, *", GITLAB, True),
        ("other.org gitlab.example.com", GITLAB, True),
        ("other.org,,", GITLAB, False),
        ("10.0.0.0/8", "https://10.1.2.3", True),
        ("10.0.0.0/8", GITLAB, False),
        ("10.1.2.3", "https://10.1.2.3:8443", True),
        ("10.1.2.3:8443", "https://10.1.2.3:8443", True),
        ("10.1.2.3:443", "https://10.1.2.3:8443", False),
        ("[2001:db8::1]", "https://[2001:db8::1]", True),
        ("2001:db8::/32", "https://[2001:db8::1]", True),
        ("[2001:db8::1]:443", "https://[2001:db8::1]", True),
        ("gitlab.example.com.", "https://gitlab.example.com.", True),
        (".", GITLAB, False),
    ],
)
def test_exceptions_are_hosts_domains_networks_and_ports(exceptions, address, excepted):
    given = {"https": PROXY, "http": PROXY, "no": exceptions}
    assert proxies.choose(address, given) == ("" if excepted else PROXY)


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "http://localhost", "https://[::1]", "https://127.9.9.9"])
def test_there_is_never_one_to_this_machine(address):
    assert proxies.choose(address, {"http": PROXY, "https": PROXY, "all": PROXY}) == ""


class Proxy:
    """Refuses every tunnel in its own words; remembers what it was asked."""

    def __init__(self, answer):
        self.asked = b""
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        with connection:
            self.asked = connection.recv(65536)
            connection.sendall(self._answer)

    def close(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # which wakes who waits in accept
        self._listener.close()
        self._thread.join(5)


@pytest.fixture
def proxy():
    made = Proxy(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    yield made
    made.close()


async def ask(network):
    tokens = FixedToken(Secret("glpat-secret-1234"))
    client = GitLabClient("https://gitlab.invalid", tokens, "duo-lsp/0", network, deadlines=Deadlines(completion=HANG))
    try:
        await client.complete(REQUEST)
    finally:
        await client.close()


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
async def test_the_variables_are_read_in_both_cases(proxy, monkeypatch, variable):
    monkeypatch.setenv(variable, proxy.url)
    with pytest.raises(errors.ProxyError, match="407") as raised:
        await ask(Network())
    assert proxy.asked.startswith(b"CONNECT gitlab.invalid:443 ")
    assert b"glpat" not in proxy.asked
    assert "setting proxy" in raised.value.hint


@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
async def test_so_are_the_exceptions(proxy, monkeypatch, variable):
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv(variable, "gitlab.invalid")
    with pytest.raises(errors.OfflineError, match="no such host"):
        await ask(Network())
    assert not proxy.asked


async def test_the_setting_comes_before_the_environment_and_may_name_a_person(proxy, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(errors.ProxyError) as raised:
        await ask(Network(proxy=Secret(proxy.url.replace("//", "//jane:s3cret@"))))
    assert b"Proxy-Authorization: Basic amFuZTpzM2NyZXQ=" in proxy.asked
    assert "s3cret" not in str(raised.value)


async def test_a_proxy_that_is_not_there_is_named(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://jane:s3cret@127.0.0.1:{port}")
    with pytest.raises(errors.ProxyError, match=rf"The proxy 127\.0\.0\.1:{port} cannot be reached") as raised:
        await ask(Network())
    assert "s3cret" not in str(raised.value)


async def test_another_refusal_of_the_proxy_is_told_as_such(monkeypatch):
    proxy = Proxy(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with pytest.raises(errors.ProxyError, match="does not let us through") as raised:
        await ask(Network())
    assert "407" not in str(raised.value)
    proxy.close()


def test_this_machine_has_no_proxies_in_tests():
    assert not [name for name in os.environ if name.lower().endswith("_proxy")]
    assert proxies.of_environment() == {}


def test_the_environments_proxies_are_read_where_there_are_some(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    assert proxies.of_environment()["https"] == "http://127.0.0.1:1"
