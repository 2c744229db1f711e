"""The one way in, for the installed command and for `python -m changegate`."""

from __future__ import annotations

import gc
import sys


def run() -> None:
    """Run the command line and exit; an import that fails is exit code 2 too, never a traceback."""
    # NOTE: a run makes many objects and few cycles; looking for these at Python's usual pace takes a tenth of the time.
    gc.set_threshold(100_000, 20, 20)
    try:
        from changegate.cli import main
    except ImportError as error:
        sys.stderr.write(
            f"changegate: the installation is broken: {error}\n  try: pip install --force-reinstall changegate\n"
        )
        sys.exit(2)
    main()


if __name__ == "__main__":
    run()
