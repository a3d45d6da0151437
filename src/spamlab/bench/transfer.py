"""What a filter learns from synthetic messages, measured on real ones: train on synthetic, test on real (TSTR).

The measure follows Esteban, Hyland and Rätsch, "Real-valued (medical) time series generation with recurrent conditional
GANs" (2017), section 4: the same models trained on the real corpus itself (TRTR, in folds) are the ceiling. Three
models stand for filters in use: words and characters with logistic regression, naive Bayes, a linear support vector
machine. AUC and the F1 score at a matched share of spam compare rankings, since a threshold never carries over between
two corpora.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

SEED = 20260101
ROWS = 6000
CHARACTERS = 2000
"""Of a text; what follows is left out."""
_TOKEN = r"(?u)\b\w[\w'@./:$-]*\b"


@dataclass(frozen=True, eq=False)
class Corpus:
    """Messages with labels. texts: array of str; spam: array of bool of the same length."""

    name: str
    texts: Any
    spam: Any


@dataclass(frozen=True)
class Score:
    """auc: area under the ROC curve. f1_matched: macro F1 with as many called spam as there are. recall_at_1:
    share of spam caught where one of a hundred wanted messages is lost."""

    auc: float
    f1_matched: float
    recall_at_1: float


@dataclass(frozen=True)
class Transfer:
    """The best of the three models on each measure. ceiling: trained on the real corpus itself, tested in folds."""

    synthetic: Score
    ceiling: Score

    @property
    def auc_ratio(self) -> float:
        return self.synthetic.auc / self.ceiling.auc

    @property
    def f1_ratio(self) -> float:
        return self.synthetic.f1_matched / self.ceiling.f1_matched


def corpus(name: str, texts: Sequence[str], spam: Sequence[bool]) -> Corpus:
    """A corpus without empty texts and without a second copy of a text (letters and digits of its beginning)."""
    seen: set[str] = set()
    kept = []
    for number, text in enumerate(texts):
        plain = re.sub(r"\W+", "", text.lower())[:600]
        mark = hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8).hexdigest()
        if text.strip() and mark not in seen:
            seen.add(mark)
            kept.append(number)
    cut = np.array([texts[number][:CHARACTERS] for number in kept], dtype=object)
    return Corpus(name, cut, np.array([bool(spam[number]) for number in kept], dtype=bool))


def sampled(whole: Corpus, share: float, rows: int = ROWS) -> Corpus:
    """At most `rows` of a corpus, `share` of them spam, in a random order that is the same each time."""
    random = np.random.RandomState(SEED)
    total = int(min(rows, whole.spam.sum() / share if share else rows,
                    (~whole.spam).sum() / (1 - share) if share < 1 else rows))
    spam = round(total * share)
    chosen = np.concatenate([random.permutation(np.flatnonzero(~whole.spam))[:total - spam],
                             random.permutation(np.flatnonzero(whole.spam))[:spam]])
    chosen = random.permutation(chosen)
    return Corpus(whole.name, whole.texts[chosen], whole.spam[chosen])


def transfer(real: Corpus, synthetic: Corpus, *, folds: int = 5, rows: int = ROWS,
             ceiling: Sequence[Score] | None = None) -> Transfer:
    """Train on synthetic and on real, test on real, both with the real corpus's share of spam.

    ceiling: what `ceilings` gave for the same real corpus, so that it is not measured again.
    """
    share = float(real.spam.mean())
    tested, trained = sampled(real, share, rows), sampled(synthetic, share, rows)
    found = [_score(tested.spam, _scores(clone(model).fit(trained.texts, trained.spam), tested.texts))
             for model in models().values()]
    return Transfer(best(found), best(ceilings(real, folds=folds, rows=rows) if ceiling is None else ceiling))


def ceilings(real: Corpus, *, folds: int = 5, rows: int = ROWS) -> list[Score]:
    """What each model learns from the real corpus itself, tested on what it was not trained on."""
    sample = sampled(real, float(real.spam.mean()), rows)
    return [_score(sample.spam, _in_folds(model, sample.texts, sample.spam, folds)) for model in models().values()]


def best(scores: Sequence[Score]) -> Score:
    """The best of each measure."""
    return Score(max(one.auc for one in scores), max(one.f1_matched for one in scores),
                 max(one.recall_at_1 for one in scores))


def told_apart(one: Sequence[str], other: Sequence[str], *, folds: int = 5, rows: int = 2000) -> float:
    """AUC with which a classifier tells texts of two sources apart: 0.5 not at all, 1 always."""
    count = min(len(one), len(other), rows)
    texts = np.array([text[:CHARACTERS] for text in (*one[:count], *other[:count])], dtype=object)
    source = np.arange(2 * count) >= count
    return float(roc_auc_score(source, _in_folds(models()["words and characters"], texts, source, folds)))


def models() -> dict[str, Any]:
    """The three kinds of filter."""
    features = make_union(
        TfidfVectorizer(sublinear_tf=True, min_df=2, max_features=60000, token_pattern=_TOKEN),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, min_df=3, max_features=60000))
    return {
        "words and characters": make_pipeline(features, LogisticRegression(
            C=10.0, max_iter=300, solver="liblinear", class_weight="balanced", random_state=SEED)),
        "naive Bayes": make_pipeline(CountVectorizer(min_df=2, max_features=60000), MultinomialNB(alpha=0.1)),
        "support vectors": make_pipeline(
            TfidfVectorizer(sublinear_tf=True, min_df=2, ngram_range=(1, 2), max_features=100000),
            LinearSVC(C=1.0, class_weight="balanced", random_state=SEED)),
    }


def _scores(fitted: Any, texts: Any) -> Any:
    if hasattr(fitted[-1], "decision_function"):
        return fitted.decision_function(texts)
    return fitted.predict_proba(texts)[:, 1]


def _in_folds(model: Any, texts: Any, spam: Any, folds: int) -> Any:
    """Scores of each text by a model that was not trained on it, as ranks within its fold so that folds compare."""
    ranks = np.zeros(len(spam))
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=SEED).split(texts, spam):
        scores = _scores(clone(model).fit(texts[train], spam[train]), texts[test])
        ranks[test] = np.argsort(np.argsort(scores)) / max(1, len(test) - 1)
    return ranks


def _score(spam: Any, scores: Any) -> Score:
    called = np.zeros(len(spam), dtype=bool)
    called[np.argsort(-scores, kind="stable")[:int(spam.sum())]] = True
    limit = np.quantile(scores[~spam], 0.99, method="higher")
    return Score(float(roc_auc_score(spam, scores)), float(f1_score(spam, called, average="macro", zero_division=0)),
                 float((scores[spam] > limit).mean()))
