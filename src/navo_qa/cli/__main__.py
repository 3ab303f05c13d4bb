"""`python -m navo_qa.cli` is `navo-qa`."""

from navo_qa.cli import main

main()
