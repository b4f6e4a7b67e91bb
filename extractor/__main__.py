"""``python -m extractor`` is the same as the command ``extractor``."""

from extractor.cli.app import main

main()
