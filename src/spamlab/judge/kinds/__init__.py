"""One short module for each kind of question: how an answer is parsed, compared and asked for by a form."""

from spamlab.judge.kinds.artefact import Artefact
from spamlab.judge.kinds.challenge import Challenge
from spamlab.judge.kinds.document import Document
from spamlab.judge.kinds.estimate import Estimate
from spamlab.judge.kinds.fill import Fill
from spamlab.judge.kinds.filter import AtLimit, Cost, Filter
from spamlab.judge.kinds.function import Function
from spamlab.judge.kinds.mark import Mark
from spamlab.judge.kinds.order import Order
from spamlab.judge.kinds.pick import Pick
from spamlab.judge.kinds.playing import Outcome
from spamlab.judge.kinds.policy import Policy
from spamlab.judge.kinds.statements import Statements
from spamlab.judge.kinds.table import Table
from spamlab.judge.kinds.value import Value

__all__ = ["Artefact", "AtLimit", "Challenge", "Cost", "Document", "Estimate", "Fill", "Filter", "Function", "Mark",
           "Order", "Outcome", "Pick", "Policy", "Statements", "Table", "Value"]
