"""`python -m cli` is `rasad`."""

from cli.app import main

main()
