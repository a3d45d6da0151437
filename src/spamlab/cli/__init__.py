"""`spamlab`: one thin module for each verb, which imports its room only when called."""
