"""A question about a policy document: form, share, what practice tells and what a twin keeps silent."""

from __future__ import annotations

import json
import time

import pytest

from spamlab.content.prose import message_smells
from spamlab.generate.lab_sets import labelled_record
from spamlab.judge.handed_out import sets_of
from spamlab.judge.judging import judge_answer
from spamlab.judge.kinds.policy import (
    Policy,
    add_known_mistakes,
    document,
    example_of,
    reference_of,
)
from spamlab.judge.question import Checks, Item
from spamlab.policy.bundles import bundle
from spamlab.policy.document import policy_toml, read_policy
from spamlab.policy.instruments import read_instruments
from spamlab.policy.library import read_library
from spamlab.policy.mistakes import KNOWN

NAME = "mobile-money-leader"
SEED = "5eed" * 16
DATA = {
    "E1": labelled_record({"id": "E1", "economy": NAME}, {"scenarios": ["calm", "new-channel"]}),
    "F1": labelled_record({"id": "F1", "economy": NAME}, {"seed": SEED}),
    "G1": labelled_record({"id": "G1", "economy": NAME}, {"seed": SEED[::-1]}),
}
PRACTICE, TWIN, OTHER = Item("practice", ("E1",), DATA), Item("twin", ("F1",), DATA), Item("twin", ("G1",), DATA)
INSTRUMENTS = read_instruments()
PLAIN = document(NAME, bundle(INSTRUMENTS, [("complaint-line", 0), ("awareness-campaign", 26), ("treaty", 140)]))


def asked():
    """A question of the kind, with all its known mistakes."""
    question = Checks().question("q", Policy(runs=6), title="A policy", points=6, minutes=20,
                                 about={"practice": ("E1",), "twin": ("F1",)})
    question.answer(reference_of)
    add_known_mistakes(question)
    return question


QUESTION = asked()


def test_text_and_record_are_one_answer() -> None:
    """TOML, its lines in another order, and the record of a form give the same canonical text."""
    read = read_policy(PLAIN)
    record = {"title": read.title, "years": 3, "text": dict(read.text), "measure": [
        {"instrument": one.instrument, "start": one.start,
         **json.loads(json.dumps(dict(one.settings)))} for one in read.measures]}
    kind = QUESTION.kind
    assert kind.parse(PLAIN, PRACTICE) == PLAIN == policy_toml(read)
    assert kind.parse(f"# mine\n{PLAIN}\n", PRACTICE) == PLAIN
    assert kind.parse({"text": PLAIN}, PRACTICE) == PLAIN
    assert kind.parse(record, PRACTICE) == PLAIN
    assert kind.parse({"economy": NAME, **record}, PRACTICE) == PLAIN


def test_every_fault_is_told_at_once_and_counts_no_try() -> None:
    """A broken document gets each mistake with its line and what is allowed."""
    broken = PLAIN.replace("start = 140", "start = 1000").replace("years = 3", "years = 30")
    verdict = judge_answer(QUESTION, PRACTICE, broken)
    assert verdict.state == "form"
    assert "Your policy, line 3: years = 30 is out of range; allowed: 1 to 5." in verdict.message
    assert verdict.message.count("\n") == 1
    for wrong in ([PLAIN], 3, {"title": "x"}, "years = [", PLAIN.split("[[")[0]):
        assert judge_answer(QUESTION, TWIN, wrong).state == "form"


def test_another_economy_is_an_error_of_form_where_it_must_be_the_own() -> None:
    """A neighbour's document is sent back; where practice is open to all, it is played in its own economy."""
    other = PLAIN.replace(NAME, "advanced-city")
    verdict = judge_answer(QUESTION, TWIN, other)
    assert verdict.state == "form"
    assert NAME in verdict.message
    assert Policy(own=("twin",)).parse(other, PRACTICE) == other
    with pytest.raises(Exception, match="must be for your own economy"):
        Policy(own=("twin",)).parse(other, TWIN)


def test_practice_tells_what_cost_and_what_is_missing() -> None:
    """A poor policy gets its score, what stays on paper, and each scenario's score, in plain short sentences."""
    verdict = judge_answer(QUESTION, PRACTICE, PLAIN)
    assert verdict.state in {"part", "wrong"}
    assert verdict.message.startswith("Your policy scores ")
    assert any("stays on paper" in one for one in verdict.details)
    assert any(one.startswith("Scenario “A new channel”: ") for one in verdict.details)
    for said in (verdict.message, *verdict.details):
        assert message_smells(said) == []


def test_feedback_names_no_stored_policy() -> None:
    """No sentence holds the settings or the order of a stored policy: only single instruments by their titles."""
    best = read_library(NAME).steady().policy
    assert best is not None
    told = " ".join(judge_answer(QUESTION, PRACTICE, PLAIN).details)
    left_out = [INSTRUMENTS[one.instrument].title for one in best.measures
                if one.instrument not in {"complaint-line", "awareness-campaign", "treaty"}]
    # The three that would gain most as the last measure are named, and no more.
    assert sum(title in told for title in left_out) <= 3


def test_a_twin_is_silent_and_plays_scenarios_of_its_seed() -> None:
    """A twin says only that it is saved; when graded, its score comes from hidden scenarios, other ones by seed."""
    kind = QUESTION.kind
    assert judge_answer(QUESTION, TWIN, PLAIN, silent=True).message == judge_answer(
        QUESTION, TWIN, reference_of(TWIN), silent=True).message
    assert len(kind.scenarios(TWIN)) == 3
    assert "calm" not in kind.scenarios(TWIN)
    assert kind.scenarios(PRACTICE) == ("calm", "new-channel")
    assert kind.judgement(PLAIN, TWIN).regret != kind.judgement(PLAIN, OTHER).regret
    assert judge_answer(QUESTION, TWIN, PLAIN).details == ()


def test_the_seed_is_nowhere_in_what_is_handed_out() -> None:
    """Records, form and a verdict on practice hold no seed."""
    handed = json.dumps([sets_of(DATA), QUESTION.kind.form(TWIN), judge_answer(QUESTION, PRACTICE, PLAIN).details])
    assert SEED not in handed
    assert "scenarios" not in json.dumps(sets_of(DATA))


def test_a_graded_answer_is_the_same_again_and_takes_seconds() -> None:
    """Two questions made anew give the same share; a whole judgement with all its draws ends within ten seconds."""
    full = Policy()
    began = time.process_time()
    first = full.compare("", PLAIN, TWIN)
    assert time.process_time() - began < 10
    assert Policy().compare("", PLAIN, TWIN) == first


def test_the_share_is_a_stated_scale_of_the_score() -> None:
    """Nothing up to `none`, everything from `full` on, evenly between."""
    score = QUESTION.kind.judgement(PLAIN, PRACTICE).score
    assert score is not None
    assert Policy(runs=6, full=score, none=score - 1).compare("", PLAIN, PRACTICE)[0] == 1
    assert Policy(runs=6, full=score + 1, none=score).compare("", PLAIN, PRACTICE)[0] == 0
    assert Policy(runs=6, full=score + 1, none=score - 1).compare("", PLAIN, PRACTICE)[0] == pytest.approx(0.5)


def test_without_texts_no_number_is_shown() -> None:
    """Neither score nor money before the four texts are there."""
    verdict = judge_answer(QUESTION, PRACTICE, document(NAME, read_policy(PLAIN).measures, text={}))
    assert (verdict.state, verdict.code, verdict.share) == ("mistake", "no-texts", 0)
    assert not any("dollars" in one or "of 100" in one for one in (verdict.message, *verdict.details))


@pytest.mark.parametrize("code", KNOWN)
def test_each_known_mistake_is_named_where_it_can_be_made(code: str) -> None:
    """In several economies the example of a mistake is that mistake, and the others' examples are not."""
    made = 0
    for economy in ("pacific-island", "mobile-money-leader", "advanced-city", "fragile-state"):
        shown = example_of(code, economy)
        if shown is None:
            continue
        made += 1
        item = Item("practice", ("X1",), {"X1": labelled_record({"id": "X1", "economy": economy}, {})})
        text = QUESTION.kind.parse(shown, item)
        for other in KNOWN:
            known = example_of(other, economy)
            if known is not None and code not in {"all-at-once", "strict-filters"}:
                assert QUESTION.kind.matches(known, text, item) == (other == code)
    assert made >= 2 or code == "all-at-once"
