"""Many new tables as one operation of a migration.

Django renders every related model anew for each `CreateModel` and each trigger: for our hundred
models 5,800 of them, eight seconds of processor time on every first start and every database of
a test. Here the state takes all of them in first, and is rendered once.
"""

from collections.abc import Sequence
from typing import override

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Create tables and their triggers, in the order given.

    For `CreateModel`, `AddTrigger` and extensions. Each sees the state after all of them, so an
    index or a constraint belongs into its model's options, not into an operation of its own.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    @override
    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Take all of it into the state, to be rendered when somebody asks for the models."""
        state.is_delayed = True
        state.clear_delayed_apps_cache()
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    @override
    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create one after the other."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    @override
    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop them again, the last first; only `from_state` knows them."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, from_state)

    @override
    def describe(self) -> str:
        """Say it as `migrate --plan` and `sqlmigrate` show it."""
        return "; ".join(operation.describe() for operation in self.operations)
