"""Forms about being told: which kinds, when by mail, and the keys of a browser."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regulars.access import notices
from regulars.access.models import NoticeSettings
from regulars.lib.outgoing import may_be_asked


class NoticeForm(forms.ModelForm[NoticeSettings]):
    """A switch for each kind of notification, and the time of the daily mail."""

    digest_at = forms.TimeField(
        label=_("Send it at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("By your own clock. Leave it empty for no mail."),
    )

    class Meta:
        model = NoticeSettings
        fields = ["digest_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in notices.all_kinds():
            is_on = self.instance.kinds.get(kind.name, kind.default_on)
            self.fields[f"kind-{kind.name}"] = forms.BooleanField(
                label=str(kind.label), help_text=str(kind.text), required=False, initial=is_on
            )

    def kind_fields(self) -> list[forms.BoundField]:
        """The switches."""
        return [self[name] for name in self.fields if name.startswith("kind-")]

    def save(self, commit: bool = True) -> NoticeSettings:
        """Keep what was chosen; switches of kinds that are not known now stay as they were."""
        chosen = {kind.name: self.cleaned_data[f"kind-{kind.name}"] for kind in notices.all_kinds()}
        self.instance.kinds = {**self.instance.kinds, **chosen}
        return super().save(commit)


class DeviceForm(forms.Form):
    """What a browser says when it is to be told: the address at its push service and its keys."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=120)
    auth = forms.CharField(max_length=60)

    def clean_endpoint(self) -> str:
        """Refuse what a message must not be sent to."""
        endpoint = str(self.cleaned_data["endpoint"])
        if not may_be_asked(endpoint):
            raise forms.ValidationError(_("That is no address of a push service."))
        return endpoint

    def clean_p256dh(self) -> str:
        """Refuse what is no point on the curve, uncompressed."""
        return self._key("p256dh", 65, b"\x04")

    def clean_auth(self) -> str:
        """Refuse what is no secret of sixteen bytes."""
        return self._key("auth", 16)

    def _key(self, name: str, length: int, begins: bytes = b"") -> str:
        text = str(self.cleaned_data[name])
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != length or not raw.startswith(begins):
            raise forms.ValidationError(_("That is no key of a browser."))
        return text.rstrip("=")
