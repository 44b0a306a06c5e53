"""Records of the admin that are only looked at."""

from typing import Any


class ReadOnly:
    """Before an admin's own base: nobody adds, edits or deletes by hand, a superuser included.

    Steps, sweeps, imports and migrations write such records; what they wrote stays.
    """

    actions: Any = None

    def has_add_permission(self, _request: Any) -> bool:
        """Something else makes it."""
        return False

    def has_change_permission(self, _request: Any, _obj: Any = None) -> bool:
        """It stays as it was written."""
        return False

    def has_delete_permission(self, _request: Any, _obj: Any = None) -> bool:
        """It stays."""
        return False
