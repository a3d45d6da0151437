"""A filter is judged by what its scores do to hidden messages."""

import math
from typing import Any

import pytest

from judge.test_all_kinds import CHECKS, DRAWS, OWN, outputs_of
from spamlab.judge.judging import judge_outputs
from spamlab.judge.kinds import AtLimit, Filter
from spamlab.judge.kinds.filter import BATCH
from spamlab.judge.question import Item, Verdict

LIMIT, COST = CHECKS.questions["limit"], CHECKS.questions["cost"]
HIDDEN = DRAWS["hidden"]


def kind_of(question: Any) -> Filter:
    """The question's kind."""
    assert isinstance(question.kind, Filter)
    return question.kind


def outputs(score: Any, question: Any = LIMIT) -> dict[str, Any]:
    """What a filter with the function `score` of one labelled message gives, batch by batch."""
    return {f"b{number:02d}": {"value": [score(HIDDEN[name]) for name in batch]}
            for number, batch in enumerate(kind_of(question).batches(HIDDEN), 1)}


def judged(score: Any, question: Any = LIMIT) -> Verdict:
    """The verdict on it."""
    return judge_outputs(question, HIDDEN, outputs(score, question))


def spam(one: Any) -> bool:
    """Whether a message is unwanted."""
    return bool(one.truth.notes["spam"])


def test_texts_are_put_in_batches_in_an_order_that_says_nothing() -> None:
    """At most 50 texts a call, each once; the order is that of a hash of the text, not of the draw."""
    batches = kind_of(LIMIT).inputs(HIDDEN)
    texts = [text for _name, batch in batches for text in batch["texts"]]
    assert all(len(batch["texts"]) <= BATCH for _name, batch in batches)
    assert sorted(texts) == sorted(one.truth.notes["text"] for one in HIDDEN.values())
    assert texts != [one.truth.notes["text"] for one in HIDDEN.values()]
    assert set(batches[0][1]) == {"texts", "ask", "each"}


@pytest.mark.parametrize(("limit", "lost", "found"), [(0.0, 0, 3), (0.25, 1, 4), (0.5, 2, 4)])
def test_the_threshold_is_the_best_that_the_limit_allows(limit: float, lost: int, found: int) -> None:
    """With the limit's number of wanted messages lost, as many unwanted ones are found as the scores can."""
    draw = {name: HIDDEN[name] for name in ("H1", "H2", "H5", "H6", "H3", "H4", "H7", "H8")}
    scores = dict(zip(draw, (9, 8, 7, 5, 6, 4, 3, 1), strict=True))
    kind = Filter("f", lambda one: one.truth.notes["text"], spam, AtLimit(limit, 1.0))
    given = {"b01": {"value": [scores[name] for name in kind.batches(draw)[0]]}}
    counted = kind.count(draw, given)
    assert (counted.lost, counted.found) == (min(lost, counted.lost), found)
    assert counted.lost <= lost


def test_ties_do_not_slip_over_the_limit() -> None:
    """Messages of one score are caught together or not at all."""
    verdict = judged(lambda one: 1 if spam(one) or "lunch" in one.truth.notes["text"] else 0)
    assert verdict.share == 0
    assert "yes or no" in verdict.message


def test_recall_earns_from_start_to_goal() -> None:
    """Half way between start and goal is half of the points, and the message says how many are found."""
    unwanted = [name for name, one in HIDDEN.items() if spam(one)]
    found = set(unwanted[: round(len(unwanted) * 0.55)])
    verdict = judged(lambda one: 0.9 if one.message.name in found else 0.2 if spam(one) else 0.3)
    assert verdict.share == 0.5
    assert verdict.message.startswith("With at most 2% of wanted messages lost, it finds 22 of 40 unwanted ones.")


def test_the_worst_slice_is_named() -> None:
    """Where one language does clearly worse, the message says so, and the details list every slice."""
    verdict = judged(lambda one: (0.9 if one.truth.notes["language"] == "Swahili" else 0.1) if spam(one) else 0.5)
    assert "where the language is English: 20 of 40 are wrong" in verdict.message
    assert verdict.details == ("Where the language is English, 20 of 40 are wrong.",
                               "Where the language is Swahili, 0 of 40 are wrong.")


def test_cost_weighs_a_lost_message_against_one_let_through() -> None:
    """One wanted message lost costs ten let through; idle filters earn nothing."""
    assert judged(spam, COST).share == 1
    assert judged(lambda _one: 0, COST).share == 0
    assert judged(lambda _one: 1, COST).share == 0
    first = next(name for name, one in HIDDEN.items() if not spam(one))
    verdict = judged(lambda one: spam(one) or one.message.name == first, COST)
    assert verdict.share == 0.93
    assert "loses 1 wanted ones. The cost is 10." in verdict.message


@pytest.mark.parametrize("word", ["spam", "SPAM", True, 1, 1.0, "1", "true"])
def test_a_vote_may_be_a_word(word: object) -> None:
    """Labels of a fitted filter are votes."""
    assert judged(lambda one: word if spam(one) else "ham", COST).share == 1


def test_constant_scores_get_a_sentence() -> None:
    """The same score for everything is told as such."""
    verdict = judged(lambda _one: 0.5)
    assert (verdict.state, verdict.share) == ("wrong", 0)
    assert "same score" in verdict.message


def test_scores_upside_down_get_a_sentence() -> None:
    """Chances of being wanted are told apart from chances of being unwanted."""
    place = {name: number for number, name in enumerate(HIDDEN)}
    assert "upside down" in judged(lambda one: place[one.message.name] - 1000 * spam(one)).message


@pytest.mark.parametrize(("value", "said"), [
    (math.nan, "no numbers"), (math.inf, "no numbers"), ("nan", "no numbers"), (None, "no numbers"),
    ("perhaps", "no numbers"), ([1], "no numbers"), ({"a": 1}, "no numbers")])
def test_what_is_no_number_gets_a_sentence(value: object, said: str) -> None:
    """A score that is no number is an error of the filter's, its message is let through, and the rest still counts."""
    given = outputs(lambda one: 2.0 if spam(one) else 1.0)
    for name in given:
        given[name]["value"][:2] = [value, value]
    if isinstance(value, float):
        kind = kind_of(LIMIT)
        assert kind.count(HIDDEN, given).unread == 4
        return
    verdict = judge_outputs(LIMIT, HIDDEN, given)
    assert verdict.state == "error"
    assert said in verdict.message
    assert 0.5 < verdict.share < 1


def test_a_wrong_length_gets_a_sentence() -> None:
    """Fewer scores than messages are told with both numbers."""
    given = outputs(spam)
    given["b01"]["value"].pop()
    verdict = judge_outputs(LIMIT, HIDDEN, given)
    assert verdict.state == "error"
    assert verdict.message.startswith("It gives 49 scores for 50 messages.")


def test_an_error_of_the_filter_gets_a_sentence() -> None:
    """A filter that stops on one batch keeps what the others earn, and its error is named, cleaned."""
    verdict = judge_outputs(LIMIT, HIDDEN, outputs(spam) | {"b02": {"error": "KeyError: <b>secret</b>"}})
    assert verdict.state == "error"
    assert "`KeyError` on one list" in verdict.message
    assert "secret" not in verdict.message
    assert 0 < verdict.share < 1


def test_a_known_filter_is_known_after_being_fitted_anew() -> None:
    """A filter with the same fault and other numbers is named as that mistake."""
    verdict = judged(lambda one: 3.7 * sum(mark in one.truth.notes["text"] for mark in OWN.ENGLISH) + 0.2)
    assert verdict.code == "only-english"


def test_objects_are_asked_by_their_methods() -> None:
    """A pipeline as scikit-learn makes it, its last column of chances, and one text at a time give the same scores."""
    whole = OWN.SCORE.format(marks=OWN.ALL, name="count", value=OWN.COUNT)
    pipeline = whole + """
class Pipeline:
    def fit(self, texts, labels): ...
    def score(self, texts, labels): raise AssertionError
    def predict(self, texts): return [one > 1 for one in count(texts)]
    def predict_proba(self, texts): return [(1 - one / 9, one / 9) for one in count(texts)]
score = Pipeline()
"""
    assert judge_outputs(LIMIT, HIDDEN, outputs_of(LIMIT, pipeline, "hidden")).share == 1
    decide = pipeline.replace("score = Pipeline()", "decide = Pipeline()")
    assert judge_outputs(COST, HIDDEN, outputs_of(COST, decide, "hidden")).share == 1


def test_one_text_at_a_time() -> None:
    """With `each`, the function takes a single text."""
    kind = Filter("one", lambda one: one.truth.notes["text"], spam, AtLimit(0, 1), each=True)
    assert kind.inputs(HIDDEN)[0][1]["each"] is True
    assert kind.compare(None, outputs(spam), Item("hidden", tuple(HIDDEN), HIDDEN))[0] == 1.0
