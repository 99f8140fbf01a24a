"""Whether two names can be the same person's."""

from rapidfuzz import fuzz

from regulars.lib.text import words

SIMILAR = 85
# Mailboxes of a firm rather than of a person: several people share them.
SHARED_MAILBOXES = frozenset(
    {"info", "office", "contact", "hello", "mail", "admin", "sales", "support", "team", "service", "kontakt", "geral"}
)


def is_shared_mailbox(email: str) -> bool:
    """Whether an address belongs to a desk rather than to one person: info@…"""
    return email.partition("@")[0].casefold() in SHARED_MAILBOXES


def names_agree(one: str, other: str) -> bool:
    """Whether both can be the name of one person: one within the other, an initial for a name, a slip."""
    first, second = words(one), words(other)
    if not first or not second:
        return True
    if set(first) <= set(second) or set(second) <= set(first):
        return True
    if first[-1] == second[-1] and first[0][0] == second[0][0] and 1 in (len(first[0]), len(second[0])):
        return True
    return fuzz.token_sort_ratio(" ".join(first), " ".join(second)) >= SIMILAR
