"""What the command line chooses, and what of it does not go together."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from pathlib import Path
from typing import Final

import attrs

from duo_lsp.errors import UsageError
from duo_lsp.gateway import play
from duo_lsp.gateway.models import Wish

LOOPBACK: Final = "127.0.0.1"
MOST_REQUESTS: Final = 1_000_000
MOST_MEGABYTES: Final = 20
MOST_JOBS: Final = 10_000
MOST_CONNECTIONS: Final = 100_000
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _random_token() -> str:
    return secrets.token_urlsafe(32)


@attrs.frozen(eq=False)  # nobody compares two, and to write how takes time at every start
class Options:
    """One gateway."""

    port: int = 0
    """0 lets the system choose."""
    workspaces: tuple[Path, ...] = ()
    index_megabytes: int = 5
    """Of text that is learnt of them, at most."""
    limit: int = 60
    """Requests in a minute of one user; 0 is no limit."""
    engine: str = "builtin"
    wish: Wish = Wish()
    """Which model, for engines that have one."""
    child: bool = False
    """Whether stdin says which folders are open, and ends the process when it ends."""
    token: str = attrs.field(factory=_random_token, repr=False)
    gitlab: str = play.GITLAB
    """The version of GitLab that is played."""
    delay: int = 0
    """Milliseconds before every answer."""
    faults: tuple[str, ...] = ()
    """What goes wrong on purpose, as `[PATH=]KIND`."""
    legacy_stream: bool = False
    """Streams are raw text, as GitLab's were before 17.7."""
    off: tuple[str, ...] = ()
    """Features that are turned off, in GitLab's names."""
    listen: str = ""
    """ADDRESS:PORT, for more than this machine."""
    tls_cert: Path | None = None
    tls_key: Path | None = None
    hosts: tuple[str, ...] = ()
    """Names that clients call us by, beside those of this machine."""
    proxies: tuple[str, ...] = ()
    """Addresses or networks of those who speak for others and are believed."""
    token_file: Path | None = None
    """Whose tokens are taken beside the own one."""
    rate_store: str = attrs.field(default="", repr=False)
    """Where several gateways count together; it may hold a password."""
    jobs: int = 0
    """Requests worked on at once; 0 leaves it to the engine."""
    connections: int = 0
    """Connections at once; 0 leaves it to the engine."""
    access_log: bool = False

    @property
    def place(self) -> tuple[Address, int]:
        """Where to listen. Raises UsageError."""
        if not self.listen:
            return ipaddress.ip_address(LOOPBACK), self.port
        address, _, port = self.listen.rpartition(":")
        try:
            return ipaddress.ip_address(address.strip("[]")), int(port)
        except ValueError:
            raise UsageError(
                f"{self.listen!r} is no ADDRESS:PORT.", "Write it like 0.0.0.0:8443, or [::]:8443."
            ) from None

    @property
    def trusted(self) -> tuple[Network, ...]:
        """The proxies. Raises UsageError."""
        try:
            return tuple(ipaddress.ip_network(each) for each in self.proxies)
        except ValueError:
            raise UsageError("A trusted proxy is named by its address.", "Write 10.0.0.1, or 10.0.0.0/24.") from None

    @property
    def only_from(self) -> tuple[Network, ...]:
        """Who may connect; empty where everyone may."""
        return () if self.tls_cert or self.place[0].is_loopback else self.trusted

    @property
    def is_public(self) -> bool:
        """Whether others than this machine's programs come here, maybe through a proxy beside us."""
        return not self.place[0].is_loopback or bool(self.hosts or self.proxies)

    @property
    def welcome(self) -> tuple[str, ...]:
        """The names clients may call us by, beside those of this machine."""
        address = self.place[0]
        own = f"[{address}]" if address.version == 6 else str(address)
        return self.hosts if address.is_unspecified else (*self.hosts, own)

    def check(self) -> None:
        """Raises UsageError when the choices do not go together."""
        if self.listen and (self.child or self.port):
            raise UsageError("--listen goes with neither --child nor --port.", "Leave one of them out.")
        if (self.tls_cert is None) != (self.tls_key is None):
            raise UsageError("A certificate needs its key.", "Give both, --tls-cert and --tls-key.")
        if not 1 <= self.index_megabytes <= MOST_MEGABYTES:
            raise UsageError(
                f"An index of {self.index_megabytes} MB cannot be had.", f"Use 1 to {MOST_MEGABYTES} for it."
            )
        if not 0 <= self.limit <= MOST_REQUESTS:
            raise UsageError(f"A limit of {self.limit} cannot be used.", f"Use 1 to {MOST_REQUESTS}, or 0 for none.")
        if not 0 <= self.jobs <= MOST_JOBS or not 0 <= self.connections <= MOST_CONNECTIONS:
            raise UsageError(
                "That many jobs or connections cannot be had.", "Leave it out, or choose a smaller number."
            )
        for folder in self.workspaces:
            if not folder.is_dir():
                raise UsageError(f"There is no folder {folder}.", "Name one that is there with --workspace.")
        if not self.place[0].is_loopback:
            self._check_public()

    def _check_public(self) -> None:
        if not self.welcome:
            raise UsageError(
                "No other machine could call it by a name that it answers to.",
                "Say which one they use: --allow-host NAME.",
            )
        if not self.tls_cert and not self.trusted:
            raise UsageError(
                f"Tokens and code would cross the network to {self.listen} for everyone to read.",
                "Give --tls-cert and --tls-key, or --trusted-proxy with the address of who has them.",
            )
        if self.engine == "builtin" and not self.workspaces:
            raise UsageError(
                "The engine builtin shows what is in a folder to everyone who may ask.",
                "Say which folder that is: --workspace DIR.",
            )

    def url(self, port: int) -> str:
        """How clients reach us at this port."""
        address, _ = self.place
        named = self.hosts[0] if self.hosts and not address.is_loopback else str(address)
        host = f"[{named}]" if ":" in named else named
        return f"{'https' if self.tls_cert else 'http'}://{host}:{port}"


def family(address: Address) -> socket.AddressFamily:
    """The kind of socket for an address."""
    return socket.AF_INET6 if address.version == 6 else socket.AF_INET
