"""A long day's work leaves nothing behind."""

import psutil
import pytest

from protocol.raw_client import URI, completion

EDITS, QUESTIONS, ROUND = 20_000, 5_000, 100


def work(client, begin, end):
    """Edits with a question after every fourth; each round waits for its last answer, as an editor would."""
    for n in range(begin, end):
        client.change(n + 2, (n % 50, 0), (n % 50, 1), "x")
        if n % (EDITS // QUESTIONS) == 0:
            last = client.ask("textDocument/inlineCompletion", completion(n % 50, 1))
        if n % ROUND == 0:
            client.reply(last)
            client.messages.clear()
    client.reply(client.ask("textDocument/inlineCompletion", completion()))


@pytest.mark.slow
@pytest.mark.skipif(not psutil.POSIX, reason="counts file descriptors")
def test_memory_descriptors_and_tasks_stay_as_they_were(rig):
    rig.open("some line of code\n" * 100)
    process = psutil.Process(rig.process.pid)
    work(rig, 0, EDITS // 10)
    before = process.memory_info().rss, process.num_fds(), process.num_threads(), rig.ran("rig.tasks")
    work(rig, EDITS // 10, EDITS)
    after = process.memory_info().rss, process.num_fds(), process.num_threads(), rig.ran("rig.tasks")
    assert after[0] < before[0] * 1.1
    assert after[1:] == before[1:]
    assert len(rig.ran("rig.text", URI)["text"]) == len("some line of code\n") * 100
