"""The four texts of a policy, long enough to be read; what they say is nobody's matter here."""

TEXT = {key: " ".join(f"{key}{number}" for number in range(20))
        for key in ("purpose", "proportionality", "rights", "remedies")}
