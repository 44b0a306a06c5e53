"""Accounts of people: an administrator makes and disables them, and cannot become superuser."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.http import HttpRequest

admin.site.unregister(User)

# Generic for the type checker only; Django's own class takes no parameter.
if TYPE_CHECKING:
    AccountBase = UserAdmin[User]
else:
    AccountBase = UserAdmin

# Rights come with groups; these two would give rights past them.
SUPERUSER_ONLY = ("is_superuser", "user_permissions")


@admin.register(User)
class AccountAdmin(AccountBase):
    """People of operations and of sellers. Whoever leaves is disabled, never deleted."""

    list_display = ["username", "email", "first_name", "last_name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", "groups"]

    @override
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only a superuser hands out rights past the groups."""
        given = super().get_readonly_fields(request, obj)
        return given if request.user.is_superuser else (*given, *SUPERUSER_ONLY)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only a superuser changes a superuser's account."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody: what people decided stays under their name."""
        return False
