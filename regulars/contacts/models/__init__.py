"""People, companies and what is worth remembering about them."""

from regulars.contacts.models.company import Company, Employment
from regulars.contacts.models.contact import NEVER, Contact, Profile
from regulars.contacts.models.greetings import Greeting
from regulars.contacts.models.involvement import Involvement
from regulars.contacts.models.labels import CompanyTag, ContactTag, CustomField, SavedView, Source, Stage, Tag
from regulars.contacts.models.memory import Fact, ImportantDate, Opener, Relationship
from regulars.contacts.models.names import NameVariant, NameWord
from regulars.contacts.models.points import Address, Consent, ContactPoint
from regulars.contacts.models.referrals import IntroducerTotal, Referral, ReferralCode, ReferralSettings
from regulars.contacts.models.rhythm import Rhythm
from regulars.contacts.models.segments import Segment, SegmentCount, SegmentMember

__all__ = [
    "NEVER",
    "Address",
    "Company",
    "CompanyTag",
    "Consent",
    "Contact",
    "ContactPoint",
    "ContactTag",
    "CustomField",
    "Employment",
    "Fact",
    "Greeting",
    "ImportantDate",
    "IntroducerTotal",
    "Involvement",
    "NameVariant",
    "NameWord",
    "Opener",
    "Profile",
    "Referral",
    "ReferralCode",
    "ReferralSettings",
    "Relationship",
    "Rhythm",
    "SavedView",
    "Segment",
    "SegmentCount",
    "SegmentMember",
    "Source",
    "Stage",
    "Tag",
]
