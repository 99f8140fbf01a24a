"""The forms that add and edit a contact or a company."""

import zoneinfo
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from regulars.access.models import Team, User, Visibility
from regulars.contacts.actions.bringing import ReferralLoop, makes_loop
from regulars.contacts.forms.custom import add_custom_fields, custom_changes
from regulars.contacts.forms.fields import CompanyField, PersonField, TagsField
from regulars.contacts.forms.points import address_rows, point_rows
from regulars.contacts.models import Company, Contact, Profile, Source, Stage
from regulars.contacts.records.picture import PROFILE_COLUMNS, Picture

SALT = "contacts.edit"
HIDDEN_NOW = _("Give a name, an email or a phone number.")


def seal(picture: Picture) -> str:
    """Pack what the form started from, so that a conflict can tell who changed what."""
    return signing.dumps(picture, salt=SALT, compress=True)


def unseal(sealed: str) -> Picture:
    """Unpack what the form started from; empty when it is damaged."""
    try:
        return dict(signing.loads(sealed, salt=SALT))
    except signing.BadSignature:
        return {}


class HolderForm(forms.Form):
    """What contacts and companies have in common: stage, owner, team, visibility, tags, points, custom fields."""

    host = ""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    base = forms.CharField(widget=forms.HiddenInput, required=False)
    stage = forms.ModelChoiceField(Stage.objects.all(), required=False, label=_("Stage"), empty_label="—")
    owner = forms.ModelChoiceField(User.objects.none(), required=False, label=_("Point of contact"), empty_label="—")
    team = forms.ModelChoiceField(Team.objects.all(), required=False, label=_("Team"), empty_label="—")
    visibility = forms.ChoiceField(choices=Visibility.choices, required=False, label=_("Who may see this"))
    tags = TagsField(required=False, label=_("Tags"))

    def __init__(self, data: Any = None, *, user: User, picture: Picture | None = None, version: int = 0) -> None:
        self.user, self.picture = user, picture or {}
        super().__init__(data)
        start = {key: value for key, value in self.picture.items() if key in self.fields}
        self.initial = {**start, "version": version, "base": seal(self.picture) if picture else ""}
        people = User.objects.filter(is_active=True) | User.objects.filter(pk=self.picture.get("owner") or 0)
        self.fields["owner"].queryset = people.order_by("name")  # type: ignore[attr-defined]
        stored = {k.removeprefix("custom:"): v for k, v in self.picture.items() if k.startswith("custom:")}
        self.specs = add_custom_fields(self, self.host, stored, user)
        self.points = point_rows(data, self.picture.get("points", []))
        self.addresses = address_rows(data, self.picture.get("addresses", []))

    def move_to(self, version: int) -> None:
        """Let the form, sent again, count as an edit of `version`."""
        moved: Any = self.data.copy()  # type: ignore[attr-defined]
        moved["version"] = str(version)
        self.data = moved

    def is_valid(self) -> bool:
        """Whether the form and all its rows are valid."""
        return all([super().is_valid(), self.points.is_valid(), self.addresses.is_valid()])

    def clean_visibility(self) -> str:
        """Return the choice; everyone unless said otherwise."""
        return self.cleaned_data.get("visibility") or Visibility.EVERYONE

    def clean(self) -> dict[str, Any]:
        """Check that a limited visibility leaves somebody who sees the record."""
        data = super().clean() or self.cleaned_data
        if data.get("visibility") == Visibility.TEAM and not data.get("team"):
            self.add_error("team", _("Choose the team that may see this."))
        if data.get("visibility") == Visibility.OWNER and not data.get("owner"):
            self.add_error("owner", _("Choose the point of contact who may see this."))
        return data

    def show_picked(self, *names: str) -> None:
        """Let comboboxes show names instead of ids."""
        for name in [*names, *(f"custom-{spec.key}" for spec in self.specs if spec.kind == "contact")]:
            self.fields[name].show(self[name].value())  # type: ignore[attr-defined]

    @property
    def custom_fields(self) -> list[Any]:
        """The bound custom fields, in their order."""
        return [self[f"custom-{spec.key}"] for spec in self.specs]

    def changes(self) -> Picture:
        """What the form wants to be written, in the shape of a picture; links as ids."""
        data = self.cleaned_data
        skip = {"version", "base", "photo", "drop_photo"}
        plain = {k: v for k, v in data.items() if not k.startswith("custom-") and k not in skip}
        links = {k: v.pk if hasattr(v, "pk") else v for k, v in plain.items()}
        return {
            **links,
            **custom_changes(data),
            "points": self.points.points(),
            "addresses": self.addresses.addresses(),
        }


class ContactForm(HolderForm):
    """Adds or edits a person."""

    host = "contact"

    given_name = forms.CharField(max_length=150, required=False, label=_("Given name"))
    family_name = forms.CharField(max_length=150, required=False, label=_("Family name"))
    display_name = forms.CharField(
        max_length=300,
        required=False,
        label=_("Shown as"),
        help_text=_("If it is not given and family name."),
    )
    additional_name = forms.CharField(max_length=150, required=False, label=_("Middle names"))
    nickname = forms.CharField(max_length=80, required=False, label=_("Nickname"))
    pronunciation = forms.CharField(max_length=150, required=False, label=_("Pronunciation"))
    salutation = forms.CharField(max_length=80, required=False, label=_("Salutation"))
    pronouns = forms.CharField(max_length=40, required=False, label=_("Pronouns"))
    job_title = forms.CharField(max_length=150, required=False, label=_("Role there"))
    preferred_channel = forms.ChoiceField(
        choices=Profile.PreferredChannel.choices, required=False, label=_("Likes to be reached by")
    )
    preferred_time = forms.CharField(
        max_length=80, required=False, label=_("Best time"), help_text=_("In words: mornings, after 18:00…")
    )
    language = forms.CharField(max_length=10, required=False, label=_("Language"), help_text=_("Such as en, pt-PT."))
    time_zone = forms.CharField(max_length=64, required=False, label=_("Time zone"))
    source = forms.ModelChoiceField(Source.objects.all(), required=False, label=_("How they found us"), empty_label="—")
    source_detail = forms.CharField(max_length=200, required=False, label=_("Who or what exactly"))
    photo = forms.FileField(required=False, label=_("Photo"), widget=forms.FileInput(attrs={"accept": "image/*"}))
    drop_photo = forms.BooleanField(required=False, label=_("Remove the photo"))

    def __init__(self, data: Any = None, files: Any = None, *, user: User, **kwargs: Any) -> None:
        self.person: Contact | None = kwargs.pop("person", None)
        super().__init__(data, user=user, **kwargs)
        if files:
            self.files = files
        self.fields["company"] = CompanyField(user=user, required=False, label=_("Company"))
        self.fields["source_contact"] = PersonField(user=user, required=False, label=_("Came through"))
        self._fill(kwargs.get("picture") or {})

    def _fill(self, picture: Picture) -> None:
        full = f"{picture.get('given_name') or ''} {picture.get('family_name') or ''}".strip()
        if picture and picture.get("display_name") == full:
            self.initial["display_name"] = ""
        company = Company.objects.visible_to(self.user).filter(pk=picture.get("company")).first()
        self.picked_company = company
        self.initial["company"] = f"id:{company.pk}" if company else ""
        source = picture.get("source_contact")
        self.picked_source = Contact.objects.visible_to(self.user).filter(pk=source).first() if source else None
        self.initial["source_contact"] = self.picked_source.pk if self.picked_source else ""
        self.show_picked("company", "source_contact")

    def start_with(self, ask: Any) -> None:
        """Begin a new person as their point of contact, with what the address says: `name`, `company`."""
        given, _space, family = " ".join(ask.get("name", "").split()).partition(" ")
        start = {"owner": self.user.pk, "given_name": given[:150], "family_name": family[:150]}
        self.initial = {**self.initial, **start}
        if ask.get("company", "").isdecimal():
            self.initial["company"] = f"id:{ask['company'][:18]}"
            self.show_picked("company")

    def clean_photo(self) -> Any:
        """Return the photo made small and free of metadata, or None. Raises ValidationError for what is no image."""
        from regulars.contacts.photos import prepare_photo

        given = self.cleaned_data.get("photo")
        return prepare_photo(given) if given else None

    def clean_time_zone(self) -> str:
        """Return a known time zone or nothing."""
        zone = str(self.cleaned_data.get("time_zone") or "").strip()
        if zone and zone not in zoneinfo.available_timezones() and zone != self.picture.get("time_zone"):
            raise forms.ValidationError(_("This is not a time zone. Write it like Europe/Lisbon."))
        return zone

    def clean_source_contact(self) -> Any:
        """Return who brought them. Raises ValidationError when that one came through this very person."""
        person = self.cleaned_data.get("source_contact")
        if person and self.person and makes_loop(self.person, person):
            raise forms.ValidationError(str(ReferralLoop()))
        return person

    def is_valid(self) -> bool:
        """Whether the form is valid and says who this is."""
        if not super().is_valid():
            return False
        named = any(self.cleaned_data.get(name) for name in ("given_name", "family_name", "display_name"))
        if not named and not self.points.points():
            self.add_error("given_name", HIDDEN_NOW)
            return False
        return True

    def changes(self) -> Picture:
        """What is to be written. Links to people and companies that the user may not see stay as they are."""
        found = super().changes()
        for name, model in (("company", Company), ("source_contact", Contact)):
            kept = self.picture.get(name)
            if found[name] is None and kept and not model.objects.visible_to(self.user).filter(pk=kept).exists():
                found[name] = kept
        if not found["display_name"]:
            parts = (found["given_name"].strip(), found["family_name"].strip())
            first = found["points"][0][1] if found["points"] else ""
            found["display_name"] = " ".join(part for part in parts if part) or first
        return found

    def for_add(self) -> dict[str, Any]:
        """The same for `actions.add_contact`, except company, points and tags."""
        found = self.changes()
        columns = ("display_name", "given_name", "family_name", "visibility")
        data = self.cleaned_data
        profile = {name: data[name] for name in (*PROFILE_COLUMNS, "source_contact") if data.get(name)}
        return {
            **{name: found[name] for name in columns},
            **{name: data[name] for name in ("stage", "owner", "team")},
            "role": found["job_title"],
            "custom": {
                k.removeprefix("custom:"): v for k, v in found.items() if k.startswith("custom:") and v is not None
            },
            "profile": profile,
            "tags": found["tags"],
        }


class CompanyForm(HolderForm):
    """Adds or edits a company."""

    host = "company"

    display_name = forms.CharField(max_length=300, label=_("Name"))
    domain = forms.CharField(
        max_length=253, required=False, label=_("Web domain"), help_text=_("Such as lumen.example.")
    )
    industry = forms.CharField(max_length=100, required=False, label=_("Industry"))
    size = forms.CharField(max_length=40, required=False, label=_("People who work there"))

    def __init__(self, data: Any = None, *, user: User, **kwargs: Any) -> None:
        self.company_pk = kwargs.pop("pk", None)
        super().__init__(data, user=user, **kwargs)
        self.fields["parent"] = CompanyField(user=user, required=False, label=_("Part of"))
        parent = self.picture.get("parent")
        self.picked_parent = Company.objects.visible_to(user).filter(pk=parent).first() if parent else None
        self.initial["parent"] = f"id:{self.picked_parent.pk}" if self.picked_parent else ""
        self.show_picked("parent")

    def start_with(self, ask: Any) -> None:
        """Begin a new company as its point of contact, with the name that the address gives."""
        start = {"owner": self.user.pk, "display_name": ask.get("name", "")[:300]}
        self.initial = {**self.initial, **start}

    def clean_domain(self) -> str:
        """Return the bare domain of whatever was pasted."""
        text = str(self.cleaned_data.get("domain") or "").strip().lower()
        return text.split("://")[-1].split("/")[0].removeprefix("www.")

    def clean_parent(self) -> Any:
        """Return the parent. Raises ValidationError when the company would be its own ancestor."""
        parent = self.cleaned_data.get("parent")
        above, steps = parent, 0
        while isinstance(above, Company) and steps < 20:
            if above.pk == self.company_pk:
                raise forms.ValidationError(_("A company can't be part of itself."))
            above, steps = above.parent, steps + 1
        return parent

    def changes(self) -> Picture:
        """What is to be written; a parent that the user may not see stays as it is."""
        found = super().changes()
        kept = self.picture.get("parent")
        if found["parent"] is None and kept and self.picked_parent is None:
            found["parent"] = kept
        return found
