"""The reader stands alone: what opens a stranger's file knows no rows, settings or network."""

from tests.architecture.sources import imports, is_in

# What the child may load besides Python itself and its own package.
ALLOWED = (
    "insurance.dates",
    "insurance.reading",
    "insurance.policy_facts",
    "insurance.terms",
    "sellers.markets",
    "sellers.money",
    "pypdf",
    "pypdfium2",
    "PIL",
    "defusedxml",
)
REACHES_OUT = ("django", "httpx", "urllib", "http", "ssl", "psycopg", "celery", "redis")


def modules() -> list[str]:
    return [name for name in imports() if is_in(name, ("insurance.reading",))]


def test_the_reader_knows_nothing_of_ours_but_pure_rules() -> None:
    ours = ("insurance", "sellers", "claims", "config")
    wrong = [
        (name, used)
        for name in modules()
        for used in imports()[name]
        if is_in(used, ours) and not is_in(used, ALLOWED)
    ]

    assert wrong == []


def test_the_reader_reaches_nobody() -> None:
    wrong = [
        (name, used) for name in modules() for used in imports()[name] if is_in(used, REACHES_OUT)
    ]

    assert wrong == []


def test_only_the_parent_starts_a_process_and_it_opens_no_parser() -> None:
    starters = [name for name in modules() if "subprocess" in imports()[name]]

    assert starters == ["insurance.reading.sandbox"]
    assert not {
        used
        for name in ("insurance.reading", "insurance.reading.sandbox", "insurance.reading.facts")
        for used in imports()[name]
        if is_in(
            used,
            ("pypdf", "pypdfium2", "PIL", "defusedxml", "zipfile", "insurance.reading.parsing"),
        )
    }
