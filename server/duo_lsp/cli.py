"""The command line: the door, and the only place that prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from duo_lsp import __version__
from duo_lsp.errors import DuoError, UsageError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from duo_lsp.logs import MaskingFormatter

EXAMPLES = """\
examples:
  duo-lsp                             run the language server; your editor does this
  duo-lsp setup nvim                  print the lines to paste into your Neovim configuration
  duo-lsp complete app.py:10:5        print what an editor would insert there
  duo-lsp complete --explain app.py:10:5
                                      show what would be sent, and why nothing is offered
  duo-lsp login --url https://gitlab.example.com
                                      sign in there, once for all editors
  duo-lsp doctor                      check settings, token and connection
  GITLAB_URL=https://gitlab.example.com DUO_LSP_TOKEN=glpat-... duo-lsp doctor
  duo-lsp gateway --workspace .       serve GitLab's REST API on this machine
"""
_PLACE = r"(?P<path>.+):(?P<line>[1-9]\d{0,8}):(?P<column>[1-9]\d{0,8})"
_LONGEST_TOKEN = 10_000
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    import argparse
    from pathlib import Path

    from duo_lsp import editor_setup

    top = argparse.ArgumentParser(
        prog="duo-lsp",
        description="GitLab Duo suggestions in any editor that speaks LSP.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"duo-lsp {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    serve = commands.add_parser("serve", help="run the language server on stdin and stdout (the default)")
    serve.add_argument("--log-file", type=Path, metavar="PATH", help="write the log there too; only you can read it")
    complete = commands.add_parser("complete", help="print what an editor would insert at a place in a file")
    complete.add_argument("place", metavar="FILE:LINE:COLUMN", help="both counted from 1, columns in characters")
    complete.add_argument(
        "--explain", action="store_true", help="show the request, what was left out, and why it is silent"
    )
    doctor = commands.add_parser("doctor", help="check settings, token and connection; each line says what to do")
    doctor.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a file where nothing shows")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.add_argument(
        "--report",
        nargs="?",
        type=Path,
        const=Path("duo-lsp-report.txt"),
        metavar="PATH",
        help="write what was found into a file for a bug report, without tokens and code",
    )
    doctor.add_argument("--log-file", type=Path, metavar="PATH", help="a log whose end goes into the report")
    for name, what in (("login", "sign in at a GitLab instance"), ("logout", "forget a login")):
        sign = commands.add_parser(name, help=f"{what}; the one in your settings, or --url")
        sign.add_argument("--url", default="", metavar="URL", help="the instance, such as https://gitlab.example.com")
        if name == "login":
            sign.add_argument(
                "--client-id",
                default="",
                metavar="ID",
                help="sign in with OAuth, as this application of the instance's",
            )
    setup = commands.add_parser("setup", help="print the lines to paste into your editor's configuration")
    setup.add_argument("editor", metavar="EDITOR", help=" | ".join(editor_setup.EDITORS))
    _gateway(commands.add_parser("gateway", help="serve GitLab's REST API on this machine, answered by a local engine"))
    return top


def _gateway(options: argparse.ArgumentParser) -> None:
    from pathlib import Path

    options.add_argument("--port", type=int, default=0, help="0 (the default) takes any free one")
    options.add_argument(
        "--workspace", type=Path, action="append", default=[], metavar="DIR", help="learn from this folder"
    )
    options.add_argument(
        "--limit", type=int, default=60, metavar="N", help="requests a minute for one user; 0 for no limit"
    )
    options.add_argument("--engine", default="builtin", metavar="NAME", help="who answers")
    options.add_argument("--gitlab", metavar="VERSION", help="play this version of GitLab")
    options.add_argument("--delay", type=int, default=0, metavar="MS", help="wait before every answer")
    options.add_argument(
        "--fault", action="append", default=[], metavar="[PATH=]KIND", help="fail on purpose: 503, /version=401, *=hang"
    )
    options.add_argument("--legacy-stream", action="store_true", help="stream raw text, as GitLab before 17.7")
    options.add_argument(
        "--child", action="store_true", help="end with stdin, and take workspaces from it as JSON lines"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an error is one line on stderr and exit code 1."""
    given = sys.argv[1:] if arguments is None else arguments
    if list(given) in ([], ["serve"]):
        _serve()  # an editor waits: not even options are looked for
    options = parser().parse_args(given)
    run = {
        "complete": _run_complete,
        "doctor": _run_doctor,
        "login": _run_login,
        "logout": _run_logout,
        "setup": _run_setup,
        "gateway": _run_gateway,
    }
    try:
        return run.get(options.command, _run_serve)(options)
    except DuoError as error:
        print(f"duo-lsp: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run_serve(options: argparse.Namespace) -> int:
    _serve(getattr(options, "log_file", None))


def _serve(log_file: Path | None = None) -> NoReturn:
    """Say hello, then load everything: it takes ten times as long."""
    import gc

    from duo_lsp import capabilities
    from duo_lsp.protocol import greeting, pipes

    gc.set_threshold(10_000, 10, 10)  # most of what is loaded stays: to look through it every 700 objects takes longer
    private = pipes.private_pipes()  # first of all: nothing that is loaded later may print into them
    greeting.leave_when_asked()
    started = _logs(log_file) if log_file else None  # a file that cannot be written is told before anything else
    hello = greeting.greet(private, lambda params: capabilities.answer(params, os.environ))

    import platformdirs

    from duo_lsp.protocol import compiled

    compiled.load(platformdirs.user_cache_path("duo-lsp"))

    from duo_lsp import app

    app.serve(started or _logs(), private, hello)


def _logs(log_file: Path | None = None) -> MaskingFormatter:
    from duo_lsp import logs

    return logs.start("warning", log_file)


def _run_complete(options: argparse.Namespace) -> int:
    from duo_lsp import oneshot

    path, line, column = place(options.place)
    told = oneshot.complete(path, line, column, os.environ)
    if options.explain:
        print("\n".join(told.explanation))
    elif told.error:
        print(f"duo-lsp: {told.error}", file=sys.stderr)
    else:
        sys.stdout.write(told.text)
        if told.note:
            print(f"duo-lsp: {told.note}", file=sys.stderr)
    return 1 if told.error else 0


def place(text: str) -> tuple[Path, int, int]:
    """Read FILE:LINE:COLUMN. Raises UsageError."""
    import re
    from pathlib import Path

    found = re.fullmatch(_PLACE, text)
    if found is None:
        raise UsageError(f"{text!r} is no FILE:LINE:COLUMN.", "Write it like app.py:10:5, both numbers from 1.")
    return Path(found["path"]), int(found["line"]), int(found["column"])


def _run_doctor(options: argparse.Namespace) -> int:
    import asyncio

    from duo_lsp import examining
    from duo_lsp.doctor import shown
    from duo_lsp.doctor.scene import Finding
    from duo_lsp.logs import MaskingFormatter

    masks = MaskingFormatter()
    colour = shown.wants_colour(os.environ, terminal=sys.stdout.isatty())

    async def look() -> list[Finding]:
        found = []
        async for finding in examining.examine(os.environ, masks, options.file):
            found.append(finding)
            if not options.json:
                print(masks.mask(shown.lines(finding, colour=colour)), flush=True)
        return found

    found = asyncio.run(look())
    if options.json:
        print(masks.mask(shown.as_json(found)))
    if options.report:
        examining.write_report(options.report, found, options.log_file, masks)
        print(f"Written to {options.report}; read it before you send it to anyone.", file=sys.stderr)
    return 0 if all(finding.fine for finding in found) else 1


class _Terminal:
    """The person in front of the terminal, or the pipe in their place."""

    @property
    def present(self) -> bool:
        return sys.stdin.isatty()

    def say(self, sentence: str) -> None:
        print(sentence, flush=True)

    def open_page(self, address: str) -> bool:
        if sys.platform == "linux" and not any(os.environ.get(name) for name in _SCREENS):
            return False  # a browser for terminals would take this one over
        import webbrowser

        return webbrowser.open(address)

    def agrees(self, question: str) -> bool:
        print(f"{question} [y/N] ", end="", flush=True)
        return sys.stdin.readline(_LONGEST_TOKEN).strip().lower() in ("y", "yes")

    def token(self, prompt: str) -> str:
        if not self.present:
            return sys.stdin.readline(_LONGEST_TOKEN)
        import getpass

        try:
            return getpass.getpass(prompt)
        except EOFError:
            return ""


def _run_login(options: argparse.Namespace) -> int:
    import asyncio

    from duo_lsp import signing_in

    wish = signing_in.Wish(options.url, options.client_id)
    asyncio.run(signing_in.sign_in(wish, os.environ, _Terminal()))
    return 0


def _run_logout(options: argparse.Namespace) -> int:
    import asyncio

    from duo_lsp import signing_in

    asyncio.run(signing_in.sign_out(signing_in.Wish(options.url), os.environ, _Terminal()))
    return 0


def _run_setup(options: argparse.Namespace) -> int:
    from duo_lsp import editor_setup

    print(editor_setup.lines(options.editor))
    return 0


def _run_gateway(options: argparse.Namespace) -> int:
    import json

    from duo_lsp import logs
    from duo_lsp.gateway import server

    logs.start("warning")
    chosen = {"token": os.environ.get("DUO_LSP_GATEWAY_TOKEN"), "gitlab": options.gitlab}
    server.serve(
        server.Options(
            port=options.port,
            workspaces=tuple(options.workspace),
            limit=options.limit,
            engine=options.engine,
            child=options.child,
            delay=options.delay,
            faults=tuple(options.fault),
            legacy_stream=options.legacy_stream,
            **{name: value for name, value in chosen.items() if value},
        ),
        lambda url, token: print(json.dumps({"url": url, "token": token}), flush=True),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
