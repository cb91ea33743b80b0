"""The commands as a person in a shell uses them."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from duo_lsp import __version__, urls
from duo_lsp.errors import UsageError
from duo_lsp.gitlab.limits.counts_file import CountsFile
from duo_lsp.gitlab.limits.rate_limit import TokenBucket
from duo_lsp.shell import arguments
from gitlab_server import Answer
from processes import at_home
from waiting import until

DUO = str(Path(sys.executable).with_name("duo-lsp"))


@pytest.fixture
def project(tmp_path):
    """A small real project: one file teaches, one is being written."""
    (tmp_path / "pyproject.toml").write_text("")
    shapes = "\n\n".join(f"def area_{n}(shape):\n    return shape.width * shape.height" for n in range(8))
    (tmp_path / "shapes.py").write_text(shapes + "\n")
    (tmp_path / "app.py").write_text("def area(shape):\n    return shape.wi\n\n\ndef other():\n    pass\n")
    return tmp_path


@pytest.fixture
def duo(environment, project):
    def run(*arguments, **more):
        return subprocess.run(
            [DUO, *map(str, arguments)],
            env=environment | more,
            cwd=project,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    return run


def unknown_ground(project):
    """A place nobody can know anything about: a project of its own with one word in it."""
    folder = project / "nested"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    (folder / "new.py").write_text("qwertz = \n")
    return "nested/new.py:1:10"


def test_version_and_help_say_what_it_is(duo):
    assert duo("--version").stdout == f"duo-lsp {__version__}\n"
    text = duo("--help").stdout
    assert "examples:" in text
    for command in ("complete", "doctor", "setup", "gateway"):
        assert f"duo-lsp {command}" in text


def test_complete_prints_what_an_editor_would_insert(duo):
    done = duo("complete", "app.py:2:20")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("dth")


def test_complete_finds_the_project_from_another_folder(project, tmp_path_factory, environment):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = subprocess.run(
        [DUO, "complete", f"{project}/app.py:2:20"],
        env=environment, cwd=elsewhere, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("dth")


def test_nothing_to_offer_is_empty_output_and_success(duo, project):
    done = duo("complete", unknown_ground(project))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("app.py", "FILE:LINE:COLUMN"),
        ("app.py:0:1", "FILE:LINE:COLUMN"),
        ("app.py:2", "FILE:LINE:COLUMN"),
        ("missing.py:1:1", "cannot be read"),
        (".:1:1", "cannot be read"),
        ("app.py:99:1", "has 7 lines, not 99"),
        ("app.py:2:99", "ends at column 20"),
        ("binary.dat:1:1", "binary"),
        ("latin.txt:1:1", "UTF-8"),
    ],
)
def test_a_place_that_is_not_there_is_one_line_on_stderr(duo, project, place, said):
    (project / "binary.dat").write_bytes(b"a\0b")
    (project / "latin.txt").write_bytes(b"\xe9\xe8")
    done = duo("complete", place)
    assert done.returncode == 1
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.startswith("duo-lsp: ")
    assert done.stderr.count("\n") == 1


def test_explain_shows_the_very_request_what_was_left_out_and_the_result(duo, project, gitlab_server):
    gitlab_server.answer = "dth"
    text = "x = 1\n" * 20_000
    (project / "long.py").write_text(text)
    done = duo("complete", "--explain", "long.py:10000:1", GITLAB_URL=gitlab_server.url, DUO_LSP_TOKEN="glpat-abcdefgh")
    asked, _, more = done.stdout.partition("request: ")
    request, _, rest = more.partition("left out: ")
    assert gitlab_server.url.partition("://")[2] in asked
    assert json.loads(request) == gitlab_server.suggestions[0].json
    left_out = int(rest.split()[0])
    sent = gitlab_server.suggestions[0].json["current_file"]
    assert left_out == len(text) - len(sent["content_above_cursor"]) - len(sent["content_below_cursor"])
    assert "offered: 'dth'" in rest
    assert "glpat" not in done.stdout


def test_explain_shows_what_goes_along(duo, project, gitlab_server):
    gitlab_server.answer = "dth"
    (project / "app.py").write_text("from shapes import area_1\n\nx = \n")
    keys = {"GITLAB_URL": gitlab_server.url, "DUO_LSP_TOKEN": "glpat-abcdefgh"}
    assert "no other file goes along" in duo("complete", "--explain", "app.py:3:5", **keys).stdout
    done = duo("complete", "--explain", "app.py:3:5", **keys, DUO_LSP_IMPORTS_CONTEXT="true")
    [item] = gitlab_server.suggestions[-1].json["context"]
    assert (item["type"], item["name"]) == ("file", "shapes.py")
    assert f"1 other file goes along, {len(item['content'])} bytes" in done.stdout
    assert json.dumps(item["name"]) in done.stdout


def test_explain_says_why_it_is_silent(duo, project):
    offered = duo("complete", "--explain", unknown_ground(project)).stdout.rpartition("offered: ")[2]
    assert offered.startswith("nothing. ")
    assert len(offered) > 15


def test_explain_of_a_sealed_file_sends_nothing(duo, project, gitlab_server):
    (project / ".env").write_text("A=1\n")
    done = duo("complete", "--explain", ".env:1:3", GITLAB_URL=gitlab_server.url, DUO_LSP_TOKEN="glpat-abcdefgh")
    assert "never sent" in done.stdout
    assert gitlab_server.requests == []


def test_where_gitlab_refuses_the_local_engine_answers_and_a_line_says_why(duo, gitlab_server):
    gitlab_server.answer = Answer(status=402, body={"error": "insufficient_credits"})
    done = duo("complete", "app.py:2:20", GITLAB_URL=gitlab_server.url, DUO_LSP_TOKEN="glpat-abcdefgh")
    assert done.returncode == 0
    assert done.stdout.startswith("dth")
    assert "credits are used up" in done.stderr
    assert "local engine answers" in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(gitlab_server.suggestions) == 1


def test_the_shell_counts_its_requests_together_with_the_editors(duo, gitlab_server):
    gitlab_server.answer = "dth"
    file = CountsFile(urls.origin(gitlab_server.url))
    editors = TokenBucket(time.monotonic)
    while file.update(time.monotonic, editors.counts, lambda bucket: bucket.take(invoked=True)):
        pass
    file.update(time.monotonic, editors.counts, lambda bucket: bucket.hold(60))
    done = duo("complete", "app.py:2:20", GITLAB_URL=gitlab_server.url, DUO_LSP_TOKEN="glpat-abcdefgh")
    assert gitlab_server.suggestions == []
    assert done.returncode == 1
    assert "slow down" in done.stderr


def test_a_gitlab_that_fails_is_one_line_and_exit_code_1(duo, gitlab_server):
    gitlab_server.answer = Answer(status=500, body={"message": "500 Internal Server Error"})
    done = duo("complete", "app.py:2:20", GITLAB_URL=gitlab_server.url, DUO_LSP_TOKEN="glpat-abcdefgh")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "500" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_unreachable_gitlab_says_what_to_do(duo):
    done = duo("complete", "app.py:2:20", GITLAB_URL="http://127.0.0.1:9", DUO_LSP_TOKEN="glpat-abcdefgh")
    assert done.returncode == 1
    assert "cannot be reached" in done.stderr
    assert "baseUrl" in done.stderr


def test_a_50_mb_file_is_answered(duo, project):
    (project / "huge.py").write_text("value = compute(first, second)\n" * 1_700_000)
    done = duo("complete", "huge.py:800000:14")
    assert done.returncode == 0


def test_no_engine_is_left_behind(duo):
    duo("complete", "app.py:2:20")
    until(lambda: not at_home(str(Path.home()), "gateway"))


def test_doctor_is_well_without_an_account(duo):
    done = duo("doctor")
    assert done.returncode == 0
    assert f"duo-lsp {__version__}" in done.stdout
    assert "the local engine answers" in done.stdout
    assert "baseUrl = 'https://gitlab.com' (default)" in done.stdout
    assert "!!" not in done.stdout


def test_doctor_names_the_source_of_each_setting_and_never_the_token(duo, gitlab_server, home):
    config = home / ".config" / "duo-lsp"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('projectPath = "group/project"\nlogLevel = "loud"\n')
    done = duo("doctor", GITLAB_URL=gitlab_server.url, DUO_LSP_TOKEN="glpat-abcdefgh")
    assert "projectPath = 'group/project' (user file)" in done.stdout
    assert f"baseUrl = '{gitlab_server.url}' (environment)" in done.stdout
    assert "token = [hidden] (environment)" in done.stdout
    assert "glpat" not in done.stdout
    assert "answers, GitLab 18.6.0-ee" in done.stdout
    assert "logLevel (user file) must be" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("more", "said", "remedy"),
    [
        ({"DUO_LSP_UPSTREAM": "gitlab"}, "signed out", "Set a token"),
        ({"GITLAB_URL": "http://127.0.0.1:9", "DUO_LSP_TOKEN": "glpat-abcdefgh"}, "not accept connections", "network"),
        ({"GITLAB_URL": "ftp://x"}, "baseUrl (environment) must be", "Change it"),
    ],
)
def test_doctor_says_for_each_failure_what_to_do(duo, more, said, remedy):
    done = duo("doctor", **more)
    assert done.returncode == 1
    bad = done.stdout[done.stdout.index("!!") :]
    assert said in done.stdout
    assert remedy in bad


def test_doctor_notices_a_token_that_names_no_instance(duo):
    done = duo("doctor", GITLAB_TOKEN="glpat-abcdefgh")
    assert "GITLAB_TOKEN is set, but not for gitlab.com: set GITLAB_URL" in done.stdout


@pytest.mark.parametrize("editor", ["nvim", "helix", "emacs", "vscode"])
def test_setup_prints_lines_with_absolute_paths(duo, editor):
    done = duo("setup", editor)
    assert done.returncode == 0
    assert DUO in done.stdout
    assert "{command}" not in done.stdout
    assert "{folder}" not in done.stdout


def test_setup_of_an_unknown_editor_names_the_known_ones(duo):
    done = duo("setup", "ed")
    assert done.returncode == 1
    assert "nvim, helix, helix-keys, emacs, vscode" in done.stderr


def first_line(process):
    assert process.stdout is not None
    return process.stdout.readline()


def test_gateway_prints_one_line_and_serves(environment, project):
    import httpx2 as httpx

    process = subprocess.Popen(
        [DUO, "gateway", "--workspace", "."],
        cwd=project, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        hello = json.loads(first_line(process))
        assert set(hello) == {"url", "token"}
        headers = {"Authorization": f"Bearer {hello['token']}"}
        assert httpx.get(f"{hello['url']}/api/v4/version", headers=headers, trust_env=False).status_code == 200
        assert httpx.get(f"{hello['url']}/api/v4/version", trust_env=False).status_code == 401
        assert httpx.get(f"{hello['url']}/health", trust_env=False).json()["status"] == "ok"
    finally:
        process.terminate()
    rest, _ = process.communicate(timeout=10)
    assert rest == ""
    assert process.returncode == 0


def test_gateway_takes_its_token_from_the_environment(environment, project):
    process = subprocess.Popen(
        [DUO, "gateway"],
        cwd=project, env=environment | {"DUO_LSP_GATEWAY_TOKEN": "of-my-own-choice"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert json.loads(first_line(process))["token"] == "of-my-own-choice"
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.mark.parametrize("text", ["a.py:1:1", "C:\\x\\a.py:10:2", "a:b.py:3:4"])
def test_a_place_may_have_colons_in_its_path(text):
    path, line, column = arguments.place(text)
    assert f"{path}:{line}:{column}" == text


def test_a_place_that_is_none_is_an_error():
    with pytest.raises(UsageError, match=r"app\.py:10:5"):
        arguments.place("a.py:x:1")


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--fault", "418"), "There is no fault '418'. Choose one of: 400, 401, "),
        (("--fault", "/nowhere=hang"), "There is no path '/nowhere'"),
        (("--delay", "-1"), "A delay of -1 ms cannot be used."),
        (("--gitlab", "new"), "'new' is no version of GitLab."),
        (("--off", "chat"), "There is no feature 'chat' to turn off. Choose one of: access_rest_chat"),
    ],
)
def test_what_a_gateway_cannot_play_is_one_line(duo, option, said):
    done = duo("gateway", *option)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"duo-lsp: {said}")
    assert done.stderr.count("\n") == 1


def test_a_gateway_plays_what_it_is_told(environment, project):
    import httpx2 as httpx

    process = subprocess.Popen(
        [DUO, "gateway", "--gitlab", "16.2", "--fault", "/enabled=403", "--legacy-stream", "--delay", "1",
         "--off", "access_rest_chat"],
        cwd=project, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        hello = json.loads(first_line(process))
        own = {"PRIVATE-TOKEN": hello["token"]}
        with httpx.Client(base_url=hello["url"], headers=own, trust_env=False) as client:
            assert client.get("/api/v4/version").json()["version"] == "16.2"
            assert client.post("/api/v4/code_suggestions/enabled", json={"project_path": "a/b"}).status_code == 403
            assert client.post("/api/v4/code_suggestions/tokens").status_code == 201
            assert client.post("/api/v4/chat/completions", json={"content": "x"}).status_code == 404
    finally:
        process.terminate()
        process.wait(10)
        assert process.stdout
        process.stdout.close()
