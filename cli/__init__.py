"""The `rasad` command. Thin: each sub-command reads its options, calls one function elsewhere and shows what it says.

Exit codes: 0 done, 1 the job failed, 2 the input was wrong. Errors are one line each on stderr, never a traceback.
A file per area; the commands register themselves when their file is imported.
"""

from cli.app import main

__all__ = ["main"]
