"""All checks in order, against a GitLab, our own gateway, and nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import attrs
import pytest

from doctor import scenes
from doctor.scenes import TOKEN, at
from duo_lsp import app, doctor, wire
from duo_lsp.doctor import scene
from duo_lsp.errors import SettingError
from gateway import rig
from gitlab_server import Answer

SELF = wire.ACCESS_PATH
MONOLITH = {"X-GitLab-Error-Origin": "monolith"}


@pytest.fixture(scope="module")
def gateway() -> Iterator[rig.Running]:
    """Our own gateway as an instance with the token of these tests."""
    running = rig.start(rig.command(token=TOKEN, limit=60))
    yield running
    rig.stop(running)


@pytest.fixture
def instance(gitlab_server):
    """A GitLab where all is well."""
    gitlab_server.answer = "hello"
    gitlab_server.others[SELF] = Answer(body=wire.access_token_body("mine", ["ai_features"], expires="2027-03-01"))
    gitlab_server.others[wire.ENABLED_PATH] = Answer(body=None)
    return gitlab_server


def wrong(found):
    return [name for name, finding in found.items() if not finding.fine]


def skipped(found):
    return [name for name, finding in found.items() if finding.skipped]


async def test_at_our_own_gateway_all_is_well(gateway):
    found = await scenes.examined(at(gateway.url, projectPath="group/project"))
    assert not wrong(found)
    assert not skipped(found)
    assert "GitLab 18.6.0" in found["upstream"].text
    assert found["scopes"].text == "api, ai_features"
    assert found["feature"].text == "GitLab Duo is on for group/project"
    assert found["suggestion"].text.startswith("answered in ")
    assert found["left"].text == "57 requests in this minute"
    assert "duo.status" in found["counts"].text  # a shell has shown nothing


async def test_the_checks_come_in_the_order_in_which_things_break(instance):
    async with scenes.scene(at(instance.url), {}) as here:
        names = [found.name async for found in doctor.examine(here)]
    order = list(dict.fromkeys(names))
    assert order == [
        "duo-lsp", "setting", "dns", "tls", "proxy", "token", "upstream",
        "scopes", "feature", "suggestion", "left", "counts", "engines",
    ]  # fmt: skip


async def test_a_token_says_what_it_may_and_until_when(instance):
    found = await scenes.examined(at(instance.url))
    assert found["scopes"].text == "ai_features, good until 2027-03-01"
    assert not wrong(found)


@pytest.mark.parametrize(
    ("answer", "text", "remedy"),
    [
        (Answer(status=401, body={"error": "invalid_token"}), "does not accept this token", "Make a new one"),
        (Answer(status=403, body={"error": "insufficient_scope"}), "does not accept this token", "Make a new one"),
        (Answer(body=wire.access_token_body("x", ["read_api"])), "has not the scope", "Make a new one"),
        (Answer(body={**wire.access_token_body("x", ["api"]), "active": False}), "was revoked", "Make a new one"),
        (Answer(body=wire.access_token_body("x", ["api"], expires="2026-11-24")), "expires in 3 days", "duo-lsp login"),
        (Answer(raw=b""), "cannot be reached", "network"),
    ],
)
async def test_a_token_that_will_not_do_is_named_and_nothing_is_sent_with_it(instance, answer, text, remedy):
    instance.others[SELF] = answer
    found = await scenes.examined(at(instance.url))
    assert text in found["scopes"].text
    assert remedy in found["scopes"].remedy
    assert found["suggestion"].skipped
    assert not instance.suggestions


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Answer(status=401, body={"message": "401 Unauthorized"}, headers=MONOLITH), "no access"),
        (Answer(status=402, body={"error": "insufficient_credits"}), "credits are used up"),
        (Answer(status=403, body={"error": "not_entitled"}), "not entitled"),
        (Answer(status=404, body={"message": "404 Not Found"}), "no Code Suggestions"),
        (Answer(status=422, body={"error": "missing_default_duo_group"}), "namespace"),
        (Answer(status=429, body={}, headers={"Retry-After": "9"}), "slow down"),
        (Answer(status=500, body={}), "refused"),
        (Answer(body=b"<html></html>"), ""),
    ],
)
async def test_a_suggestion_that_is_refused_says_why_and_what_to_do(instance, answer, text):
    instance.answer = answer
    found = await scenes.examined(at(instance.url))
    assert wrong(found)[0] == "suggestion"
    assert text in found["suggestion"].text
    assert found["suggestion"].remedy


async def test_after_a_429_the_next_doctor_does_not_ask(instance):
    instance.answer = Answer(status=429, body={}, headers={"Retry-After": "60"})
    await scenes.examined(at(instance.url))
    found = await scenes.examined(at(instance.url))
    assert found["suggestion"].text.startswith("not asked for. ")
    assert found["suggestion"].remedy
    assert wrong(found) == ["suggestion", "left"]
    assert len(instance.suggestions) == 1


async def test_a_project_without_duo_is_wrong(instance):
    instance.others[wire.ENABLED_PATH] = Answer(status=403, body={"message": "403 Forbidden"})
    found = await scenes.examined(at(instance.url, projectPath="group/project"))
    assert found["feature"].text == "GitLab Duo is off for group/project"
    assert "maintainer" in found["feature"].remedy


async def test_what_is_sent_is_our_own_code_and_no_more_than_one_suggestion(instance):
    await scenes.examined(at(instance.url))
    [request] = instance.suggestions
    assert request.json["current_file"]["file_name"] == "sample.py"
    assert "context" not in request.json


@pytest.mark.parametrize("settings", [{"upstream": "gitlab"}, {"token": "", "upstream": "gitlab"}])
async def test_signed_out_is_wrong_where_gitlab_is_wanted(settings):
    found = await scenes.examined(settings)
    assert wrong(found) == ["token", "upstream"]
    assert "duo-lsp login" in found["token"].remedy


async def test_what_is_wrong_with_a_setting_is_said_after_all_values():
    async with scenes.scene({"logLevel": "loud"}, {}) as here:
        found = [finding async for finding in doctor.examine(here) if finding.name == "setting"]
    assert "logLevel (user file) must be" in found[-1].text
    assert found[-1].remedy
    assert all(finding.fine for finding in found[:-1])


async def check(look):
    """What is found by this check and one that needs it."""
    async with scenes.scene({}, {}) as here:
        checks = (doctor.Check("one", look), doctor.Check("two", look, needs=("one",)))
        return {found.name: found async for found in doctor.examine(here, checks)}


async def test_an_instance_cannot_steer_the_terminal(instance):
    instance.version = Answer(body={"version": "18.6.0\x1b[2J\u202eee"})
    found = await scenes.examined(at(instance.url))
    assert found["upstream"].text.endswith("GitLab 18.6.0?[2J?ee")


async def test_of_who_jumps_in_for_gitlab_the_doctor_looks_at_gitlab(instance):
    instance.answer = Answer(status=402, body={"error": "insufficient_credits"})
    async with scenes.scene(at(instance.url), {}) as here:
        opened = []

        def open_(choice):
            assert not choice.falls
            opened.append(app.open_upstream(choice, {}, "duo-lsp/test"))
            return opened[-1]

        falling = attrs.evolve(here, choice=attrs.evolve(here.choice, falls=True))
        found = {one.name: one for one in await doctor.examine_instance(falling, open_)}
        same = await doctor.examine_instance(here, open_)
    assert "credits" in found["suggestion"].text
    assert len(opened) == 1
    assert [one.name for one in same] == [one.name for one in same if one.name in found]


async def test_a_check_that_breaks_hides_nothing_and_who_needs_it_is_left_out():
    async def broken(_):
        raise KeyError("glpat-planted")

    found = await check(broken)
    assert found["one"].text == "could not be looked at (KeyError)"
    assert found["two"].skipped


async def test_our_own_errors_are_findings_with_their_remedy():
    async def unset(_):
        raise SettingError("This is wrong.", "Put it right.")

    found = await check(unset)
    assert (found["one"].text, found["one"].remedy) == ("This is wrong.", "Put it right.")


async def test_a_check_that_hangs_ends(monkeypatch):
    async def hang(_):
        await asyncio.sleep(3600)

    monkeypatch.setattr(doctor, "LONGEST", 0.01)
    assert "no answer within" in (await check(hang))["one"].text


def test_every_line_that_is_not_fine_must_say_what_to_do():
    assert attrs.asdict(scene.bad("x", "is wrong", "Do this.")) == {
        "name": "x", "text": "is wrong", "fine": False, "remedy": "Do this.", "skipped": False,
    }  # fmt: skip
