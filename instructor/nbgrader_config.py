"""nbgrader's configuration of a workshop: written into its course folder, and true wherever that folder stands.

Submissions run in the sandbox, and the judge gives the points. Names of our classes stand here as text: nbgrader
ignores a configuration file with an error, but it stops at a class that it can't load, and at SystemExit.
"""

import os
import tomllib
from pathlib import Path
from urllib.parse import unquote

c = get_config()  # noqa: F821 - given by nbgrader
course = Path(__file__).resolve().parent

# The gradebook that workshop.toml names. Without it nbgrader would go on with a new file of its own, so it stops.
try:
    url = tomllib.loads((course.parent / "workshop.toml").read_text(encoding="utf-8")).get("gradebook_url", "")
    scheme, _, rest = url.partition("://")
except Exception as error:
    raise SystemExit(f"nbgrader stops: workshop.toml can't be read ({type(error).__name__})") from None
if scheme in {"postgresql", "postgres", "postgresql+psycopg"} and rest:
    account, at, place = rest.partition("@") if "@" in rest else ("", "", rest)
    user, colon, password = account.partition(":")
    if colon:  # by the environment, for nbgrader prints its addresses
        os.environ["PGPASSWORD"] = unquote(password)
    c.CourseDirectory.db_url = f"postgresql+psycopg://{user}{at}{place}"
elif scheme == "sqlite" and rest.startswith("//"):
    c.CourseDirectory.db_url = url
elif url:
    raise SystemExit("nbgrader stops: gradebook_url in workshop.toml is no postgresql+psycopg:// or sqlite:/// address")

c.CourseDirectory.root = str(course)
c.CourseDirectory.course_id = "spamlab"
c.Exchange.root = str(course.parent / "exchange")
c.ExchangeCollect.check_owner = False
c.ExchangeFactory.collect = "spamlab.grading.exchange.PlainCollect"
c.ExchangeFactory.submit = "spamlab.grading.exchange.PlainSubmit"

c.Autograde.exporter_class = "spamlab.grading.exporter.TolerantExporter"
c.Autograde.pre_convert_hook = "spamlab.grading.hooks.before_autograding"
c.Autograde.sanitize_preprocessors = [
    "spamlab.grading.restore.RestoreLayout",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Autograde.autograde_preprocessors = [
    "spamlab.grading.executor.JudgedExecute",
    "nbgrader.preprocessors.LimitOutput",
    "spamlab.grading.saving.SaveScores",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.exporter_class = "spamlab.grading.feedback.FeedbackExporter"
c.GenerateFeedback.post_convert_hook = "spamlab.grading.feedback.only_pages"
c.GenerateFeedback.preprocessors = [
    "spamlab.grading.hidden.HideTests",
    "nbgrader.preprocessors.GetGrades",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# An empty open cell must run: "restart and run all" works with nothing answered.
c.ClearSolutions.code_stub = {"python": "# Your code may stand here."}
c.ClearSolutions.text_stub = "Your text may stand here."

c.OverwriteCells.add_missing_cells = True
c.RestoreLayout.course = str(course)
c.HideTests.course = str(course)
c.JudgedExecute.course = str(course)
c.JudgedExecute.workshop = str(course.parent)
