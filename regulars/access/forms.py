"""Forms of access: who somebody is, who may do what, who may join."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Role, Team, User
from regulars.access.templatetags.audit_words import audit_kind, audit_verb
from regulars.lib import places


def zone_choices_with_default() -> list[Any]:
    """The time zones, after "as the business"."""
    return [("", _("As the business")), *places.zone_choices()]


class ProfileForm(forms.ModelForm[User]):
    """What a colleague says about themselves."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices_with_default, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: [("", _("As the business")), *settings.LANGUAGES], required=False
    )

    class Meta:
        model = User
        fields = ["name", "time_zone", "language"]
        labels = {"name": _("Name")}


class EmailForm(forms.Form):
    """A new email to sign in with."""

    email = forms.EmailField(label=_("New email"), max_length=254)


class ColleagueForm(forms.Form):
    """What a colleague may do, and with whom they work."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=forms.RadioSelect)
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"), queryset=Team.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.can("own"):
            choices = [choice for choice in Role.choices if choice[0] != Role.OWNER]
            self.fields["role"].choices = choices  # type: ignore[attr-defined]


class InviteForm(ColleagueForm):
    """Who is invited, and as what."""

    field_order = ["email", "role", "teams"]
    email = forms.EmailField(
        label=_("Email"),
        required=False,
        max_length=254,
        help_text=_("We send the link there. Leave it empty to copy the link and pass it on yourself."),
    )


class HandOverForm(forms.Form):
    """Who takes over from a colleague that leaves."""

    successor = forms.ModelChoiceField(
        label=_("Their people and open work go to"), queryset=User.objects.none(), required=False
    )

    def __init__(self, *args: Any, leaving: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["successor"]
        field.queryset = User.objects.active().exclude(pk=leaving.pk)
        field.empty_label = _("Nobody yet; they stay as they are")


class TeamForm(forms.ModelForm[Team]):
    """A team's name and members."""

    members = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Team
        fields = ["name"]
        labels = {"name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members: Any = self.fields["members"]
        members.queryset = User.objects.active()
        if self.instance.pk:
            members.initial = list(self.instance.members.values_list("pk", flat=True))


class NewPassword(forms.Form):
    """Forms in which somebody chooses a password beside their name and email."""

    def clean(self) -> dict[str, Any]:
        """Check the password against the name and email as well."""
        cleaned: dict[str, Any] = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=cleaned.get("email", ""), name=cleaned.get("name", "")))
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return cleaned


class JoinForm(NewPassword):
    """Somebody who was invited makes their account."""

    name = forms.CharField(label=_("Your name"), max_length=150)
    email = forms.EmailField(label=_("Your email"), max_length=254, help_text=_("You sign in with it."))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput,
        help_text=_("At least 10 characters. Three or four unrelated words are good."),
    )


class AuditFilterForm(forms.Form):
    """Which lines of the audit log to show."""

    who = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.order_by("name"), required=False, empty_label=_("Anyone")
    )
    verb = forms.ChoiceField(label=_("Did"), required=False)
    kind = forms.ChoiceField(label=_("With"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, verbs: list[str], kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", _("Anything")), *((verb, audit_verb(verb)) for verb in verbs)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Anything")), *((kind, audit_kind(kind)) for kind in kinds)]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "select" if isinstance(field, forms.ChoiceField) else "input"
