"""Changing what is written about a contact or company, so that two people who edit at once are told."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.access.models import User
from regulars.access.models.audit import audit
from regulars.contacts.actions.adding import (
    Holder,
    Point,
    add_tags,
    full_name,
    holder_link,
    index_name,
    set_points,
)
from regulars.contacts.actions.bringing import bring, forget_introducer, lock_referrals
from regulars.contacts.actions.moments import Moment, log_moment
from regulars.contacts.models import Address, Company, Contact, Employment, Stage
from regulars.contacts.new_owners import tell_new_owner
from regulars.contacts.records.picture import (
    LINKS,
    PROFILE_COLUMNS,
    Picture,
    changes_in_words,
    columns_of,
    differences,
    picture_of,
)
from regulars.contacts.rhythm import follow_owner
from regulars.lib.text import fold, in_sentence


class EditedMeanwhile(Exception):
    """Somebody else saved since the caller read the record; nothing was changed. `holder` is what stands now."""

    def __init__(self, holder: Holder) -> None:
        super().__init__("Edited meanwhile.")
        self.holder = holder


@transaction.atomic
def revise(holder: Holder, changes: Picture, *, expected_version: int, by: User) -> dict[str, list[Any]]:
    """Write `changes` (keys of `records.picture_of`) and return what really differed as `{key: [before, after]}`.

    Raises EditedMeanwhile when the record's version is not `expected_version` any more, and ReferralLoop when the one
    who brought them came through them. Records an audit event with before and after, a milestone entry when somebody
    becomes a customer, and an entry for a new introducer. Keeps search words, the repeated columns and the main
    employment in step. Does nothing when nothing differs.
    """
    changed = differences(picture_of(holder), _complete(holder, changes))
    now = timezone.now()
    if "source_contact" in changed:
        lock_referrals()
    _claim(holder, expected_version, bool(changed), now)
    if not changed:
        return {}
    stage_before = holder.stage
    old_company_id = holder.company_id if isinstance(holder, Contact) else None
    wanted = {key: after for key, (_before, after) in changed.items()}
    write_columns(holder, wanted)
    _write_collections(holder, wanted)
    if isinstance(holder, Contact):
        write_profile(holder, wanted)
        write_introducer(holder, wanted, by=by)
        if {"company", "job_title"} & wanted.keys():
            set_main_employment(holder, old_company_id)
    if {"display_name", "given_name", "family_name", "nickname", "owner"} & wanted.keys():
        index_name(holder)
    else:
        holder.name_words.update(touched_at=now)
    if "owner" in wanted and isinstance(holder, Contact):
        follow_owner([holder.pk], holder.owner_id)
    kind = "contact" if isinstance(holder, Contact) else "company"
    audit(
        "changed",
        by=by,
        kind=kind,
        object_id=holder.pk,
        title=holder.display_name,
        changes=changes_in_words(changed),
    )
    note_milestone(holder, stage_before, by=by)
    if "owner" in wanted:
        tell_new_owner(holder, holder.owner_id, by=by)
    return changed


def _complete(holder: Holder, changes: Picture) -> Picture:
    """Follow a changed given or family name with the display name, unless that was changed too."""
    if not isinstance(holder, Contact) or changes.get("display_name"):
        return changes
    named = full_name(
        changes.get("given_name", holder.given_name) or "",
        changes.get("family_name", holder.family_name) or "",
    )
    if "display_name" in changes:
        return {**changes, "display_name": named or holder.display_name}
    was = full_name(holder.given_name, holder.family_name)
    follows = was == holder.display_name and named
    return {**changes, "display_name": named} if follows else changes


def _claim(holder: Holder, expected_version: int, changed: bool, now: datetime) -> None:
    """Take the next version of the record; works on every database because the row count is checked."""
    mine = type(holder).objects.filter(pk=holder.pk, version=expected_version)
    if not changed:
        return
    if not mine.update(version=F("version") + 1, touched_at=now):
        raise EditedMeanwhile(type(holder).objects.get(pk=holder.pk))
    holder.version, holder.touched_at = expected_version + 1, now


def write_columns(holder: Holder, wanted: Picture) -> None:
    """Write the columns of the record itself and its custom values; without version, audit or search words."""
    names = [name for name in columns_of(holder) if name in wanted]
    for name in names:
        setattr(holder, f"{name}_id" if name in LINKS else name, wanted[name])
    custom = {key.removeprefix("custom:"): value for key, value in wanted.items() if key.startswith("custom:")}
    if custom:
        holder.custom = {k: v for k, v in (holder.custom | custom).items() if v not in (None, "", [])}
        names.append("custom")
    if "display_name" in wanted:
        holder.display_name = holder.display_name[:300]
        holder.sort_name = fold(holder.display_name)[:300]
        names.append("sort_name")
    if names:
        holder.save(update_fields=names)


def write_profile(contact: Contact, wanted: Picture) -> None:
    """Write the columns of the profile, creating it where there is none."""
    names = [name for name in PROFILE_COLUMNS if name in wanted]
    if not names:
        return
    profile = contact.profile_or_blank
    for name in names:
        value = wanted[name]
        setattr(profile, f"{name}_id" if name in LINKS else name, value if name in LINKS else value or "")
    profile.save(update_fields=names if profile.pk else None)
    contact.profile = profile


def write_introducer(contact: Contact, wanted: Picture, *, by: User) -> None:
    """Write who brought them, when that is among `wanted`. Raises ReferralLoop."""
    if "source_contact" not in wanted:
        return
    introducer = Contact.objects.filter(pk=wanted["source_contact"]).first() if wanted["source_contact"] else None
    if introducer is None:
        forget_introducer(contact, by=by, audited=False)
    else:
        bring(contact, introducer, by=by, at=contact.created_at, audited=False)


def _write_collections(holder: Holder, wanted: Picture) -> None:
    if "points" in wanted:
        set_points(holder, [Point(kind, value, label, star) for kind, value, label, star in wanted["points"]])
    if "addresses" in wanted:
        set_addresses(holder, wanted["addresses"])
    if "tags" in wanted:
        keep = {name.lower() for name in wanted["tags"]}
        links = holder.contact_tags if isinstance(holder, Contact) else holder.company_tags
        gone = [link.pk for link in links.select_related("tag") if link.tag.name.lower() not in keep]
        links.filter(pk__in=gone).delete()
        add_tags(holder, wanted["tags"])


def set_addresses(holder: Holder, addresses: list[dict[str, Any]]) -> None:
    """Replace the addresses of `holder`; one is preferred: the first that says so, else the first."""
    holder.addresses.all().delete()
    best = next((n for n, address in enumerate(addresses) if address.get("is_preferred")), 0)
    Address.objects.bulk_create(
        [
            Address(**holder_link(holder), **{**address, "is_preferred": n == best})
            for n, address in enumerate(addresses)
        ]
    )


def set_main_employment(contact: Contact, old_company_id: int | None) -> None:
    """Make the employments say what `contact.company` and `contact.job_title` say; the earlier one ends today."""
    mains = Employment.objects.filter(contact=contact, is_main=True)
    if old_company_id != contact.company_id:
        mains.filter(until=None).update(is_main=False, until=timezone.localdate())
        mains.update(is_main=False)
    if contact.company_id is None:
        return
    same = Employment.objects.filter(contact=contact, company_id=contact.company_id).order_by("-is_main", "-pk").first()
    if same is None:
        same = Employment(contact=contact, company_id=contact.company_id)
    same.is_main, same.role, same.until = True, contact.job_title, None
    same.save()


def mirror_main_employment(contact: Contact) -> None:
    """Make `contact.company` and `contact.job_title` say what the main employment says."""
    main = Employment.objects.filter(contact=contact, is_main=True).first()
    contact.company_id = main.company_id if main else None
    contact.job_title = main.role if main else ""
    contact.save(update_fields=["company", "job_title"])


def note_milestone(holder: Holder, before: Stage | None, *, by: User) -> None:
    """Put "became a customer" on the timeline when the stage says so for the first time."""
    after = Stage.objects.filter(pk=holder.stage_id).first() if holder.stage_id else None
    if after is None or not after.is_customer or (before is not None and before.is_customer):
        return
    people = [holder] if isinstance(holder, Contact) else []
    companies = [holder] if isinstance(holder, Company) else []
    log_moment(
        Moment(
            text=_("Became a %(stage)s") % {"stage": in_sentence(after.name)},
            kind="milestone",
            contacts=people,
            companies=companies,
            snapshot={"stage": after.key},
        ),
        by=by,
    )
