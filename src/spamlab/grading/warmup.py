"""What a warm process does once with the libraries that it has imported, so that no run pays for their first use.

Libraries load parts of themselves, and fill tables, when something is called for the first time. A fork has what was
loaded before it and loses what it loads itself. The data are a few made-up rows; nothing of a lab's is touched.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from collections.abc import Callable

TEXTS = ("win a prize now", "meeting at noon", "cheap loans today", "see you at lunch", "claim your reward",
         "minutes of the meeting", "free offer inside", "lunch on friday")
LABELS = ("spam", "ham") * 4


def warm_up() -> list[str]:
    """Use each library that is there; the names of those that did not take it."""
    failed = []
    for name, use in (("pandas", _pandas), ("sklearn", _sklearn)):
        if name not in sys.modules:
            continue
        try:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                use()
        except Exception:  # another version of a library: then the first use is paid for in each run
            failed.append(name)
    return failed


def _pandas() -> None:
    import pandas as pd

    frame = pd.read_csv(io.StringIO("label,text,at,n\n" + "\n".join(
        f"{label},{text},2026-01-0{number + 1},{number}" for number, (label, text) in enumerate(
            zip(LABELS, TEXTS, strict=True)))), parse_dates=["at"])
    frame["long"] = frame["text"].str.lower().str.replace(r"\s+", " ", regex=True).str.len() > 15
    frame = frame.dropna(subset=["text"]).drop_duplicates(subset=["text"]).reset_index(drop=True)
    shares = (frame["label"] == "spam").groupby(frame["long"]).mean()
    several: list[Callable[[], object]] = [
        frame.describe, frame.info, lambda: pd.crosstab(frame["label"], frame["long"]),
        lambda: frame.groupby("label")["n"].agg(["mean", "sum"]), lambda: frame.merge(frame, on="n"),
        lambda: frame.pivot_table(index="label", columns="long", values="n", aggfunc="sum"),
        lambda: frame.sort_values("n").head(), lambda: pd.DataFrame({"a": [1.0, 2.0]}, index=["x", "y"]).T,
        lambda: frame["label"].value_counts(normalize=True), lambda: repr(frame),
        lambda: shares.round(2).to_dict(), lambda: frame.loc[frame["n"] > 2, ["n"]].mean(),
        lambda: frame["at"].dt.strftime("%Y-%m"), lambda: pd.concat([frame, frame]).isna().sum()]
    for one in several:
        one()


def _sklearn() -> None:
    from sklearn.calibration import calibration_curve
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import classification_report, confusion_matrix, precision_recall_curve, roc_auc_score
    from sklearn.model_selection import cross_val_score, train_test_split
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    texts, labels = list(TEXTS), list(LABELS)
    if "pandas" in sys.modules:
        import pandas as pd

        series = pd.Series(texts), pd.Series(labels)
        train_test_split(*series, test_size=0.5, random_state=0, stratify=series[1])
        CountVectorizer().fit_transform(series[0])
    parts = train_test_split(texts, labels, test_size=0.5, random_state=0, stratify=labels)
    for steps in ((CountVectorizer(), MultinomialNB()),
                  (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3)), LogisticRegression(max_iter=50))):
        model = make_pipeline(*steps).fit(parts[0], parts[2])
        given = model.predict(parts[1])
        chances = model.predict_proba(parts[1])[:, 1]
        confusion_matrix(parts[3], given, labels=["ham", "spam"])
        classification_report(parts[3], given, zero_division=0)
        is_spam = [label == "spam" for label in parts[3]]
        roc_auc_score(is_spam, chances)
        precision_recall_curve(is_spam, chances)
        calibration_curve(is_spam, chances, n_bins=2)
        repr(model)
    cross_val_score(make_pipeline(CountVectorizer(), MultinomialNB()), texts, labels, cv=2)
