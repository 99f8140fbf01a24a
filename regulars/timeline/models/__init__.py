"""Entries and what belongs to them."""

from regulars.timeline.models.entry import Attachment, Entry, EntryRevision, Mention

__all__ = ["Attachment", "Entry", "EntryRevision", "Mention"]
