"""The `rasad` command. Thin: each sub-command reads its options, calls one function elsewhere and shows what it says.

Exit codes: 0 done, 1 the job failed, 2 the input was wrong. Errors are one line each on stderr, never a traceback.
A file per area; the commands register themselves when their file is imported.
"""

import gc


def main() -> None:
    """Entry point of the `rasad` script."""
    gc.disable()  # nothing is garbage while modules load, and looking for it takes a tenth of that time
    from cli.app import main as run  # noqa: PLC0415  # that is the loading

    gc.freeze()  # and none of it ever will be
    gc.enable()
    run()
