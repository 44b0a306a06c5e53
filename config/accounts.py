"""Sign-in rules: nobody signs up; accounts are made by an administrator."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given, never taken."""

    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002 - the library's signature
        """Nobody signs up by themselves."""
        return False


class SignInForm(LoginForm):
    """The form of the one door, with labels above its fields and nothing inside them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Username or e-mail address"
        for name in ("login", "password"):
            self.fields[name].widget.attrs.pop("placeholder", None)
