"""A provider for Faker: single messages, by Faker's own seed and locale.

>>> from faker import Faker
>>> fake = Faker("en_GB")
>>> fake.add_provider(SpamProvider)
>>> fake.seed_instance(7)
>>> fake.smishing() != fake.smishing()
True
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from faker.providers import BaseProvider

from spamlab.errors import UsageError
from spamlab.generate.makers import stream_calls, stream_chats, stream_emails, stream_posts, stream_sms
from spamlab.shipped import default_folder

_STREAMS = {"email": stream_emails, "sms": stream_sms, "voice": stream_calls, "social": stream_posts,
            "chat": stream_chats}


class SpamProvider(BaseProvider):  # type: ignore[misc]
    """Synthetic spam and ham. Each method takes types, names such as "parcel", of which one is drawn; none for any.

    Texts are in the locale's language where datasets/languages has it, else in English.
    """

    def smishing(self, *types: str) -> str:
        """The text of a spam SMS."""
        return str(self.spam_record("sms", "spam", *types)["text"])

    def sms(self, *types: str) -> str:
        """The text of a wanted SMS."""
        return str(self.spam_record("sms", "ham", *types)["text"])

    def spam_email(self, *types: str) -> str:
        """A whole spam message as it stands in a mailbox (RFC 5322)."""
        return str(self.spam_record("email", "spam", *types)["raw"])

    def ham_email(self, *types: str) -> str:
        """A whole wanted message as it stands in a mailbox (RFC 5322)."""
        return str(self.spam_record("email", "ham", *types)["raw"])

    def phishing_email(self) -> str:
        """A whole message that is after a password."""
        return self.spam_email("credential_phishing")

    def robocall(self, *types: str) -> str:
        """The words of an unwanted call, as a speech recogniser writes them down."""
        return str(self.spam_record("voice", "spam", *types)["text"])

    def spam_post(self, *types: str) -> str:
        """An unwanted comment or post."""
        return str(self.spam_record("social", "spam", *types)["text"])

    def spam_chat(self, *types: str) -> str:
        """An unwanted message in a chat or an application."""
        return str(self.spam_record("chat", "spam", *types)["text"])

    def spam_record(self, channel: str, label: str, *types: str) -> dict[str, Any]:
        """A whole record of a channel ("email", "sms", "voice", "social", "chat") with its label ("ham", "spam").

        Raises UsageError for what is unknown.
        """
        if channel not in _STREAMS or label not in ("ham", "spam"):
            raise UsageError(f"there is no {label} on a channel called {channel}; channels: {', '.join(_STREAMS)}")
        # Any record of one endless data set, so that the texts are read once.
        made = next(_STREAMS[channel](
            1, start=self.generator.random.getrandbits(48), language=self._language(channel),
            spam=float(label == "spam"), types=dict.fromkeys(types, 1.0) if types else None))
        return dict(made.record)

    def _language(self, channel: str) -> str:
        """Of the locale of the generator: Faker notes it on the providers that have one."""
        locales = [getattr(one, "__lang__", None) or "" for one in self.generator.providers]
        codes = [locale.split("_")[0] for locale in locales if locale]
        # Providers without that locale fall back to English or Latin, so any other language is the asked one.
        wanted = next((code for code in codes if code not in ("en", "la")), "en")
        return wanted if wanted in _languages(default_folder("datasets"), channel) else "en"


@lru_cache
def _languages(datasets: Path, channel: str) -> frozenset[str]:
    return frozenset(one.parent.name for one in (datasets / "languages").glob(f"*/{channel}"))
