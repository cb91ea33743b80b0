"""A gateway for a team: several people, each with a token of their own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2 as httpx

from duo_lsp import wire
from duo_lsp.gateway import token_file
from duo_lsp.gateway.users import Users
from gateway import rig


class Team:
    """Tokens by name, in a file."""

    def __init__(self, folder: Path, names: Sequence[str] = ("ann", "bob")) -> None:
        self.file = folder / "tokens.json"
        self.tokens = {name: token_file.add(self.file, name) for name in names}

    def headers(self, name: str) -> dict[str, str]:
        return {"PRIVATE-TOKEN": self.tokens[name]}

    def client(self, engine: rig.MadeUp, **more: Any) -> httpx.AsyncClient:
        """Talks to a gateway in this process; who asks says so with `headers`."""
        made = rig.client(engine, users=Users(self.file, time.monotonic), **more)
        del made.headers["Authorization"]
        return made


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    argv = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    argv += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*argv, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


async def suggested(client: httpx.AsyncClient, headers: dict[str, str], above: str = "x") -> httpx.Response:
    return await client.post(wire.COMPLETIONS_PATH, json=rig.body(above), headers=headers)
