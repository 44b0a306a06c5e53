"""What stays together when the suite is spread over processes."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from tests.spreading import TOGETHER, GroupsFirst, group_of


@pytest.mark.parametrize("name", TOGETHER)
def test_every_group_is_there(name: str) -> None:
    assert (settings.BASE_DIR / name).exists()


def test_a_folder_and_a_file_are_groups_and_other_tests_their_own() -> None:
    assert group_of("tests/faults/test_mail.py::test_hard_bounce") == "tests/faults"
    assert group_of("tests/config/test_stack.py::test_up[a::b]") == "tests/config/test_stack.py"
    alone = "tests/config/test_stack_of_books.py::test_one"
    assert group_of(alone) == alone


class Worker:
    """What the scheduler needs to know of a process; keeps what it was given."""

    shutting_down = False

    def __init__(self, name: str, collected: list[str]) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.config = None
        self._collected = collected
        self.given: list[str] = []

    def send_runtest_some(self, indices: list[int]) -> None:
        self.given += [self._collected[index] for index in indices]

    def shutdown(self) -> None:
        self.shutting_down = True


def test_groups_begin_first_and_stay_on_one_process() -> None:
    rows = [f"tests/faults/test_mail.py::test_{number}" for number in range(4)]
    pages = [f"tests/browser/test_{number}.py::test_page" for number in range(4)]
    others = [f"tests/test_docs.py::test_{number}" for number in range(40)]
    collected = [*others, *pages, *rows]
    workers: list[Any] = [Worker("gw0", collected), Worker("gw1", collected)]
    two: Any = SimpleNamespace(
        getvalue=lambda _: ["popen", "popen"], option=SimpleNamespace(loadscopereorder=True)
    )
    scheduler = GroupsFirst(two)
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, collected)
    scheduler.schedule()
    assert [worker.given for worker in workers] == [rows, pages]
    for nodeid in rows[:2]:
        scheduler.mark_test_complete(workers[0], collected.index(nodeid))
    assert workers[0].given == [*rows, others[0]]
