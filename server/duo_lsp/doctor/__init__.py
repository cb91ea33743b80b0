"""What works and what does not, and what to do about it: one check after the other, the likely causes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

import attrs

from duo_lsp.doctor import ground, here, instance, way
from duo_lsp.doctor.scene import Finding, Look, Scene, bad
from duo_lsp.errors import DuoError
from duo_lsp.gitlab.choice import Choice
from duo_lsp.gitlab.upstream import Upstream

LONGEST: Final = 15.0
"""Seconds for one check, more than any request may take."""


@attrs.frozen
class Check:
    """One check; the next one is a function and a line in `CHECKS`."""

    name: str
    look: Look
    needs: tuple[str, ...] = ()
    """Without these there is no point in looking."""
    gitlab: bool = False
    """It is about an instance; where none is asked it is left out."""


CHECKS: Final = (
    Check("duo-lsp", ground.versions),
    Check("setting", ground.settings),
    Check("dns", way.names, gitlab=True),
    Check("tls", way.trust, needs=("dns",), gitlab=True),
    Check("proxy", way.proxy, gitlab=True),
    Check("token", ground.token),
    Check("upstream", instance.version, needs=("dns", "tls", "proxy")),
    Check("scopes", instance.scopes, needs=("upstream",), gitlab=True),
    Check("feature", instance.feature, needs=("upstream", "scopes"), gitlab=True),
    Check("suggestion", instance.suggestion, needs=("upstream", "scopes")),
    Check("left", instance.left, gitlab=True),
    Check("file", here.file),
    Check("counts", here.counts),
    Check("engines", here.engines),
)


async def examine(scene: Scene, checks: Sequence[Check] = CHECKS) -> AsyncIterator[Finding]:
    """What each check finds, as soon as it does; never raises what a check raises."""
    wrong: set[str] = set()
    for check in checks:
        if check.gitlab and not scene.address:
            continue
        for finding in await _found(check, scene, wrong):
            if not finding.fine or finding.skipped:
                wrong.add(check.name)
            yield attrs.evolve(finding, text=_plain(finding.text), remedy=_plain(finding.remedy))


async def examine_instance(scene: Scene, open_: Callable[[Choice], Upstream]) -> list[Finding]:
    """All findings over what a session runs already, but for one thing: it is GitLab that is looked at.

    Not whoever jumps in for it while it refuses, so that this is opened anew and closed again.
    """
    if not scene.choice.falls:
        return [finding async for finding in examine(scene)]
    choice = attrs.evolve(scene.choice, falls=False)
    upstream = open_(choice)
    try:
        return [found async for found in examine(attrs.evolve(scene, choice=choice, upstream=upstream))]
    finally:
        await upstream.close()


async def _found(check: Check, scene: Scene, wrong: set[str]) -> list[Finding]:
    missing = [name for name in check.needs if name in wrong]
    if missing:
        return [Finding(check.name, f"not looked at, because of what is wrong with {missing[0]}", skipped=True)]
    looking = asyncio.ensure_future(_looked(check, scene))
    done, _ = await asyncio.wait({looking}, timeout=LONGEST)
    if done:
        return looking.result()
    looking.cancel()
    await asyncio.wait({looking})
    return [bad(check.name, f"no answer within {LONGEST:g} s", "Check the network, then try again.")]


async def _looked(check: Check, scene: Scene) -> list[Finding]:
    try:
        return await check.look(scene)
    except DuoError as error:
        return [bad(check.name, error.sentence, error.hint)]
    except Exception as fault:  # noqa: BLE001 - a check that fails must not hide what the others find
        return [bad(check.name, f"could not be looked at ({type(fault).__name__})", "Please report this.")]


def _plain(text: str) -> str:
    """Without what steers a terminal: an instance names its own version, a setting may hold anything."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
