"""`python -m cli` is `rasad`."""

from cli import main

main()
