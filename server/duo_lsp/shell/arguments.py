"""What may be written behind `duo-lsp` on the command line."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from duo_lsp import __version__, editor_setup
from duo_lsp.errors import UsageError
from duo_lsp.gateway import arguments as gateway

EXAMPLES = """\
examples:
  duo-lsp                             run the language server; your editor does this
  duo-lsp setup nvim                  print the lines to paste into your Neovim configuration
  duo-lsp complete app.py:10:5        print what an editor would insert there
  duo-lsp complete --explain app.py:10:5
                                      show what would be sent, and why nothing is offered
  duo-lsp chat "why is this slow?" --file app.py:10-40
                                      ask about code, and read the answer as it comes
  duo-lsp login --url https://gitlab.example.com
                                      sign in there, once for all editors
  duo-lsp doctor                      check settings, token and connection
  GITLAB_URL=https://gitlab.example.com DUO_LSP_TOKEN=glpat-... duo-lsp doctor
  duo-lsp gateway --workspace .       serve GitLab's REST API on this machine
"""
_LINES = re.compile(r"(?P<path>.+?)(?::(?P<first>[1-9]\d{0,8})(?:-(?P<last>[1-9]\d{0,8}))?)?")
_PLACE = re.compile(r"(?P<path>.+):(?P<line>[1-9]\d{0,8}):(?P<column>[1-9]\d{0,8})")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
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
    _chat(commands.add_parser("chat", help="ask GitLab Duo about code"))
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
    gateway.define(
        commands.add_parser("gateway", help="serve GitLab's REST API on this machine, answered by a local engine")
    )
    return top


def _chat(options: argparse.ArgumentParser) -> None:
    options.add_argument("question", metavar="QUESTION", help="what you want to know, in quotes")
    options.add_argument("code", nargs="?", choices=["-"], metavar="-", help="read the code from standard input")
    options.add_argument(
        "--file", default="", metavar="FILE[:LINE[-LINE]]", help="the code that it is about, such as app.py:10-40"
    )


def lines(text: str) -> tuple[Path, int, int]:
    """Read FILE[:LINE[-LINE]]; 0 and 0 where no line is named. Raises UsageError."""
    found = _LINES.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} names no lines of a file.", "Write it like app.py:10-40, both numbers from 1.")
    first = int(found["first"] or 0)
    last = int(found["last"] or first)
    if last < first:
        raise UsageError(f"Line {last} comes before line {first}.", "Write it like app.py:10-40.")
    return Path(found["path"]), first, last


def place(text: str) -> tuple[Path, int, int]:
    """Read FILE:LINE:COLUMN. Raises UsageError."""
    found = _PLACE.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is no FILE:LINE:COLUMN.", "Write it like app.py:10:5, both numbers from 1.")
    return Path(found["path"]), int(found["line"]), int(found["column"])
