"""Whole e-mail messages: who writes to whom, by which way, in what form, and what a verifier finds."""

from spamlab.generate.mail.message import build, sketch

__all__ = ["build", "sketch"]
