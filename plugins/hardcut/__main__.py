"""`python -m hardcut`: the command line.

`python -m` puts the working directory first among the places of imports. That is the checked project as a
rule, and a `click.py` in it must not run. Only `sys` and `os`, which are loaded by then, are imported before
the folder is taken out again. `python` itself has imported `runpy` and some of the standard library, and
`hardcut`, from there: only the console script and `python -I -m hardcut` are safe in a folder that nobody
trusts.
"""

import os
import sys

if __name__ == "__main__":
    try:
        here = os.getcwd()
    except OSError:  # The folder was deleted.
        here = ""
    if not sys.flags.safe_path and sys.path[:1] in ([""], [here]):
        del sys.path[0]

    from hardcut.integrations.cli.main import main

    sys.exit(main())
