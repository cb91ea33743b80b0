"""The command line: the door, and the only place that prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from duo_lsp.errors import DuoError

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from duo_lsp.logs import MaskingFormatter
    from duo_lsp.shell.rich_page import RichPage

_LONGEST_TOKEN = 10_000
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")


def main(given: Sequence[str] | None = None) -> int:
    """Run one command, that of the process or a given one; an error is one line on stderr and exit code 1."""
    given = sys.argv[1:] if given is None else given
    if list(given) in ([], ["serve"]):
        _serve()  # an editor waits: not even options are looked for
    from duo_lsp.shell import arguments

    options = arguments.parser().parse_args(given)
    run = {
        "complete": _run_complete,
        "chat": _run_chat,
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

    from duo_lsp.protocol import late_classes

    late_classes.load()

    from duo_lsp import app

    app.serve(started or _logs(), private, hello)


def _logs(log_file: Path | None = None) -> MaskingFormatter:
    from duo_lsp import logs

    return logs.start("warning", log_file)


def _run_complete(options: argparse.Namespace) -> int:
    from duo_lsp.shell import arguments, oneshot

    path, line, column = arguments.place(options.place)
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


def _run_chat(options: argparse.Namespace) -> int:
    import asyncio

    from duo_lsp.shell import arguments, asking

    selection = None
    if "-" in (options.code, options.file):
        selection = asking.in_pipe(sys.stdin.buffer.read(asking.MOST + 1))
    elif options.file:
        selection = asking.in_file(*arguments.lines(options.file))
    page = _rich_page() if sys.stdout.isatty() else None
    show = _plain if page is None else page.feed
    exchange = asyncio.run(asking.ask(options.question, selection, os.environ, show))
    if page is not None:
        page.finish()
    elif exchange.answer and not exchange.answer.endswith("\n"):
        print()
    for told in (*exchange.warnings, *([exchange.trouble] if exchange.trouble else [])):
        print(f"duo-lsp: {told}", file=sys.stderr)
    return 1 if exchange.trouble else 0


def _plain(piece: str) -> None:
    sys.stdout.write(piece)
    sys.stdout.flush()


def _rich_page() -> RichPage | None:
    """Markdown for a terminal, where the extra `chat` is installed."""
    from duo_lsp.shell.rich_page import RichPage

    try:
        return RichPage()
    except ImportError:
        return None


def _run_doctor(options: argparse.Namespace) -> int:
    import asyncio

    from duo_lsp.doctor import shown
    from duo_lsp.doctor.scene import Finding
    from duo_lsp.logs import MaskingFormatter
    from duo_lsp.shell import examining

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
    from duo_lsp.shell import signing_in

    wish = signing_in.Wish(options.url, options.client_id)
    signing_in.sign_in(wish, os.environ, _Terminal())
    return 0


def _run_logout(options: argparse.Namespace) -> int:
    from duo_lsp.shell import signing_in

    signing_in.sign_out(signing_in.Wish(options.url), os.environ, _Terminal())
    return 0


def _run_setup(options: argparse.Namespace) -> int:
    from duo_lsp import editor_setup

    print(editor_setup.lines(options.editor))
    return 0


def _run_gateway(options: argparse.Namespace) -> int:
    import json

    from duo_lsp import logs
    from duo_lsp.gateway import arguments

    if options.gateway_command == "token":
        return _run_gateway_token(options)

    from duo_lsp.gateway import server

    chosen = arguments.chosen(options, os.environ)
    logs.start("warning").learn(chosen.wish.key)
    server.serve(
        chosen,
        lambda url, token: print(json.dumps({"url": url, "token": token}), flush=True),
    )
    return 0


def _run_gateway_token(options: argparse.Namespace) -> int:
    from duo_lsp.gateway import token_file

    path = options.token_file or token_file.default()
    if options.action == "revoke":
        token_file.revoke(path, options.name)
        return 0
    print(token_file.add(path, options.name, options.scope))
    print("duo-lsp: This is the only time that it is shown.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
