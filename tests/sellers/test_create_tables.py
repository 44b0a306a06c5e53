"""Many tables in one operation of a migration: made, known to the state, and dropped again."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from sellers.create_tables import CreateTables

SHELF_AND_BOOK = CreateTables(
    [
        migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            "Book",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("shelf", models.ForeignKey("sellers.Shelf", models.PROTECT)),
            ],
        ),
    ]
)
TABLES = {"sellers_shelf", "sellers_book"}


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return TABLES & set(connection.introspection.table_names(cursor))


@pytest.mark.django_db
def test_tables_are_made_together_and_dropped_together() -> None:
    before, after = ProjectState(), ProjectState()
    assert not before.apps.get_models()
    SHELF_AND_BOOK.state_forwards("sellers", after)
    assert [model.__name__ for model in after.apps.get_models()] == ["Shelf", "Book"]
    with connection.schema_editor(atomic=False) as editor:
        SHELF_AND_BOOK.database_forwards("sellers", editor, before, after)
    assert tables() == TABLES
    after.apps.get_model("sellers", "Book").objects.create(
        shelf=after.apps.get_model("sellers", "Shelf").objects.create()
    )
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with connection.schema_editor(atomic=False) as editor:
        SHELF_AND_BOOK.database_backwards("sellers", editor, after, before)
    assert tables() == set()


def test_a_state_that_was_rendered_before_learns_them_too() -> None:
    state = ProjectState()
    assert not state.apps.get_models()
    SHELF_AND_BOOK.state_forwards("sellers", state)
    assert state.apps.get_model("sellers", "Book")._meta.get_field("shelf").related_model is (
        state.apps.get_model("sellers", "Shelf")
    )


def test_it_says_what_it_makes() -> None:
    assert SHELF_AND_BOOK.describe() == "Create model Shelf; Create model Book"
