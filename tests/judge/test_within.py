"""What a lab runs over a participant's text ends in time, in every thread."""

import threading
import time

import pytest

from judge.sample import ITEM
from spamlab.errors import ContentError, UsageError
from spamlab.judge.bounds import within
from spamlab.judge.kinds.playing import Outcome, outcomes_of
from spamlab.judge.question import FormError


def endless() -> None:
    """Go on and on, and take no error for an answer."""
    while True:
        try:
            for _ in range(1000):
                pass
        except Exception:
            continue


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_endless_run_is_stopped(elsewhere: bool) -> None:
    """After its time a run ends with TimeoutError, in the main thread and in another."""
    ended: list[float] = []

    def run() -> None:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            within(0.2, endless)
        ended.append(time.monotonic() - began)

    if elsewhere:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(20)
    else:
        run()
    assert ended
    assert ended[0] < 10


def test_a_run_in_time_gives_its_value_and_leaves_nothing() -> None:
    """A value and an error come through, and nothing rings afterwards."""
    assert within(0.05, lambda a, b: a + b, 1, 2) == 3
    with pytest.raises(ZeroDivisionError):
        within(0.05, lambda: 1 / 0)
    time.sleep(0.15)
    assert sum(range(100_000)) == 4999950000


@pytest.mark.parametrize(("error", "said"), [
    (ValueError("Line 2 has no semicolon."), "Line 2 has no semicolon."),
    (UsageError("The tag p is missing."), "The tag p is missing."),
    (FormError("Give a record."), "Give a record."),
    (ValueError("invalid literal for int() with base 10: 'x'"), "breaks the rules of its language"),
    (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), "breaks the rules of its language"),
    (IndexError("list index out of range"), "breaks the rules of its language"),
    (RecursionError(), "breaks the rules of its language"),
])
def test_what_a_run_raises_over_a_text_is_an_error_of_form(error: Exception, said: str) -> None:
    """A sentence for a reader comes through; Python's own words do not."""
    def run(_text: str, _item: object) -> object:
        raise error

    with pytest.raises(FormError, match=said.replace("(", r"\(")):
        outcomes_of(run, "x", ITEM)


def test_a_lab_that_gives_no_outcome_is_the_labs_fault() -> None:
    """No case at all can't be judged, and is not the participant's error."""
    with pytest.raises(ContentError):
        outcomes_of(lambda _text, _item: {}, "x", ITEM)
    with pytest.raises(ContentError, match="own"):
        outcomes_of(lambda _text, _item: (_ for _ in ()).throw(ContentError("own")), "x", ITEM)


def test_one_outcome_alone_is_a_case_without_a_name() -> None:
    """A run may give an outcome, or an outcome with its line."""
    assert outcomes_of(lambda text, _item: text.upper(), "x", ITEM) == {"": Outcome("X")}
    assert outcomes_of(lambda _text, _item: Outcome(True, 2), "x", ITEM)[""].line == 2
