"""Rules fire on what they say, add up, and a file's faults come all at once."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from spamlab.errors import ContentError, UsageError
from spamlab.filtering import Rule, RuleFilter, RuleScorer, RuleSet, read_rules

ROOT = Path(__file__).parents[2]
OWN = ROOT / "datasets/filters/rules.toml"

# One plain message for each rule of the project's file, that this rule must fire on.
_FIRES = {
    "invisible-in-words": "fr\u200bee money", "mixed-scripts": "your pаcket", "styled-letters": "𝐅𝐑𝐄𝐄 money",
    "letters-apart": "F R E E money", "leet": "v1agra", "link": "see www.shop.example/a", "short-link": "go.test/a8Xk2",
    "address-link": "http://192.0.2.9/login", "user-in-link": "http://bank.example@login.test/", "encoded-link":
    "http://xn--bnk-6qa.example/", "deep-link": "http://bank.example.login.my.test/", "hidden-html":
    "<p style='display: none'>x</p>", "many-capitals": "READ THIS now", "many-exclamations": "now!!!",
    "money-sign": "€5",
    "long-number": "ref 12345678901", "prize-en": "You have won a car", "claim-en": "to claim, come by",
    "free-offer-en": "FREE gift when you call", "call-now-en": "text WIN to 00123", "link-now-en":
    "verify here: https://a.example", "account-blocked-en": "Your account is now blocked", "parcel-fee-en":
    "Your parcel is held: pay the rest", "tax-refund-en": "a tax refund is due", "loan-en": "Loans approved in an hour",
    "betting-en": "Casino bonus for you", "easy-money-en": "Earn 200 a day", "advance-fee-en":
    "I am his next of kin", "pharmacy-en": "Pills without a doctor, no prescription", "code-wanted-en":
    "please send me the code", "new-number-en": "Hi mum, I lost my phone", "subscribe-en": "check out my channel",
    "urgent-en": "URGENT, reply", "prize-fr": "Vous avez gagné un bon", "account-parcel-fr":
    "Votre colis est en attente", "prize-es": "Has ganado un viaje", "account-parcel-es": "Su cuenta está bloqueada",
    "prize-account-ru": "Ваша карта заблокирована", "prize-account-ar": "مبروك لقد ربحت", "prize-account-zh":
    "恭喜您中奖了", "prize-account-de": "Ihr Konto wurde gesperrt", "quoted-reply": "Yes.\n> shall we meet?",
    "never-share-code": "1234 is your code. Never share it.", "own-voice": "on my way home now",
}
_QUIET = ("Meeting moved to three, same room.", "Bonjour, la réunion est à 15 heures.", "Можно завтра в три часа?",
          "会议改到三点，同一个房间。", "موعدنا غدا الساعة الثالثة", "La reunión es a las tres.",
          "Das Treffen ist um drei.")


def test_each_rule_of_the_file_fires_on_its_message() -> None:
    """Every rule of the project's own file has a message that it fires on, and none fires on plain talk."""
    found = read_rules(OWN)
    assert 35 <= len(found.rules) <= 60
    assert {rule.name for rule in found.rules} == set(_FIRES)
    scorer = RuleScorer(found).fit([])
    names = list(scorer.get_feature_names_out())
    for name, text in _FIRES.items():
        assert scorer.transform([text])[0, names.index(name)] != 0, name
    assert not scorer.transform(_QUIET).any()


@pytest.mark.parametrize("piece", ["account ", "parcel is ", "you won ", "free ", "call 1 ", "> \n", "a" * 50, "mum ",
                                   "€5", "never share ", "colis ", "карта ", "حسابك ", "账户", "http://", "loan "])
def test_no_text_makes_the_rules_slow(piece: str) -> None:
    """A hundred thousand characters of one piece of a pattern take all rules of the file no more than two seconds."""
    start = time.process_time()
    RuleScorer(read_rules(OWN)).fit_transform([piece * (100_000 // len(piece))])
    assert time.process_time() - start < 2


def test_scores_add_up() -> None:
    """The sum of the rules that fire is compared with the threshold; at the threshold it is spam."""
    rules = [Rule("a", 0.1, "a", "alpha"), Rule("b", 0.2, "b", "beta"), Rule("c", -1.0, "c", "gamma")]
    model = RuleFilter(rules, threshold=0.3).fit(["x"])
    texts = ["alpha beta", "alpha", "alpha beta gamma", "Alpha BETA", ""]
    assert model.predict(texts).tolist() == ["spam", "ham", "ham", "spam", "ham"]
    assert model.score_messages(texts).tolist() == [0.3, 0.1, -0.7, 0.3, 0.0]
    assert ((model.decision_function(texts) > 0) == (model.predict(texts) == "spam")).all()
    assert model.fired("beta gamma").to_dict("list") == {"rule": ["c", "b"], "score": [-1.0, 0.2], "about": ["c", "b"]}


def test_kinds_of_rules() -> None:
    """A pattern sees the normalised text or the text as written; a feature counts; a function decides."""
    rules = [
        Rule("seen", 1.0, "after normalising", "free"), Rule("written", 1.0, "as written", "free", over="text"),
        Rule("case", 1.0, "with case", "FREE", case=True), Rule("links", 1.0, "two links", feature="links", at_least=2),
        Rule("long", 1.0, "a function", test=lambda text: len(text) > 30),
    ]
    table = RuleScorer(rules).fit_transform(["fr\u200bee", "FREE a.test/b c.test/d and some more words", "nothing"])
    assert table.tolist() == [[1, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]]


def test_classes_come_from_the_labels() -> None:
    """Labels teach the names of the classes; without any they are ham and spam; three are refused."""
    rules = [Rule("a", 9.0, "a", "alpha")]
    assert RuleFilter(rules).fit(["x", "y"], [0, 1]).predict(["alpha", "b"]).tolist() == [1, 0]
    assert RuleFilter(rules).fit(["x", "y"]).predict(["alpha", "b"]).tolist() == ["spam", "ham"]
    assert RuleFilter(rules).fit(["x"], ["ham"]).classes_.tolist() == ["ham", "spam"]
    with pytest.raises(ValueError, match="binary"):
        RuleFilter(rules).fit(["x", "y", "z"], [0, 1, 2])
    with pytest.raises(ValueError, match="2 messages and 1 labels"):
        RuleFilter(rules).fit(["x", "y"], ["spam"])


def test_the_file_brings_its_threshold(tmp_path: Path) -> None:
    """A filter by path takes the file's threshold, unless it is given one."""
    path = tmp_path / "rules.toml"
    path.write_text('threshold = 2\n[[rule]]\nname="a"\nscore=3\nabout="x"\npattern="alpha"\n', encoding="utf-8")
    assert RuleFilter(path).fit(["a"]).threshold_ == 2.0
    assert RuleFilter(str(path), threshold=4).fit(["a"]).predict(["alpha"]).tolist() == ["ham"]
    assert read_rules(path) == RuleSet((Rule("a", 3, "x", "alpha"),), 2.0)


_BAD = """
threshold = "five"
speed = 3

[[rule]]
name = "one"
score = 1.0
about = "a pattern that is none"
pattern = '(open'

[[rule]]
name = "one"
score = 0
about = "twice, no points, two ways"
pattern = 'a'
feature = "links"

[[rule]]
score = true
colour = "red"

[[rule]]
name = "four"
score = 1
about = "always"
pattern = 'a*'

[[rule]]
name = "five"
score = 1.0
about = "a feature that is none"
feature = "shoes"
at_least = -1
"""


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Every fault of a file is named with the rule and the line on which it begins."""
    path = tmp_path / "rules.toml"
    path.write_text(_BAD, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_rules(path)
    said = str(caught.value)
    for part in ("the key speed is not known", "threshold must be a number", "line 5: rule one: the pattern is no",
                 "line 11: rule one: there is another rule of this name", "line 18: the key name is missing",
                 "line 18: the key about is missing", "line 18: score must be a number", "line 18: the key colour is",
                 "line 22: rule four: the pattern matches the empty text", "line 28: rule five: there is no feature",
                 "line 28: rule five: at_least must be above 0"):
        assert part in said, part
    assert "Traceback" not in said


def test_faults_of_a_rule_made_by_hand() -> None:
    """A rule is checked when it is made, with all that is wrong with it."""
    with pytest.raises(ValueError, match=r"rule x: give one of .* not several; the score must be .*0"):
        Rule("x", 0, "y", "a", feature="links")
    with pytest.raises(ValueError, match="not none"):
        Rule("x", 1.0)


@pytest.mark.parametrize(("content", "kind", "says"), [
    (None, UsageError, "can't be read"), ("threshold = ", ContentError, "not TOML"), ("", ContentError, "no rules"),
    ("rule = 3", ContentError, "no rules"), ("rule = [3]", ContentError, "rule 1: a rule must be a table"),
])
def test_files_that_are_none(tmp_path: Path, content: str | None, kind: type[Exception], says: str) -> None:
    """A file that is missing, no TOML or empty gets one sentence."""
    path = tmp_path / "rules.toml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(kind, match=says):
        read_rules(path)


@pytest.mark.parametrize("rules", [(), 3, ["a"], Rule("a", 1.0, "a", "b"),
                                   [Rule("a", 1.0, "a", "b"), Rule("a", 2.0, "a", "c")]])
def test_what_are_no_rules(rules: object) -> None:
    """An estimator given no rules, or the same name twice, says so when it is fitted."""
    with pytest.raises(ValueError, match=r"rules are a list|two rules have the name a"):
        RuleScorer(rules).fit(["a"])


def test_no_message_no_row() -> None:
    """No messages give a table without rows, with a column for each rule."""
    assert np.asarray(RuleScorer([Rule("a", 1.0, "a", "b")]).fit_transform([])).shape == (0, 1)
