"""The curl examples of GitLab's documents as they stand there: only host, token and the placeholder body are ours."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from duo_lsp import wire
from duo_lsp.gateway.engines import fixed
from gateway import rig
from gateway.rig import Running

TOKENS = """
curl --request POST --header "PRIVATE-TOKEN: <your_access_token>" "https://gitlab.example.com/api/v4/code_suggestions/tokens"
"""
"""Code Suggestions API, GitLab 16.8, "Create an access token"."""
PLACEHOLDER = """
curl --request POST --header "Authorization: Bearer <YOUR_ACCESS_TOKEN>" --data "<JSON_BODY>" https://gitlab.example.com/api/v4/code_suggestions/completions
"""
"""The same, "Generate code completions"."""
COMPLETIONS = r"""
curl --request POST \
  --header "Authorization: Bearer <YOUR_ACCESS_TOKEN>" \
  --data '{
      "current_file": {
        "file_name": "car.py",
        "content_above_cursor": "class Car:\n    def __init__(self):\n        self.is_running = False\n        self.speed = 0\n    def increase_speed(self, increment):",
        "content_below_cursor": ""
      },
      "intent": "completion"
    }' \
  --url "https://gitlab.example.com/api/v4/code_suggestions/completions"
"""  # noqa: E501
"""Code Suggestions API, since GitLab 17, "Generate code completions"."""
ENABLED = r"""
curl --request POST \
  --url "https://gitlab.example.com/api/v4/code_suggestions/enabled"
  --header "Private-Token: <YOUR_ACCESS_TOKEN>" \
  --header "Content-Type: application/json" \
  --data '{
      "project_path": "group/project_name"
    }' \

"""
"""The same, "Validate that Code Suggestions is enabled"; a backslash is missing there."""
DIRECT_ACCESS = r"""
curl --request POST \
  --header "Authorization: Bearer <YOUR_ACCESS_TOKEN>" \
  --url "https://gitlab.example.com/api/v4/code_suggestions/direct_access"
"""
"""The same, "Fetch direct connection details for the AI gateway"."""
CONNECTION_DETAILS = r"""
curl --request POST \
  --header "Authorization: Bearer <YOUR_ACCESS_TOKEN>" \
  --url "https://gitlab.example.com/api/v4/code_suggestions/connection_details"
"""
"""The same, "Fetch connection details"."""
CHAT = r"""
curl --request POST \
  --header "Authorization: Bearer <YOUR_ACCESS_TOKEN>" \
  --header "Content-Type: application/json" \
  --data '{
      "content": "how to define class in ruby",
      "additional_context": [
        {
          "category": "file",
          "id": "main.rb",
          "content": "class Foo\nend"
        }
      ]
    }' \
  --url "https://gitlab.example.com/api/v4/chat/completions"
"""
"""GitLab Duo Chat Completions API, "Generate Chat responses"."""
ABOVE = "def total(prices):\n    result = sum(prices)\n    return result\n\n" * 2 + "def total(pri"


@pytest.fixture(scope="module")
def chatty() -> Iterator[Running]:
    """A gateway that has an answer to every question."""
    gateway = rig.start(rig.command(engine="fixed"))
    yield gateway
    assert rig.stop(gateway) == 0


def curl(gateway: Running, example: str, body: str = "") -> tuple[int, Any]:
    """Run an example; the status and what the answer holds."""
    for ours, theirs in (
        ("<YOUR_ACCESS_TOKEN>", gateway.token),
        ("<your_access_token>", gateway.token),
        ("https://gitlab.example.com", gateway.url),
    ):
        example = example.replace(ours, theirs)
    words = [body if word == "<JSON_BODY>" else word for word in shlex.split(example.replace("\\\n", " "))]
    words += ["--silent", "--noproxy", "*", "--write-out", "\n%{http_code}"]
    said = subprocess.run(words, capture_output=True, text=True, check=True, timeout=30).stdout
    answer, _, status = said.rpartition("\n")
    return int(status), json.loads(answer)


def shape(value: Any) -> Any:
    """The keys and the types of an answer."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value)


MODEL = {"engine": str, "name": str, "lang": str}
CHOICE = {"text": str, "index": int, "finish_reason": str}
COMPLETION = {"id": str, "model": MODEL, "object": str, "created": int, "choices": [CHOICE]}
"""The documents show no `lang`, and no answer without a choice."""


def test_a_short_lived_token(running: Running) -> None:
    status, body = curl(running, TOKENS)
    assert (status, shape(body)) == (201, {"access_token": str, "expires_in": int, "created_at": int})
    assert body["expires_in"] == 3600
    assert running.post(rig.body(), **{"PRIVATE-TOKEN": body["access_token"]}).status_code == 200


def test_completions_with_a_body_of_ones_own(running: Running) -> None:
    status, body = curl(running, PLACEHOLDER, json.dumps(rig.body(ABOVE)))
    assert (status, shape(body)) == (200, COMPLETION)
    assert body["choices"][0]["text"].startswith("ces):")


def test_completions_with_the_documents_own_body(running: Running) -> None:
    status, body = curl(running, COMPLETIONS)
    assert (status, shape(body) | {"choices": list}) == (200, COMPLETION | {"choices": list})
    assert body["object"] == "text_completion"


def test_whether_a_project_has_suggestions(running: Running) -> None:
    assert curl(running, ENABLED) == (200, None)


def test_what_a_direct_connection_needs_and_that_it_works(running: Running) -> None:
    status, body = curl(running, DIRECT_ACCESS)
    headers = dict.fromkeys(
        ("X-Gitlab-Instance-Id", "X-Gitlab-Realm", "X-Gitlab-Global-User-Id", "X-Gitlab-Host-Name"), str
    )
    assert (status, shape(body)) == (201, {"base_url": str, "token": str, "expires_at": int, "headers": headers})
    directly = f"""curl --request POST --header "Authorization: Bearer {body["token"]}" \
      --header "X-Gitlab-Authentication-Type: oidc" --data "<JSON_BODY>" {body["base_url"]}{wire.MODEL_GATEWAY_PATH}"""
    status, body = curl(running, directly, json.dumps({"prompt_version": 1, "project_id": -1, **rig.body(ABOVE)}))
    assert (status, shape(body)) == (200, COMPLETION)


def test_where_one_is_connected_to(running: Running) -> None:
    status, body = curl(running, CONNECTION_DETAILS)
    names = ("instance_id", "instance_version", "realm", "global_user_id", "host_name", "feature_enablement_type")
    assert (status, shape(body)) == (201, dict.fromkeys(names, str) | {"saas_duo_pro_namespace_ids": list})


def test_a_question(chatty: Running) -> None:
    assert curl(chatty, CHAT) == (201, fixed.ANSWER)
