"""How the suite is spread over processes: what stays together, and what begins first.

pytest-xdist's own groups are not kept with pytest 9.2 (pytest-dev/pytest-xdist issue 1386), and it
begins the longest of them last. What is named here shares something that is dear to set up, runs
on one process, and begins before everything else; every other test goes to whoever is free.
"""

from typing import override

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# In the order in which they begin, the longest first.
TOGETHER = (
    "tests/faults",  # one stack of processes for all rows
    "tests/browser",  # one Chromium, and rows for each module
    "tests/claims/test_scenarios.py",  # one database for all scenarios
    "tests/processes",
    "tests/config/test_stack.py",
    "tests/claims/demo",  # the demo, loaded once
)


def group_of(nodeid: str) -> str:
    """The group that a test belongs to; a test of no group is one of its own."""
    path = nodeid.partition("::")[0]
    found = (name for name in TOGETHER if path == name or path.startswith(f"{name}/"))
    return next(found, nodeid)


class GroupsFirst(LoadScopeScheduling):
    """Gives each process a group as long as there are any, then single tests."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    @override
    def _assign_work_unit(self, node: WorkerController) -> None:
        for name in reversed(TOGETHER):
            if name in self.workqueue:
                self.workqueue.move_to_end(name, last=False)
        super()._assign_work_unit(node)
