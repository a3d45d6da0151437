"""`check` asks the judge or raises; nothing passes unchecked."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy
import pytest
from kit_fakes import LAB, FakeServices

from spamlab.kit import answer, answered, check, session
from spamlab.kit.calling import Texts, call_all, can_be_asked, read_input
from spamlab.kit.errors import AnswerError, KitError, NotChecked


def test_fails_closed_without_an_address() -> None:
    """With no judge's address, check raises, answered or not."""
    session.begin(LAB)
    for _ in range(2):
        with pytest.raises(NotChecked, match="Nothing was checked"):
            check("q3")
        answer("q3", 4)


@pytest.mark.usefixtures("services")
def test_fails_closed_when_the_judge_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judge that went away is noticed, even for an answer that it has judged before."""
    answer("q3", 4)
    check("q3")
    monkeypatch.setenv("SPAMLAB_JUDGE_URL", "http://127.0.0.1:1")
    with pytest.raises(NotChecked):
        check("q3")
    with pytest.raises(NotChecked):
        check("q7", lambda _raw: {})


def test_fails_closed_on_nonsense(services: FakeServices) -> None:
    """An answer that can't be read, and a refusal, are no pass."""
    with pytest.raises(NotChecked, match="no question"):
        check("q99")
    services.raw_answer = b"ok"
    with pytest.raises(NotChecked):
        check("q3")


def test_only_a_right_answer_is_taken_home(services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    """A right answer is given back and sent once; a wrong or unanswered one, and one without a judge, is None."""
    assert answered("q3", right=True) is None
    services.verdicts["q3"] = {"state": "right", "share": 1.0, "message": "Right."}
    answer("q3", 4)
    assert answered("q3", right=True) == 4
    assert services.posted == [("q3", 4)]
    services.verdicts["q3"] = {"state": "part", "share": 0.5, "message": "Part of it."}
    answer("q3", 3)
    assert answered("q3", right=True) is None
    monkeypatch.setenv("SPAMLAB_JUDGE_URL", "http://127.0.0.1:1")
    assert answered("q3", right=True) is None


def test_nothing_answered_is_no_error(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """With nothing answered, check says so and goes on."""
    check("q3")
    assert "No answer yet" in capsys.readouterr().out
    assert services.posted == []


@pytest.mark.usefixtures("services")
def test_practice_and_twin_in_one_cell(capsys: pytest.CaptureFixture[str]) -> None:
    """The check cell shows both parts, or says that the part for points is open."""
    answer("q3", 4)
    capsys.readouterr()
    check("q3")
    assert "The part for points is still open" in capsys.readouterr().out
    answer("q3-twin", 2)
    capsys.readouterr()
    check("q3")
    printed = capsys.readouterr().out
    assert printed.index("Practice:") < printed.index("Not yet.") < printed.index("For points:")
    assert "Saved." in printed


def test_the_same_answer_is_one_attempt(services: FakeServices) -> None:
    """Form and check cell together send an answer once; a changed answer is sent again."""
    answer("q3", 4)
    check("q3")
    check("q3")
    assert services.posted == [("q3", 4)]
    answer("q3", 3)
    check("q3")
    assert services.posted == [("q3", 4), ("q3", 3)]


def test_every_state_has_its_word(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """Each state of the judge's is said in words, with the next step."""
    for state, word in [("right", "Right."), ("part", "Part right."), ("mistake", "Not yet."), ("wrong", "Not yet."),
                        ("form", "Please look at how your answer is written."), ("saved", "Saved."),
                        ("error", "Stopped with an error."), ("nonsense", "Not yet.")]:
        services.verdicts["q3"] = {"state": state, "share": 0.5, "message": "Because.", "go_on": True}
        answer("q3", state)
        printed = capsys.readouterr().out
        assert printed.startswith(f"{word} Because.")
        assert ("You may go on" in printed) is (word in {"Part right.", "Not yet.", "Stopped with an error."})


def test_a_function_is_run_here_on_practice_inputs(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """The judge gets the outputs by name; the argument is the message as bytes."""

    def classify_route(raw: bytes) -> dict[str, Any]:
        print("looking")
        return {"lines": raw.count(b"Received:")}

    check("q7", classify_route)
    [(name, outputs)] = services.posted
    assert name == "q7"
    assert outputs == {f"P{number}": {"value": {"lines": 4}} for number in range(1, 13)}
    assert "looking" not in capsys.readouterr().out
    assert answered("q7") is None


def test_a_function_that_fails(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """Errors and odd results are outputs too; the judge's message comes before Python's words."""

    calls: list[bytes] = []

    def rule(raw: bytes) -> Any:
        calls.append(raw)
        if len(calls) == 1:
            return {"x": {1, 2}}
        return raw if len(calls) == 2 else 1 / 0

    check("q7", rule)
    outputs = services.posted[0][1]
    assert "plain data" in outputs["P1"]["error"]
    assert "plain data" in outputs["P2"]["error"]
    assert outputs["P3"] == {"error": "ZeroDivisionError: division by zero"}
    printed = capsys.readouterr().out
    assert printed.index("Not yet") < printed.index("stopped with an error on 12 of 12")


@pytest.mark.parametrize("bad", [KeyError("x"), SystemExit(1), RecursionError(), MemoryError()])
def test_no_error_of_a_function_escapes(services: FakeServices, bad: BaseException) -> None:
    """Whatever the function raises is an output."""

    def rule(_raw: bytes) -> Any:
        raise bad

    check("q7", rule)
    assert type(bad).__name__ in services.posted[0][1]["P1"]["error"]


def test_an_endless_function_is_stopped() -> None:
    """A call is bounded in time, even where the function catches every Exception."""
    from spamlab.kit.calling import call_all

    def rule(_raw: Any) -> Any:
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                continue

    called = call_all(rule, [("P1", b""), ("P2", b"")], seconds=0.1)
    assert called.failed == ("P1", "P2")
    assert "longer than 0.1 seconds" in called.outputs["P1"]["error"]


def test_big_outputs_and_floods_are_bounded() -> None:
    """A huge result is an error, and what is printed is cut."""
    from spamlab.kit.calling import call_all

    def rule(_raw: Any) -> Any:
        print("x" * 100_000)
        return "y" * 10_000

    called = call_all(rule, [("P1", b""), ("P2", b"")])
    assert "too big" in called.outputs["P1"]["error"]
    assert len(called.printed) <= 4000


class Fitted:
    """A filter as scikit-learn makes it: fitted, not callable."""

    def fit(self, _texts: list[str], _labels: list[int]) -> None:
        """Nothing to learn."""

    def score(self, _texts: list[str], _labels: list[int]) -> float:
        """The share of right labels: not what is asked."""
        raise AssertionError

    def predict(self, texts: list[str]) -> Any:
        """Labels."""
        return numpy.array(["spam" if "prize" in text else "ham" for text in texts])

    def predict_proba(self, texts: list[str]) -> Any:
        """Chances of both classes."""
        return numpy.array([[0.25, 0.75] if "prize" in text else [1.0, 0.0] for text in texts])


@pytest.mark.parametrize(("thing", "ask", "each", "value"), [
    (Fitted(), "scores", False, [0.75, 0.0]),
    (Fitted(), "votes", False, ["spam", "ham"]),
    (lambda texts: numpy.array([len(text) for text in texts]), "scores", False, [7, 5]),
    (lambda texts: (float(len(text)) for text in texts), "scores", False, [7.0, 5.0]),
    (lambda text: len(text), "scores", True, [7, 5]),
    (lambda _texts: [float("nan"), numpy.float32("inf")], "scores", False, ["nan", "nan"]),
    (lambda _texts: numpy.array([[0.5], [0.25]]), "scores", False, [0.5, 0.25]),
])
def test_a_filter_is_asked_for_plain_numbers(thing: Any, ask: str, each: bool, value: list[Any]) -> None:
    """A function or a fitted object gives one plain number or word for each text, whatever library made it."""
    assert can_be_asked(thing)
    texts = read_input({"texts": ["a prize", "lunch"], "ask": ask, "each": each})
    called = call_all(thing, [("b01", texts)])
    assert called.outputs == {"b01": {"value": value}}
    assert json.loads(json.dumps(called.outputs)) == called.outputs


@pytest.mark.parametrize("thing", [3, None, "text", object()])
def test_what_cannot_be_asked_is_no_filter(thing: Any) -> None:
    """A number, a text or any other object has no scores."""
    assert not can_be_asked(thing)


def test_an_error_of_a_filter_is_caught() -> None:
    """A filter that stops, gives no list, or a list of other things, ends as an error or as what it gave."""
    texts = Texts(("a", "b"))
    outputs = [call_all(one, [("b", texts)]).outputs["b"] for one in (
        lambda _texts: 1 / 0, lambda _texts: 3, lambda _texts: [object(), 1])]
    assert all("error" in one for one in outputs)


def test_a_fitted_filter_is_checked(services: FakeServices) -> None:
    """check takes an object that is no function."""
    check("q7", Fitted())
    assert services.posted


def test_a_stale_rule_is_not_judged(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """A function made from other choices than those now saved is not sent; made anew, or one's own, it is."""

    def rule(_raw: bytes) -> dict[str, Any]:
        return {"border_line": 1}

    made: Any = rule
    made.made_from = {"place": "by"}
    answer("q7", {"place": "top"})
    services.posted.clear()
    capsys.readouterr()
    check("q7", rule)
    assert "Run the cell with build_rule again, then this one." in capsys.readouterr().out
    assert services.posted == []
    made.made_from = {"place": "top"}
    check("q7", rule)
    del made.made_from
    check("q7", lambda _raw: {"border_line": 2})
    assert len(services.posted) == 2


def test_a_rule_not_built_yet(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """Saved choices without a function are no answer, and the words name cells, not places."""
    services.verdicts["q7"] = {"state": "saved", "share": None, "message": "Saved. Run the next cell."}
    answer("q7", {"place": "top"})
    assert "next cell" not in capsys.readouterr().out
    check("q7", None)
    printed = capsys.readouterr().out
    assert printed.startswith("Not checked.")
    assert "Run the cell with build_rule, then this cell again." in printed


def test_points_are_named_only_where_there_are_some(services: FakeServices, capsys: pytest.CaptureFixture[str]) -> None:
    """A question without a part for points does not speak of one, checked or typed."""
    for name, there in [("q3", True), ("q8", False)]:
        services.verdicts[name] = {"state": "wrong", "share": 0.0, "message": "No.", "go_on": True}
        services.questions[name]["go_on"] = True
        answer(name, {"to": "x"})
        check(name)
        printed = capsys.readouterr().out
        assert printed.count("You may go on") == 2
        assert ("points still counts" in printed) is there


@pytest.mark.usefixtures("services")
def test_not_a_function() -> None:
    """A value in the place of the function is a sentence."""
    with pytest.raises(KitError, match="without brackets"):
        check("q7", {"x": 1})  # type: ignore[arg-type]


def test_answer_says_what_cannot_be_kept(services: FakeServices) -> None:
    """The typed way refuses what is no plain JSON, and sends nothing."""
    with pytest.raises(AnswerError):
        answer("q3", (1, 2))
    assert services.posted == []
