"""One short module for each kind of question: how an answer is parsed, compared and asked for by a form."""

from spamlab.judge.kinds.document import Document
from spamlab.judge.kinds.function import Function
from spamlab.judge.kinds.mark import Mark
from spamlab.judge.kinds.order import Order
from spamlab.judge.kinds.pick import Pick
from spamlab.judge.kinds.statements import Statements
from spamlab.judge.kinds.table import Table
from spamlab.judge.kinds.value import Value

__all__ = ["Document", "Function", "Mark", "Order", "Pick", "Statements", "Table", "Value"]
