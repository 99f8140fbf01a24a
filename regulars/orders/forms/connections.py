"""What is asked of a shop: what we call it, and the secret its events are signed with."""

import base64
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.orders.hooks.kinds import KINDS
from regulars.orders.hooks.plain import STANDARD
from regulars.orders.models import Connection

SHORTEST, LONGEST = 8, 300
OTHER_KEYS = {
    "shopify": ("shpat_", "shpca_", "shppa_"),
    "woocommerce": ("ck_", "cs_"),
    "square": ("EAAA", "sq0"),
    "stripe": ("sk_", "pk_", "rk_"),
}


class ConnectionForm(forms.Form):
    """Name and secret. Where the secret is ours to choose, a new connection comes with one to copy."""

    name = forms.CharField(label=gettext_lazy("What you call it"), max_length=60)
    secret = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connection, kind = connection, KINDS[connection.kind]
        self.initial.setdefault("name", connection.name)
        field: Any = self.fields["secret"]
        field.label = kind.secret_label
        field.help_text = kind.secret_help
        field.required = not connection.is_readable
        field.error_messages["required"] = _("Paste the secret: it tells true events from forged ones.")
        if connection.secret:
            field.help_text = _(
                "Yours is kept and not shown. Paste another one to change it: both hold for three days."
            )
        elif kind.makes_secret:
            self.initial.setdefault("secret", new_secret())

    def clean_secret(self) -> str:
        """The secret without what copying brings along. Keys for other doors are told apart."""
        secret = str(self.cleaned_data["secret"]).strip()
        if secret.startswith(OTHER_KEYS.get(self.connection.kind, ())):
            raise forms.ValidationError(
                _("That is a key to your shop, not the secret of its events. Keep it to yourself.")
            )
        if secret and (len(secret) < SHORTEST or not secret.isascii() or not secret.isprintable() or " " in secret):
            raise forms.ValidationError(_("That doesn’t look like a secret. Copy it once more, all of it."))
        return secret


def new_secret() -> str:
    """Return a secret nobody can guess, as the Standard Webhooks specification writes them."""
    return STANDARD + base64.b64encode(secrets.token_bytes(24)).decode("ascii")
