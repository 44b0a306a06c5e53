"""The one clock of everything that runs by itself: the database's.

Workers stand on many machines, and one whose clock is a day ahead would let tomorrow's deadlines
run out today. So no sweep and no sender believes its own machine.
"""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The moment, in UTC, by the database's clock; also in the middle of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
