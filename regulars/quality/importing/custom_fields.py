"""Fields of the business's own, made for the columns of a file."""

from django.utils.text import slugify

from regulars.contacts.models import CustomField

NEW_FIELD = "new:"
NEW_KINDS = ("text", "number", "date", "money", "yesno", "longtext", "link")


def make_field(header: str, kind: str, host: str) -> CustomField:
    """Return a custom field called like the column: the one that exists, or a new one."""
    label = " ".join(header.split())[:80]
    known = CustomField.objects.filter(host=host, label__iexact=label, archived_at=None).first()
    if known is not None:
        return known
    stem = slugify(label).replace("-", "_")[:45] or "field"
    taken = set(CustomField.objects.filter(host=host, key__startswith=stem).values_list("key", flat=True))
    key = next(name for name in (stem, *(f"{stem}_{n}" for n in range(2, 1000))) if name not in taken)
    position = CustomField.objects.filter(host=host).count()
    return CustomField.objects.create(host=host, key=key, label=label, kind=kind, position=position)
