"""One short module for each kind of question: how an answer is parsed, compared and asked for by a form."""
