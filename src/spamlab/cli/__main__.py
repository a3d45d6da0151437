"""`python -m spamlab.cli` is `spamlab`."""

from spamlab.cli import main

main()
