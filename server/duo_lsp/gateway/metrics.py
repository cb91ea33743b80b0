"""Figures for Prometheus; the extra `team` brings what writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from duo_lsp.gateway.observing import Seen

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Counter, Histogram

BUCKETS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds."""


@attrs.frozen
class Metrics:
    """How many requests there were, how they went, and how long they took; no user is named."""

    registry: CollectorRegistry
    requests: Counter
    seconds: Histogram

    def observe(self, seen: Seen) -> None:
        """Count one request."""
        self.requests.labels(seen.method, seen.path, str(seen.status)).inc()
        self.seconds.labels(seen.path).observe(seen.seconds)

    def text(self) -> tuple[bytes, str]:
        """All figures in Prometheus' text format, and its content type."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return generate_latest(self.registry), CONTENT_TYPE_LATEST


def make() -> Metrics | None:
    """Figures that begin at zero; None where the library is not installed."""
    try:
        from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
    except ImportError:
        return None
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    name = "duo_lsp_gateway_request"
    return Metrics(
        registry,
        Counter(f"{name}s", "Requests answered", ("method", "path", "status"), registry=registry),
        Histogram(f"{name}_seconds", "Time to the end of the answer", ("path",), buckets=BUCKETS, registry=registry),
    )
