"""The way to an instance, over real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

import gitlab_server as gitlab
from doctor import scenes
from doctor.scenes import at
from gitlab import certificates
from gitlab.certificates import Certificates
from waiting import HANG


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def closed_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where somebody listens and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def skipped(found):
    return [name for name, finding in found.items() if finding.skipped]


async def test_a_name_nobody_knows(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    found = await scenes.examined(at("https://nobody.invalid"), patience=HANG)
    assert found["dns"].text == "nobody knows nobody.invalid"
    assert "baseUrl" in found["dns"].remedy
    assert skipped(found) == ["tls", "upstream", "scopes", "feature", "suggestion"]


async def test_a_port_where_nobody_listens(closed_port):
    found = await scenes.examined(at(f"http://127.0.0.1:{closed_port}"))
    assert found["dns"].fine
    assert "does not accept connections" in found["tls"].text
    assert found["tls"].remedy


async def test_a_server_that_says_nothing_does_not_hold_the_doctor_up(silent):
    found = await scenes.examined(at(f"https://127.0.0.1:{silent}"), patience=0.2)
    assert found["tls"].text == f"127.0.0.1:{silent} does not answer within 0.2 s"


async def test_a_certificate_nobody_vouches_for_names_the_setting(made):
    with gitlab.running(made.server()) as server:
        found = await scenes.examined(at(server.url))
    assert "certificate that is not trusted" in found["tls"].text
    assert "httpAgentOptions.ca" in found["tls"].remedy
    assert "upstream" in skipped(found)


async def test_a_certificate_of_an_authority_in_the_settings_is_well(made):
    with gitlab.running(made.server()) as server:
        found = await scenes.examined(at(server.url, httpAgentOptions={"ca": str(made.ca)}))
    assert found["tls"].text.startswith("TLSv1.")
    assert found["upstream"].fine


async def test_an_authority_that_cannot_be_read_is_named():
    found = await scenes.examined(at("https://127.0.0.1:9", httpAgentOptions={"ca": "/no/such/file"}))
    assert "httpAgentOptions.ca names a file" in found["tls"].text


async def test_who_speaks_no_tls():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse() -> None:
            with listener.accept()[0] as connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=refuse, daemon=True).start()
        found = await scenes.examined(at(f"https://127.0.0.1:{listener.getsockname()[1]}"))
    assert "does not speak TLS" in found["tls"].text


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
async def test_a_proxy_that_is_dead(monkeypatch, closed_port, variable):
    monkeypatch.setenv(variable, f"http://127.0.0.1:{closed_port}")
    found = await scenes.examined(at("https://gitlab.example.com"))
    assert found["dns"].text == "left to the proxy"
    assert found["proxy"].text == f"127.0.0.1:{closed_port} does not accept connections"
    assert "HTTPS_PROXY" in found["proxy"].remedy
    assert skipped(found) == ["upstream", "scopes", "feature", "suggestion"]


async def test_a_proxy_that_wants_a_password_is_named_without_it():
    with gitlab.running() as proxy:
        address = proxy.url.replace("http://", "http://me:hunter2@")
        found = await scenes.examined(at("https://gitlab.example.com", proxy=address))
    assert found["proxy"].text == f"{proxy.url.partition('//')[2]} answers"
    assert not found["upstream"].fine
    assert "hunter2" not in str(found)


async def test_to_this_machine_no_proxy_is_taken(monkeypatch, gitlab_server):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    found = await scenes.examined(at(gitlab_server.url))
    assert found["proxy"].text == "none"
    assert found["upstream"].fine
