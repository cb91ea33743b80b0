"""What is saved or changes on the disk is known to the engine on this machine, through the real server and child."""

from __future__ import annotations

import asyncio
import itertools
import os

import pytest
from lsprotocol import types as lsp

from waiting import HANG

SAVED = "def compute_invoice_total(invoice):\n    return sum(invoice.lines)\n"
QUESTION = "import billing\n\ntotal = billing.compute_inv"
FILLER = "first = 1\nsecond = 2\n"


@pytest.fixture
async def session(local_session, folder):
    """A session with a folder that the engine has read; `asked` is a document that uses what comes later."""
    (folder / "billing.py").write_text(FILLER)
    (folder / "old.py").write_text("def archive_every_order(order):\n    order.archive()\n")
    await local_session.start()
    await local_session.settled("local")
    local_session.asked = local_session.open("asked.py", QUESTION)
    old = local_session.open("first.py", "import old\n\nold.archive_ev")
    await local_session.offered(old, 2, 14)
    assert await local_session.ask(local_session.asked, 2, 27) is None
    return local_session


async def suggested(session):
    return (await session.offered(session.asked, 2, 27)).insert_text


async def test_a_function_that_is_saved_is_known_in_other_files(session, folder):
    uri = session.open("billing.py", FILLER)
    session.type(uri, 0, 0, SAVED)
    (folder / "billing.py").write_text(SAVED + FILLER)
    session.client.text_document_did_save(lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
    session.client.text_document_did_close(lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri)))
    assert "compute_invoice_total" in await suggested(session)


def watched(session, kind, *names):
    changes = [lsp.FileEvent((session.folder / name).as_uri(), kind) for name in names]
    session.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(changes))


async def test_what_a_checkout_brings_is_known_and_what_it_takes_away_is_not(session, folder):
    (folder / "new.py").write_text(SAVED)
    watched(session, lsp.FileChangeType.Created, "new.py")
    assert "compute_invoice_total" in await suggested(session)
    (folder / "new.py").unlink()
    watched(session, lsp.FileChangeType.Deleted, "new.py")
    async with asyncio.timeout(HANG):
        for number in itertools.count():  # what was answered once at a place is offered there again
            other = session.open(f"other{number}.py", f"import new\n\nsum{number:04} = new.compute_inv")
            if not await session.ask(other, 2, 25):
                break


async def test_what_is_excluded_is_not_known_however_often_it_is_saved(session, folder):
    for name in (".env", "secrets.py", "node_modules/a.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SAVED)
        session.client.text_document_did_save(
            lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier((folder / name).as_uri()))
        )
    (folder / "mark.py").write_text("def an_unmistakable_mark(one):\n    pass\n")
    watched(session, lsp.FileChangeType.Created, "mark.py")
    mark = session.open("after.py", "import mark\n\nmark.an_unmis")
    assert "an_unmistakable_mark" in (await session.offered(mark, 2, 13)).insert_text
    assert await session.ask(session.asked, 2, 27) is None


@pytest.mark.skipif(os.name != "posix", reason="a script stands in for a slow git")
async def test_learning_that_takes_long_is_told_until_it_is_over(local_session, folder, tmp_path):
    (folder / "billing.py").write_text(SAVED)
    slow = tmp_path / "slow" / "git"
    slow.parent.mkdir()
    slow.write_text(f"#!/bin/sh\nwhile ! test -e {tmp_path}/go; do sleep 0.05; done\nexit 1\n")
    slow.chmod(0o755)
    local_session._environment["PATH"] = f"{slow.parent}:{local_session._environment['PATH']}"
    await local_session.start()
    reports = local_session.client.progress_reports
    async with asyncio.timeout(HANG):
        while not any(reports.values()):
            await asyncio.sleep(0.02)
    assert (await local_session.status())["learning"] == "Learning this folder: 0 %."
    [told] = reports.values()
    assert (told[0].kind, told[0].title, told[0].percentage) == ("begin", "Learning this folder", 0)
    (tmp_path / "go").touch()
    async with asyncio.timeout(HANG):
        while told[-1].kind != "end":
            await asyncio.sleep(0.02)
    assert (await local_session.status())["learning"] == ""
    uri = local_session.open("asked.py", QUESTION)
    assert "compute_invoice_total" in (await local_session.offered(uri, 2, 27)).insert_text


async def test_what_is_near_to_the_open_file_is_learnt_where_not_all_can_be(local_session, folder):
    (folder / "deep" / "er").mkdir(parents=True)
    for number in range(8):
        (folder / f"far{number}.py").write_text("".join(f"x{number}_{line} = {line}\n" for line in range(12_000)))
    (folder / "deep" / "er" / "billing.py").write_text(SAVED)
    await local_session.start(options={"localEngine": {"indexMegabytes": 1}})
    uri = local_session.open("deep/er/asked.py", QUESTION)
    assert "compute_invoice_total" in (await local_session.offered(uri, 2, 27)).insert_text
