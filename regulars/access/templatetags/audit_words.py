"""The words of the audit log in the language of who reads it; the log itself keeps them in English."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import override, pgettext_lazy

register = template.Library()


def _by_english(words: tuple[Promise, ...]) -> dict[str, Promise]:
    with override("en"):
        return {str(word): word for word in words}


_VERBS = _by_english(
    (
        pgettext_lazy("audit verb", "added"),
        pgettext_lazy("audit verb", "added a second step"),
        pgettext_lazy("audit verb", "archived"),
        pgettext_lazy("audit verb", "backed up"),
        pgettext_lazy("audit verb", "binned"),
        pgettext_lazy("audit verb", "changed"),
        pgettext_lazy("audit verb", "changed many"),
        pgettext_lazy("audit verb", "changed the role of"),
        pgettext_lazy("audit verb", "changed the settings of"),
        pgettext_lazy("audit verb", "changed the teams of"),
        pgettext_lazy("audit verb", "changed their email"),
        pgettext_lazy("audit verb", "changed their password"),
        pgettext_lazy("audit verb", "chose a new password by mail"),
        pgettext_lazy("audit verb", "closed the account of"),
        pgettext_lazy("audit verb", "deleted"),
        pgettext_lazy("audit verb", "dissolved"),
        pgettext_lazy("audit verb", "ended a session"),
        pgettext_lazy("audit verb", "erased"),
        pgettext_lazy("audit verb", "exported"),
        pgettext_lazy("audit verb", "failed the second step"),
        pgettext_lazy("audit verb", "failed to sign in"),
        pgettext_lazy("audit verb", "handed over the work of"),
        pgettext_lazy("audit verb", "imported"),
        pgettext_lazy("audit verb", "invited"),
        pgettext_lazy("audit verb", "joined"),
        pgettext_lazy("audit verb", "made new recovery codes"),
        pgettext_lazy("audit verb", "merged"),
        pgettext_lazy("audit verb", "opened the account of"),
        pgettext_lazy("audit verb", "removed"),
        pgettext_lazy("audit verb", "removed a second step"),
        pgettext_lazy("audit verb", "removed the sample data"),
        pgettext_lazy("audit verb", "replayed"),
        pgettext_lazy("audit verb", "restored"),
        pgettext_lazy("audit verb", "saw"),
        pgettext_lazy("audit verb", "set up"),
        pgettext_lazy("audit verb", "shared"),
        pgettext_lazy("audit verb", "signed in"),
        pgettext_lazy("audit verb", "signed out"),
        pgettext_lazy("audit verb", "switched off"),
        pgettext_lazy("audit verb", "switched on"),
        pgettext_lazy("audit verb", "tested"),
        pgettext_lazy("audit verb", "undid"),
        pgettext_lazy("audit verb", "undid the import of"),
        pgettext_lazy("audit verb", "unmerged"),
        pgettext_lazy("audit verb", "withdrew the invitation of"),
    )
)
_KINDS = _by_english(
    (
        pgettext_lazy("audit kind", "audit log"),
        pgettext_lazy("audit kind", "backup"),
        pgettext_lazy("audit kind", "business"),
        pgettext_lazy("audit kind", "calendar"),
        pgettext_lazy("audit kind", "company"),
        pgettext_lazy("audit kind", "connection"),
        pgettext_lazy("audit kind", "contact"),
        pgettext_lazy("audit kind", "custom field"),
        pgettext_lazy("audit kind", "event of a shop"),
        pgettext_lazy("audit kind", "everything"),
        pgettext_lazy("audit kind", "file"),
        pgettext_lazy("audit kind", "goal"),
        pgettext_lazy("audit kind", "invitation"),
        pgettext_lazy("audit kind", "saved view"),
        pgettext_lazy("audit kind", "source"),
        pgettext_lazy("audit kind", "stage"),
        pgettext_lazy("audit kind", "tag"),
        pgettext_lazy("audit kind", "team"),
        pgettext_lazy("audit kind", "user"),
    )
)


@register.filter
def audit_verb(verb: str) -> str:
    """Say what was done: "changed the role of"."""
    return str(_VERBS.get(verb, verb))


@register.filter
def audit_kind(kind: str) -> str:
    """Say what it was done to: "contact"."""
    return str(_KINDS.get(kind, kind))
