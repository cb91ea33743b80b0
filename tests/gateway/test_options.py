"""What of the command line does not go together, and what follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from duo_lsp.errors import UsageError
from duo_lsp.gateway import arguments, server
from duo_lsp.gateway.options import Options
from duo_lsp.shell import arguments as command_line
from gateway import team

CERT = {"tls_cert": Path("cert.pem"), "tls_key": Path("key.pem")}
FOLDER = {"workspaces": (Path(),)}
EVERYWHERE: dict[str, Any] = {"listen": "0.0.0.0:8443", "hosts": ("duo",), **CERT, **FOLDER}


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        ({"listen": "8443"}, "no ADDRESS:PORT"),
        ({"listen": "example.com:8443"}, "no ADDRESS:PORT"),
        ({"listen": "127.0.0.1:x"}, "no ADDRESS:PORT"),
        ({"listen": "127.0.0.1:8443", "child": True}, "neither --child nor --port"),
        ({"listen": "127.0.0.1:8443", "port": 1}, "neither --child nor --port"),
        (EVERYWHERE | {"tls_key": None}, "needs its key"),
        (EVERYWHERE | {"tls_cert": None, "tls_key": None}, "for everyone to read"),
        (EVERYWHERE | {"workspaces": ()}, "to everyone who may ask"),
        ({"proxies": ("proxy.example.com",), "listen": "10.0.0.1:80"}, "named by its address"),
        (EVERYWHERE | {"hosts": ()}, "a name that it answers to"),
        ({"workspaces": (Path("/no/such/folder"),)}, "no folder /no/such/folder"),
        ({"limit": -1}, "limit of -1 cannot be used"),
        ({"index_megabytes": 0}, "index of 0 MB cannot be had"),
        ({"index_megabytes": 21}, "Use 1 to 20"),
        ({"jobs": -1}, "cannot be had"),
        ({"connections": 1_000_000}, "cannot be had"),
    ],
)
def test_refuses(chosen: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        Options(**chosen).check()


@pytest.mark.parametrize(
    ("chosen", "url", "welcome", "only_from"),
    [
        ({}, "http://127.0.0.1:7", ("127.0.0.1",), []),
        ({"listen": "[::1]:0"}, "http://[::1]:7", ("[::1]",), []),
        (EVERYWHERE | {"hosts": ("duo.example.com",)}, "https://duo.example.com:7", ("duo.example.com",), []),
        ({"listen": "10.1.1.1:80", **CERT, **FOLDER}, "https://10.1.1.1:7", ("10.1.1.1",), []),
        ({"listen": "10.1.1.1:80", "proxies": ("10.1.1.2", "10.2.0.0/16"), **FOLDER},
         "http://10.1.1.1:7", ("10.1.1.1",), ["10.1.1.2/32", "10.2.0.0/16"]),
        ({"listen": "10.1.1.1:80", "engine": "fixed", **CERT}, "https://10.1.1.1:7", ("10.1.1.1",), []),
    ],
)  # fmt: skip
def test_knows_where_it_is(chosen: dict[str, Any], url: str, welcome: tuple[str, ...], only_from: list[str]) -> None:
    options = Options(**chosen)
    options.check()
    assert (options.url(7), options.welcome, [str(each) for each in options.only_from]) == (url, welcome, only_from)


def test_the_command_line_says_it_all(home: Path) -> None:
    given = (
        "gateway --listen 127.0.0.1:0 --tls-cert c --tls-key k --allow-host a --allow-host b --trusted-proxy 10.0.0.1"
    )
    more = " --jobs 3 --connections 9 --rate-store redis://localhost --token-file t --access-log --off access_rest_chat"
    options = arguments.chosen(command_line.parser().parse_args((given + more).split()), {})
    assert (options.listen, options.tls_cert, options.tls_key) == ("127.0.0.1:0", Path("c"), Path("k"))
    assert (options.hosts, options.proxies, options.jobs, options.connections) == (("a", "b"), ("10.0.0.1",), 3, 9)
    assert (options.rate_store, options.token_file, options.access_log) == ("redis://localhost", Path("t"), True)
    plain = command_line.parser().parse_args(["gateway"])
    options = arguments.chosen(plain, {arguments.STORE: "redis://:secret@localhost", arguments.TOKEN: "mine"})
    assert (options.rate_store, options.token) == ("redis://:secret@localhost", "mine")
    assert "secret" not in repr(options)
    assert options.token_file
    assert options.token_file.is_relative_to(home)
    assert arguments.chosen(command_line.parser().parse_args(["gateway", "--child"]), {}).token_file is None


def test_a_key_that_is_none_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    cert, key = team.certificate(tmp_path)
    for one, other in ((cert, cert), (tmp_path / "no", key)):
        with pytest.raises(UsageError, match="cannot be used"):
            server.serve(Options(listen="127.0.0.1:0", tls_cert=one, tls_key=other), lambda _url, _token: None)
