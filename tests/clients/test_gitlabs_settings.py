"""Whoever used GitLab's own language server swaps the command, and nothing else."""

import asyncio

import pytest

from clients.bare import connected
from features.test_completion import AT, CODE
from waiting import HANG

HELLO = {
    "processId": None,
    "clientInfo": {"name": "Neovim", "version": "0.12.4"},
    "rootUri": None,
    "capabilities": {"textDocument": {"inlineCompletion": {}}, "workspace": {"configuration": False}},
    "initializationOptions": {
        "extension": {"name": "quoted-extension", "version": "1.2.3"},
        "ide": {"name": "quoted-ide", "version": "1.0", "vendor": "Vendor"},
        "baseAssetsUrl": "file:///quoted-assets",
        "featureFlagOverrides": {"quoted_flag": True},
    },
}
SETTINGS = {
    "tokenType": "pat",
    "projectPath": "group/project",
    "codeCompletion": {
        "enabled": True,
        "enableSecretRedaction": True,
        "additionalLanguages": ["quoted-language"],
        "disabledSupportedLanguages": ["haskell"],
    },
    "duoChat": {"enabled": True},
    "duo": {
        "enabledWithoutGitlabProject": True,
        "agentPlatform": {"enabled": False, "defaultNamespace": "quoted-namespace"},
    },
    "openTabsContext": True,
    "suggestionsCache": {"enabled": True, "maxSize": 1048576, "ttl": 60000, "prefixLines": 1, "suffixLines": 1},
    "telemetry": {
        "enabled": True,
        "trackingUrl": "https://quoted-tracker.example.com",
        "actions": [{"action": "suggestion_shown"}, {"action": "suggestion_accepted"}],
    },
    "featureFlags": {"streamCodeGenerations": True, "remoteSecurityScans": False},
    "logLevel": "info",
    "ignoreCertificateErrors": False,
    "httpAgentOptions": {"ca": "/quoted/ca.pem", "cert": "", "certKey": ""},
    "workspaceFolders": [{"uri": "file:///quoted/folder", "name": "quoted"}],
    "securityScannerOptions": {"enabled": False},
}
"""Everything its documentation names; what a log or a message must not repeat says so."""
URI = "file:///somewhere/quoted-app.py"
TELEMETRY = {"category": "code_suggestions", "action": "suggestion_shown", "context": {"trackingId": "quoted-id"}}
NOTIFICATIONS = [
    ("$/gitlab/telemetry", TELEMETRY),
    ("$/gitlab/telemetry", None),
    ("$/gitlab/didChangeDocumentInActiveEditor", URI),
    ("$/gitlab/didChangeDocumentInActiveEditor", {"uri": URI}),
    ("$/gitlab/webview-metadata", ["quoted"]),
    ("$/gitlab/plugin/notification", {"pluginId": "quoted", "type": "ready"}),
    ("$/setTrace", {"value": "verbose"}),
    ("$/quoted/whatever", 7),
    ("cancelStreaming", {"id": "quoted-stream"}),
    ("streamingCompletionResponse", {"id": "quoted-stream", "completion": "quoted", "done": True}),
    ("textDocument/didShowCompletion", {"item": {"insertText": "quoted"}}),
    ("textDocument/didPartiallyAcceptCompletion", {"item": {"insertText": "quoted"}, "acceptedLength": 3}),
    ("quoted/unheard", "of"),
]


@pytest.fixture
async def bare(folder, environment):
    """A client of GitLab's server, greeted."""
    async with connected(environment | {"DUO_LSP_LOG_LEVEL": "info"}, folder) as made:
        await made.ask("initialize", HELLO)
        made.notify("initialized", {})
        yield made
        assert "quoted" not in made.errors
        assert "glpat" not in made.errors
        assert [told for told in made.told if "quoted" in told or "glpat" in told] == []


async def state(bare):
    return (await bare.ask("workspace/executeCommand", {"command": "duo.status"}))["state"]


async def settled(bare, wanted):
    async with asyncio.timeout(HANG):
        while await state(bare) != wanted:
            await asyncio.sleep(0.01)


async def suggestion(bare, text=CODE, version=1):
    document = {"uri": URI, "languageId": "python", "version": version, "text": text}
    bare.notify("textDocument/didOpen", {"textDocument": document})
    place = {"textDocument": {"uri": URI}, "position": {"line": AT[0], "character": AT[1]}}
    answer = await bare.ask("textDocument/inlineCompletion", {**place, "context": {"triggerKind": 1}})
    return answer["items"][0]["insertText"] if answer and answer["items"] else None


async def test_the_whole_payload_is_taken_and_its_token_goes_to_its_address(bare, gitlab_server):
    gitlab_server.answer = "urn a + b"
    settings = {**SETTINGS, "baseUrl": gitlab_server.url, "token": "glpat-of-the-payload"}
    bare.notify("workspace/didChangeConfiguration", {"settings": settings})
    await settled(bare, "ready")
    assert await suggestion(bare) == "    return a + b"
    [sent] = gitlab_server.suggestions
    assert sent.headers["authorization"] == "Bearer glpat-of-the-payload"
    assert sent.json["project_path"] == "group/project"
    assert sent.json["current_file"]["file_name"] == "quoted-app.py"
    assert bare.told == [f"Code near the cursor goes to {gitlab_server.url.partition('://')[2]} for suggestions."]


async def test_an_empty_token_signs_out(bare, gitlab_server):
    settings = {**SETTINGS, "baseUrl": gitlab_server.url, "token": "glpat-of-the-payload"}
    bare.notify("workspace/didChangeConfiguration", {"settings": settings})
    await settled(bare, "ready")
    bare.notify("workspace/didChangeConfiguration", {"settings": {"token": ""}})
    await settled(bare, "local")
    await suggestion(bare)
    assert gitlab_server.suggestions == []
    bare.notify("workspace/didChangeConfiguration", {"settings": {"token": "glpat-again"}})
    await settled(bare, "ready")


async def test_what_it_is_told_beside_is_taken_in_silence(bare, gitlab_server):
    gitlab_server.answer = "urn a + b"
    settings = {**SETTINGS, "baseUrl": gitlab_server.url, "token": "glpat-of-the-payload"}
    bare.notify("workspace/didChangeConfiguration", {"settings": settings})
    await settled(bare, "ready")
    for method, params in NOTIFICATIONS:
        bare.notify(method, params)
    assert await suggestion(bare) == "    return a + b"
    assert len(bare.told) == 1
    assert {message["method"] for message in bare.noticed} <= {"window/showMessage", "$/gitlab/featureStateChange"}
    assert [
        line for line in bare.errors.splitlines() if not line.startswith("INFO ")
    ] == []  # the payload asks for INFO


@pytest.mark.parametrize("method", ["$/gitlab/validateConfiguration", "$/gitlab/ai-context/query", "quoted/request"])
async def test_a_request_we_do_not_know_is_refused_as_the_protocol_says(bare, method):
    reply = await bare.reply({"id": "q", "method": method, "params": SETTINGS})
    assert reply["error"]["code"] == -32601
    await state(bare)
    assert bare.errors == ""
    assert bare.told == []
