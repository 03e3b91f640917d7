"""A run over the whole project, in a process of its own: typing goes on, and the report is the command's."""

from __future__ import annotations

import asyncio
import pickle
import sys

from hardcut.engine.options import Options
from hardcut.engine.report_data import Report
from hardcut.plan.gates import LoadedPlan


async def whole_run(plans: list[LoadedPlan]) -> Report:
    """The report of `hardcut check` over the project of these plans.

    Raises OSError where the process could not do its work.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", __name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, said = await process.communicate(pickle.dumps(Options(root=plans[0].root, plans=plans)))
    except asyncio.CancelledError:
        process.kill()
        raise
    if process.returncode:
        last = said.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise OSError(f"the run over the whole project failed: {''.join(last) or process.returncode}")
    report: Report = pickle.loads(out)
    return report


def main() -> None:
    """Do the run that standard input asks for."""
    from hardcut.engine.run import check

    sys.stdout.buffer.write(pickle.dumps(check(pickle.load(sys.stdin.buffer))))


if __name__ == "__main__":
    main()
