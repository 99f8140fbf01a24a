"""How allauth behaves here: nobody signs up alone, only by set-up or invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is closed; people come in by set-up or invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts are made by set-up and invitations."""
        return False
