"""How alike two texts must be for PostgreSQL's trigram index to offer them as candidates."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def offered_from(similarity: float) -> Iterator[None]:
    """In the block, `%` finds texts at least this alike (0.0 to 1.0), with the trigram index.

    PostgreSQL takes comparing two texts to be as cheap as comparing two numbers; left to itself
    it compares every row, which takes fifty times as long. To be used in a transaction, at whose
    end both settings end too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true),"
            " set_config('enable_seqscan', 'off', true)",
            [str(similarity)],
        )
        yield
        cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
