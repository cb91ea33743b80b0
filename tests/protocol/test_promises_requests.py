"""Every request gets exactly one answer, and nobody else's."""

import threading
from typing import Any

from protocol.raw_client import URI, completion
from protocol.rig_server import SECRET


def test_unknown_request_is_refused(client):
    assert client.refusal(client.ask("none/such", {})) == -32601
    assert client.refusal(client.ask("textDocument/didOpen", {})) == -32601  # it is no request
    client.serves()


def test_unknown_request_no_params(client):
    client.send({"id": 7, "method": "none/such"})
    assert client.refusal(7) == -32601
    client.serves()


def test_unknown_notification_no_params(client):
    client.send({"method": "none/such"})
    client.serves()


def test_unknown_request_array_params(client):
    assert client.refusal(client.ask("none/such", [1, 2])) == -32601
    client.serves()


def test_unknown_notification_is_ignored(client):
    client.notify("none/such", {"a": 1})
    client.notify("textDocument/inlineCompletion", completion())  # it is a request
    client.serves()
    assert len(client.messages) == 2


def test_dollar_methods_are_refused_and_ignored(client):
    client.notify("$/none", {})
    assert client.refusal(client.ask("$/none", {})) == -32601
    client.notify("$/setTrace", {"value": "verbose"})
    client.serves()


def test_id_null_is_an_error(client):
    client.send({"id": None, "method": "shutdown"})
    assert client.refusal(None) == -32600
    client.serves()


def test_id_string_comes_back_as_it_was(client):
    for id_ in ["7", "", "a b", "\u00e9", "\ud83d", 0, -5, 2**31]:
        client.send({"id": id_, "method": "textDocument/inlineCompletion", "params": completion()})
        assert client.reply(id_)["result"] is None


def test_id_weird_is_refused(client):
    weird = [1.5, True, {}, [], 10**40]
    client.send(*({"id": id_, "method": "shutdown"} for id_ in weird))
    client.serves()
    assert [reply["error"]["code"] for reply in client.replies(None)] == [-32600] * len(weird)


def test_id_duplicate_gets_two_answers(slow):
    rig, id_ = slow
    rig.send({"id": id_, "method": "textDocument/inlineCompletion", "params": completion()})
    assert rig.reply(id_)["result"] is None
    rig.notify("$/cancelRequest", {"id": id_})
    rig.logged("slow was stopped")
    rig.serves()
    assert [reply.get("error", {}).get("code") for reply in rig.replies(id_)] == [None, -32800]


def test_cancel_unknown_is_ignored(client):
    client.notify("$/cancelRequest", {"id": 4711})
    client.notify("$/cancelRequest", {"id": "4711"})
    client.serves()


def test_cancel_inflight_is_answered_at_once_and_stops_the_work(slow):
    rig, id_ = slow
    rig.notify("$/cancelRequest", {"id": str(id_)})  # another request
    rig.notify("$/cancelRequest", {"id": id_})
    rig.serves()
    assert [reply["error"]["code"] for reply in rig.replies(id_)] == [-32800]  # before what was asked after it
    rig.logged("slow was stopped")


def test_cancel_inflight_of_a_thread_is_answered_at_once(rig):
    id_ = rig.command("rig.block")
    rig.logged("block begins")
    rig.notify("$/cancelRequest", {"id": id_})
    rig.serves()
    assert [reply["error"]["code"] for reply in rig.replies(id_)] == [-32800]  # before what was asked after it


def test_cancel_same_write_never_begins(rig):
    rig.send(
        {"id": "x", "method": "workspace/executeCommand", "params": {"command": "rig.slow"}},
        {"method": "$/cancelRequest", "params": {"id": "x"}},
    )
    assert rig.refusal("x") == -32800
    rig.serves()
    assert "slow begins" not in rig.log
    assert len(rig.replies("x")) == 1


def test_cancel_late_and_wrong_is_ignored(client):
    client.result("textDocument/inlineCompletion", completion())
    wrong: list[Any] = [{"id": 1}, None, {}, [], "x", {"id": None}, {"id": {}}, {"id": 1.5}, {"id": True}]
    for params in wrong:
        client.notify("$/cancelRequest", params)
    client.serves()


def test_params_wrong_type_is_refused_with_the_id(client):
    wrong = [
        {**completion(), "textDocument": 7},
        {**completion(), "textDocument": {"uri": 7}},
        {**completion(), "textDocument": {"uri": None}},
        {**completion(), "position": "here"},
        [],
        "x",
        7,
    ]
    for params in wrong:
        assert client.refusal(client.ask("textDocument/inlineCompletion", params)) == -32602
    client.serves()


def test_params_missing_is_refused_with_the_id(client):
    missing: list[dict[str, Any]] = [{}, {"params": None}, {"params": {}}]
    for n, more in enumerate(missing):
        client.send({"id": f"x{n}", "method": "textDocument/inlineCompletion", **more})
        assert client.refusal(f"x{n}") == -32602
    client.serves()


def test_params_sloppy_ints_are_refused(client):
    for line in [True, 1.0, 1.5, "1", None, 2**40]:
        assert client.refusal(client.ask_completion(line)) == -32602
    client.serves()


def test_handler_exception_is_a_sentence_without_path_or_secret(rig):
    error = rig.reply(rig.command("rig.fail"))["error"]
    assert error == {"code": -32603, "message": "The server failed on this request (ValueError); see its log."}
    assert SECRET not in rig.log
    assert "rig_server.py" not in rig.log
    rig.serves()


def test_handler_exception_in_the_background_is_a_line_in_the_log(rig):
    rig.ran("rig.background")
    rig.logged("something failed on its own: ValueError")
    assert SECRET not in rig.log
    rig.serves()


def test_handler_exception_by_an_answer_that_cannot_be_written(rig):
    assert rig.refusal(rig.command("rig.unwritable")) == -32603
    rig.serves()


def test_response_unknown_is_ignored(client):
    ids: list[Any] = [1, "x", None, {}]
    for answer in ({"result": 1}, {"error": {"code": 1, "message": "x"}}, {"error": 7}):
        client.send(*({"id": id_} | answer for id_ in ids))
    client.serves()
    assert len(client.messages) == 2


def test_response_id_collision_touches_no_request_of_the_client(slow):
    rig, id_ = slow
    rig.send({"id": id_, "result": "not mine"}, {"id": id_, "error": {"code": 1, "message": "x"}})
    rig.serves()
    assert rig.replies(id_) == []
    rig.notify("$/cancelRequest", {"id": id_})
    assert rig.refusal(id_) == -32800


def test_unknown_command_is_refused(client):
    assert client.refusal(client.command("none.such")) == -32602
    client.serves()


def test_flood_of_requests_is_answered_once_each(client):
    ids = range(10_000, 12_000)
    messages = [{"id": n, "method": "textDocument/inlineCompletion", "params": completion()} for n in ids]
    thread = threading.Thread(target=client.send, args=messages)
    thread.start()
    client.reply(ids[-1])
    thread.join()
    client.serves()
    assert sorted(reply["id"] for reply in client.messages if reply["id"] in ids) == list(ids)


def test_a_question_of_ours_is_answered_by_its_id(rig):
    asked = rig.command("rig.ask")
    question = rig.wait(lambda message: message.get("method") == "workspace/configuration")
    rig.send({"id": question["id"], "result": [{"a": 1}]})
    assert rig.reply(asked)["result"] == [{"a": 1}]


def test_a_question_that_is_refused_or_answered_wrongly_fails_who_asked(rig):
    refused = ({"code": -32601, "message": "no"}, -32601), ({"code": "x", "message": 7}, -32603), (7, -32603)
    for answer, code in (*refused, (None, -32602)):
        asked = rig.command("rig.ask")
        question = rig.wait(lambda message: message.get("method") == "workspace/configuration")
        rig.messages.remove(question)
        rig.send({"id": question["id"], **({"error": answer} if answer else {"result": 7})})
        assert rig.refusal(asked) == code
    assert rig.ran("rig.text", URI) is None


def test_a_question_that_is_never_answered_fails_in_the_end(rig):
    asked = rig.command("rig.ask")
    assert rig.refusal(asked) == -32603
    late = rig.wait(lambda message: message.get("method") == "workspace/configuration")
    rig.send({"id": late["id"], "result": []})
    assert rig.ran("rig.text", URI) is None
