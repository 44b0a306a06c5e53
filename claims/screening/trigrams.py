"""How alike two texts must be for PostgreSQL's trigram index to offer them as candidates."""

from django.db import connection


def offer_from(similarity: float) -> None:
    """Let `%` find texts at least this alike (0.0 to 1.0), to the end of the transaction.

    Set before every search: another search of the same transaction may have set another figure.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(similarity)]
        )
