"""Rules with scores, as SpamAssassin made them usual: the scores of the rules that fire are added up.

A file of rules (TOML, by convention `datasets/filters/rules.toml`):

    threshold = 5.0

    [[rule]]
    name = "prize-won"
    score = 2.0
    about = "says that the reader has won something"
    pattern = 'you (have )?won'

    [[rule]]
    name = "invisible-characters"
    score = 2.5
    about = "hides invisible characters in words"
    feature = "invisible"
    at_least = 1

A pattern is a regular expression of Python's, searched without regard to case unless `case = true`, in the text with
its evasion undone unless `over = "text"`. A feature is one of `spamlab.filtering.features.FEATURES`. A score below 0
speaks for a wanted message. Patterns are run as they are: take rules files from people whom you trust with code.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d

from spamlab.errors import ContentError, UsageError
from spamlab.filtering.features import FEATURES, MessageFeatures
from spamlab.filtering.normalize import normalize
from spamlab.filtering.texts import Floats, Messages, texts_of

_DECIMALS = 6
_HAIR = 0.5 * 10**-_DECIMALS

DEFAULT_THRESHOLD = 5.0
"""What SpamAssassin takes where nothing else is said (Mail::SpamAssassin::Conf, required_score)."""


@dataclass(frozen=True)
class Rule:
    """One rule: it fires or not, and counts its score if it does.

    name: unique within a set. score: points for spam (below 0: against). about: what it sees, for people.
    Exactly one of these says when it fires. pattern: a regular expression. feature: a column of MessageFeatures that is
    `at_least` so much. test: a function of the text that gives true or false.
    over: "normal" (evasion undone) or "text" (as written), for pattern and test. case: whether case counts.
    Raises ValueError, with all that is wrong, when it is made.
    """

    name: str
    score: float
    about: str = ""
    pattern: str = ""
    feature: str = ""
    at_least: float = 1.0
    test: Callable[[str], bool] | None = None
    over: str = "normal"
    case: bool = False

    def __post_init__(self) -> None:
        faults = list(_rule_faults(self))
        if faults:
            raise ValueError(f"rule {self.name}: {'; '.join(faults)}")


@dataclass(frozen=True)
class RuleSet:
    """Rules and the sum of scores from which a message is spam."""

    rules: tuple[Rule, ...]
    threshold: float = DEFAULT_THRESHOLD


def _rule_faults(rule: Rule) -> Iterator[str]:
    ways = [bool(rule.pattern), bool(rule.feature), rule.test is not None]
    if sum(ways) != 1:
        yield f"give one of pattern, feature and test, not {'none' if not any(ways) else 'several'}"
    if not math.isfinite(rule.score) or rule.score == 0:
        yield f"the score must be a number other than 0, not {rule.score}"
    if rule.over not in ("normal", "text"):
        yield f"over must be normal or text, not {rule.over}"
    if rule.feature and rule.feature not in FEATURES:
        yield f"there is no feature {rule.feature}"
    if not math.isfinite(rule.at_least) or rule.at_least <= 0:
        yield f"at_least must be above 0, not {rule.at_least}"
    if rule.pattern:
        try:
            if _compiled(rule.pattern, rule.case).search(""):
                yield "the pattern matches the empty text, so it would always fire"
        except (re.error, OverflowError, RecursionError) as error:
            yield f"the pattern is no regular expression: {error}"


@lru_cache(maxsize=4096)
def _compiled(pattern: str, case: bool) -> re.Pattern[str]:
    return re.compile(pattern, 0 if case else re.IGNORECASE)


_KEYS: dict[str, type | tuple[type, ...]] = {
    "name": str, "score": (int, float), "about": str, "pattern": str, "feature": str, "at_least": (int, float),
    "over": str, "case": bool,
}
_WORDS = {str: "a text", bool: "true or false"}


def read_rules(path: Path | str) -> RuleSet:
    """The rules of a TOML file.

    Raises UsageError if the file can't be read, ContentError with all its faults, one a line, each with the rule's name
    and the line on which the rule begins.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the rules {path} can't be read: {getattr(error, 'strerror', None) or error}.") from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{path}: this is not TOML: {error}") from error
    lines = [number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    faults: list[str] = []
    rules: list[Rule] = []
    for key in values.keys() - {"threshold", "rule", "about"}:
        faults.append(f"{path}: the key {key} is not known here")
    threshold = values.get("threshold", DEFAULT_THRESHOLD)
    if isinstance(threshold, bool) or not isinstance(threshold, int | float) or not math.isfinite(threshold):
        faults.append(f"{path}: threshold must be a number, not {threshold!r}")
    entries = values.get("rule", [])
    if not isinstance(entries, list) or not entries:
        faults.append(f"{path}: there are no rules; each is a table that begins with [[rule]]")
        entries = []
    seen: dict[str, int] = {}
    for place, entry in enumerate(entries):
        line = lines[place] if len(lines) == len(entries) else 0
        where = f"{path}, line {line}" if line else f"{path}, rule {place + 1}"
        found = list(_entry_faults(entry))
        name = str(entry.get("name", "")) if isinstance(entry, Mapping) else ""
        if name and name in seen:
            found.append(f"there is another rule of this name, number {seen[name] + 1}")
        seen.setdefault(name, place)
        if not found:
            try:
                rules.append(Rule(**entry))
            except ValueError as error:
                found = str(error).partition(": ")[2].split("; ")
        faults += [f"{where}: {f'rule {name}: ' if name else ''}{one}" for one in found]
    if faults:
        raise ContentError("\n".join(faults))
    return RuleSet(tuple(rules), float(threshold))


def _entry_faults(entry: Any) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield "a rule must be a table"
        return
    for key in ("name", "score", "about"):
        if key not in entry:
            yield f"the key {key} is missing"
    for key, value in entry.items():
        kind = _KEYS.get(key)
        if kind is None:
            yield f"the key {key} is not known here"
        elif not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            yield f"{key} must be {_WORDS.get(kind, 'a number') if isinstance(kind, type) else 'a number'}"


def _rule_set(rules: Any) -> RuleSet:
    """A RuleSet from whatever an estimator was given: a set, a path, rules."""
    if isinstance(rules, RuleSet):
        return rules
    if isinstance(rules, str | Path):
        return read_rules(rules)
    if isinstance(rules, Rule) or not isinstance(rules, Iterable):
        raise ValueError("rules are a list of Rule, a RuleSet or the path of a rules file")
    listed = tuple(rules)
    if not listed or any(not isinstance(one, Rule) for one in listed):
        raise ValueError("rules are a list of at least one Rule, a RuleSet or the path of a rules file")
    names = [one.name for one in listed]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        raise ValueError(f"two rules have the name {twice[0]}")
    return RuleSet(listed)


def fires(rules: tuple[Rule, ...], texts: list[str]) -> npt.NDArray[np.bool_]:
    """Which rule fires on which text, shape (texts, rules)."""
    table = np.zeros((len(texts), len(rules)), dtype=bool)
    forms: dict[str, list[str]] = {"text": texts}
    if any(rule.over == "normal" and not rule.feature for rule in rules):
        forms["normal"] = [normalize(text) for text in texts]
    columns = sorted({rule.feature for rule in rules if rule.feature})
    numbers = MessageFeatures(columns).fit_transform(texts) if columns else None
    for place, rule in enumerate(rules):
        if rule.feature and numbers is not None:
            table[:, place] = numbers[:, columns.index(rule.feature)] >= rule.at_least
        elif rule.test is not None:
            table[:, place] = [bool(rule.test(text)) for text in forms[rule.over]]
        else:
            search = _compiled(rule.pattern, rule.case).search
            table[:, place] = [search(text) is not None for text in forms[rule.over]]
    return table


class _Ruled(BaseEstimator):  # type: ignore[misc]
    """What both estimators of rules share."""

    rules: Any

    def _learn_rules(self) -> RuleSet:
        found = _rule_set(self.rules)
        self.rules_ = found.rules
        self.scores_: Floats = np.asarray([rule.score for rule in found.rules], dtype=np.float64)
        return found

    def fired(self, message: Any) -> pd.DataFrame:
        """The rules that fire on one message (a text or a record): columns rule, score, about; dearest first."""
        check_is_fitted(self)
        row = fires(self.rules_, texts_of([message]))[0]
        here = [rule for rule, fire in zip(self.rules_, row, strict=True) if fire]
        here.sort(key=lambda rule: -abs(rule.score))
        return pd.DataFrame({"rule": [one.name for one in here], "score": [one.score for one in here],
                             "about": [one.about for one in here]})

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags


class RuleScorer(TransformerMixin, _Ruled):  # type: ignore[misc]
    """One column a rule: the rule's score where it fires, else 0. A classifier after it can weigh the rules anew.

    rules: a list of Rule, a RuleSet, or the path of a rules file. Learned (from `rules`, not from messages): `rules_`,
    `scores_`. Takes messages, gives floats of shape (messages, rules).
    """

    def __init__(self, rules: Any = ()) -> None:
        self.rules = rules

    def fit(self, X: Messages, y: Any = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Read the rules. Raises ValueError, UsageError or ContentError if they are not sound."""
        texts_of(X)
        self._learn_rules()
        return self

    def transform(self, X: Messages) -> Floats:  # noqa: N803
        """The scores of the rules that fire on each message."""
        check_is_fitted(self)
        scored: Floats = fires(self.rules_, texts_of(X)) * self.scores_
        return scored

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:
        """The names of the rules; `input_features` is there for scikit-learn and not looked at."""
        check_is_fitted(self)
        return np.asarray([rule.name for rule in self.rules_], dtype=object)


class RuleFilter(ClassifierMixin, _Ruled):  # type: ignore[misc]
    """Spam is what the rules that fire give at least `threshold` points in sum.

    rules: a list of Rule, a RuleSet, or the path of a rules file. threshold: None takes the file's, or 5.
    Labels teach it only its two classes; without any they are "ham" and "spam". Spam is the second class in order.
    Learned: `rules_`, `scores_`, `threshold_`, `classes_`.
    """

    def __init__(self, rules: Any = (), threshold: float | None = None) -> None:
        self.rules = rules
        self.threshold = threshold

    def fit(self, X: Messages, y: Any = None) -> Self:  # noqa: N803
        """Read the rules and the names of the classes. Raises ValueError, UsageError or ContentError on bad ones."""
        texts = texts_of(X)
        found = self._learn_rules()
        self.threshold_ = found.threshold if self.threshold is None else float(self.threshold)
        self.classes_ = np.asarray(["ham", "spam"])
        if y is not None:
            labels = column_or_1d(y, warn=True)
            check_classification_targets(labels)
            kind = type_of_target(labels, input_name="y")
            if kind != "binary":
                raise ValueError(f"Only binary classification is supported. The type of the target is {kind}.")
            if len(labels) != len(texts):
                raise ValueError(f"there are {len(texts)} messages and {len(labels)} labels")
            classes = np.unique(labels)
            if len(classes) < 2 and classes[0] not in self.classes_:
                raise ValueError("a filter tells two classes apart, but all labels say one class")
            self.classes_ = classes if len(classes) == 2 else self.classes_
        return self

    def score_messages(self, X: Messages) -> Floats:  # noqa: N803
        """The sum of scores of each message. Rounded to a millionth, so that 0.1 and 0.2 make 0.3."""
        check_is_fitted(self)
        sums: Floats = np.round(fires(self.rules_, texts_of(X)) @ self.scores_, _DECIMALS)
        return sums

    def decision_function(self, X: Messages) -> Floats:  # noqa: N803
        """By how much each sum lies above the threshold: what is above 0 is spam.

        At the threshold itself that is a hair, for scikit-learn calls nothing else the second class.
        """
        above: Floats = self.score_messages(X) - self.threshold_ + _HAIR
        return above

    def predict(self, X: Messages) -> Any:  # noqa: N803
        """The verdict on each message."""
        spam = self.score_messages(X) >= self.threshold_
        return self.classes_[spam.astype(int)]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        tags.classifier_tags.multi_class = False
        tags.classifier_tags.poor_score = True
        return tags
