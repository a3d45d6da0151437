"""The service over real HTTP: what it tells whom, its one shape of errors, and what never leaves."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from judge.conftest import LAB
from spamlab.content.identity import Workshop
from spamlab.judge.lab_data import lab_data
from spamlab.judge.ledger import Ledger
from spamlab.judge.service import run

BASE = f"/api/v1/labs/{LAB}"


class Client:
    """Asks the service as one participant, or as whoever's token it is given."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token

    def ask(self, method: str, path: str, body: Any = None, raw: bytes | None = None) -> tuple[int, Any, str]:
        """Status, JSON and text of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        connection.request(method, path, data, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, json.loads(text), text

    def answer(self, question: str, answer: Any) -> Any:
        """The judge's word on an answer."""
        return self.ask("POST", f"{BASE}/answers", {"question": question, "answer": answer})[1]


@pytest.fixture
def port(workshop: Workshop) -> Iterator[int]:
    """A running service's port."""
    found: list[int] = []
    ready = threading.Event()
    box: dict[str, Any] = {}

    async def main() -> None:
        box["loop"], box["stop"] = asyncio.get_running_loop(), asyncio.Event()
        await run(workshop, 0, ready=lambda used: (found.append(used), ready.set()), stop=box["stop"])  # type: ignore[func-returns-value]

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    assert ready.wait(20)
    yield found[0]
    box["loop"].call_soon_threadsafe(box["stop"].set)
    thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def p01(workshop: Workshop, port: int) -> Client:
    """The first participant."""
    return Client(port, workshop.participant_token("p01"))


def test_health_needs_no_token(port: int) -> None:
    """Whoever asks hears that the service is there."""
    assert Client(port, "").ask("GET", "/health")[:2] == (200, {"ok": True})


def test_a_lab_names_its_questions_and_messages(p01: Client) -> None:
    """A participant sees questions with states, and the names and ids of both sets of messages."""
    lab = p01.ask("GET", BASE)[1]
    assert [one["id"] for one in lab["questions"]] == ["q1", "q2", "q3"]
    assert {one["set"] for one in lab["items"]} == {"practice", "twin"}
    assert all(one["message_id"] for one in lab["items"])


def test_a_question_has_forms_for_both_sets(p01: Client) -> None:
    """Practice and twin are asked by forms of the same shape; a document has no twin."""
    found = p01.ask("GET", f"{BASE}/questions/q1")[1]
    assert (found["practice"]["question"], found["twin"]["question"]) == ("q1", "q1-twin")
    assert found["practice"]["fields"][0]["options"][0]["label"].startswith("line 1")
    assert [hint["wait"] for hint in found["hints"]] == [None, None, None]
    assert p01.ask("GET", f"{BASE}/questions/q3")[1]["twin"] is None


def test_practice_is_judged_and_a_twin_only_saved(p01: Client, workshop: Workshop) -> None:
    """The right answer on practice is right; on the twin anything readable is saved, and is shown again."""
    truth = lab_data(workshop, "p01", LAB, "practice")["M1"].truth
    assert p01.answer("q1", truth.border_line)["state"] == "right"
    mistake = p01.answer("q1", truth.hops[-1].line)
    assert (mistake["state"], mistake["share"]) == ("mistake", 0.0)
    assert "bottom line" in mistake["message"]
    for answer in (1, 2):
        assert p01.answer("q1-twin", answer)["state"] == "saved"
    assert p01.answer("q2-twin", "no address")["state"] == "form"
    found = p01.ask("GET", f"{BASE}/questions/q1")[1]
    assert (found["twin"]["saved"], found["practice"]["saved"]) == (2, truth.hops[-1].line)


def test_hints_open_one_at_a_time_after_an_attempt(p01: Client) -> None:
    """Before an attempt none opens; then the first, then the second; an open one opens again uncounted."""

    def hint(step: int) -> tuple[int, Any]:
        return p01.ask("POST", f"{BASE}/hints", {"question": "q1", "step": step})[:2]

    assert hint(1)[0] == 409
    p01.answer("q1", 1)
    assert hint(2)[0] == 409
    assert hint(1)[1]["title"] == "Where to look"
    assert hint(1)[0] == 200
    assert hint(2)[0] == 200
    assert hint(4)[0] == 404
    assert [one["open"] for one in p01.ask("GET", f"{BASE}/questions/q1")[1]["hints"]] == [True, True, False]


def test_three_wrong_attempts_offer_to_go_on(p01: Client) -> None:
    """After the third wrong attempt the question offers to go on; errors of form do not count."""
    seen = [p01.answer("q2", answer)["go_on"] for answer in ("192.0.2.1", "x y", "192.0.2.2", "192.0.2.3")]
    assert seen == [False, False, False, True]


def test_no_truth_leaves(p01: Client, workshop: Workshop) -> None:
    """No answer of the service holds the code of a mistake, the handover's address, or a token."""
    twin = lab_data(workshop, "p01", LAB, "twin")["T1"].truth
    texts = [p01.ask("GET", path)[2] for path in (BASE, *(f"{BASE}/questions/q{n}" for n in (1, 2, 3)))]
    texts += [
        p01.ask("POST", f"{BASE}/answers", {"question": name, "answer": answer})[2]
        for name in ("q1", "q1-twin", "q2", "q2-twin")
        for answer in (1, "192.0.2.1", None, "mail.example")
    ]
    whole = "".join(texts)
    for secret in (
        "bottom-line",
        "greeting-name",
        "trainer",
        twin.handover_address,
        "forged",
        workshop.secret().hex(),
        workshop.instructor_token(),
    ):
        assert secret not in whole


def test_the_instructor_sees_the_room(p01: Client, workshop: Workshop, port: int) -> None:
    """The instructor sees states and mistakes with the trainer's sentence; a participant does not."""
    p01.answer("q1", 1)
    status, room, _text = Client(port, workshop.instructor_token()).ask("GET", f"/api/v1/room/{LAB}")
    assert status == 200
    assert [seat["id"] for seat in room["participants"]] == ["p01", "p02"]
    assert room["mistakes"][0]["code"] == "our-inner-hop"
    assert room["mistakes"][0]["trainer"].startswith("took a line of our own")
    assert p01.ask("GET", f"/api/v1/room/{LAB}")[0] == 401


@pytest.mark.parametrize(
    ("method", "path", "raw", "status"),
    [
        ("GET", "/", None, 404),
        ("GET", "/api/v1/labs/../../etc", None, 404),
        ("GET", "/api/v1/labs/99-none", None, 404),
        ("GET", f"{BASE}/questions/zz", None, 404),
        ("GET", f"{BASE}/questions/{'q' * 90}", None, 404),
        ("DELETE", BASE, None, 405),
        ("POST", f"{BASE}/answers", b"", 400),
        ("POST", f"{BASE}/answers", b"[]", 400),
        ("POST", f"{BASE}/answers", b'{"question": 1, "answer": 2}', 400),
        ("POST", f"{BASE}/answers", b"[" * 50_000, 400),
        ("POST", f"{BASE}/answers", b'{"question": "q1", "answer": NaN}', 400),
        ("POST", f"{BASE}/answers", b'{"question": "q1", "answer": 1, "answer": 2}', 400),
        ("POST", f"{BASE}/answers", b'{"question": "q1", "answer": ' + b"9" * 5000 + b"}", 400),
        ("POST", f"{BASE}/answers", b"x" * 200_000, 413),
        ("POST", f"{BASE}/answers", b"\xff\x00", 400),
        ("POST", f"{BASE}/answers", b'{"question": "q9-twin", "answer": 2}', 404),
        ("POST", f"{BASE}/answers", b'{"question": "q3-twin", "answer": 2}', 404),
        ("POST", f"{BASE}/hints", b'{"question": "q1", "step": true}', 400),
        ("GET", f"{BASE}/challenges/q1", None, 404),
    ],
)
def test_every_error_has_one_shape(p01: Client, method: str, path: str, raw: bytes | None, status: int) -> None:
    """Whatever is wrong with a request, the answer is one sentence and no trace."""
    found, answer, text = p01.ask(method, path, raw=raw)
    assert found == status
    assert list(answer) == ["error"]
    assert list(answer["error"]) == ["sentence"]
    assert answer["error"]["sentence"].endswith(".")
    assert "Traceback" not in text


@pytest.mark.parametrize("token", ["", "x", "é", "0" * 64])
def test_a_wrong_token_is_refused(port: int, token: str) -> None:
    """No token and a wrong one get the same answer."""
    headers = token.encode("utf-8").decode("latin-1")
    assert Client(port, headers).ask("GET", BASE)[0] == 401


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"a": {"b": [1] * 3}},
        "x" * 5000,
        "\ud800",
        -1,
        1.5,
        True,
        ["q"] * 50,
        {"__class__": "x"},
        "'; DROP TABLE entries; --",
    ],
)
def test_hostile_answers_get_a_verdict(p01: Client, answer: Any) -> None:
    """Any JSON at all is answered with a state and a sentence."""
    for name in ("q1", "q2", "q3", "q2-twin"):
        found = p01.answer(name, answer)
        if "error" in found:
            assert found["error"]["sentence"]
        else:
            assert found["state"] in {"right", "part", "mistake", "wrong", "form", "saved", "missing"}
            assert found["message"]


def test_many_ask_at_once(p01: Client, workshop: Workshop) -> None:
    """Sixteen answers at the same time all come through, each in the ledger."""
    threads = [threading.Thread(target=p01.answer, args=("q1", number)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger = Ledger(workshop.ledger_file)
    assert len(ledger.entries(participant="p01", question="q1", event="tried")) == 16
    ledger.close()
