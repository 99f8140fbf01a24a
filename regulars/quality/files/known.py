"""The exports of other programs, recognised by their headers."""

# ruff: noqa: E501 (tables of headers read better with long lines)

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.quality.files.mapping import Column, Mapping
from regulars.quality.files.targets import SYNONYMS, normal

_GOOGLE_PARTS = {
    "e mail value": "email", "e mail label": "email.label", "e mail type": "email.label",
    "phone value": "phone", "phone label": "phone.label", "phone type": "phone.label",
    "website value": "link", "website label": "link.label", "website type": "link.label",
    "address label": "address.label", "address type": "address.label", "address formatted": "address.full",
    "address street": "address.street", "address city": "address.city", "address region": "address.region",
    "address po box": "address.extra", "address extended address": "address.extra",
    "address postal code": "address.postcode", "address country": "address.country",
    "im value": "handle", "im service": "handle.network", "im label": "", "im type": "",
    "event value": "date", "event label": "date.label", "event type": "date.label",
    "relation value": "related", "relation label": "related.label", "relation type": "related.label",
    "custom field value": "extra", "custom field label": "extra.label", "custom field type": "extra.label",
    "organization name": "company", "organization title": "job_title", "organization department": "department",
    "organization type": "", "organization label": "", "organization yomi name": "", "organization symbol": "",
    "organization location": "", "organization job description": "",
}  # fmt: skip
SALES = _("This is a Salesforce export of opportunities. Export Contacts or Accounts there and bring that file.")
_NUMBERED = re.compile(r"^(.+?) (\d+) (.+)$")


@dataclass(frozen=True)
class Export:
    """One program's export: the headers that give it away (`must`), and what its columns mean."""

    key: str
    name: str
    must: frozenset[str]
    columns: dict[str, str] = field(default_factory=dict)
    kind: str = "contact"
    strip: str = ""
    refusal: str | Promise = ""

    def column(self, header: str) -> Column | None:
        """Return where `header` goes, or None when this export does not know it."""
        name = normal(header).removeprefix(self.strip).strip()
        if name in self.columns:
            return Column.of(self.columns[name])
        numbered = _NUMBERED.match(name)
        if numbered and (part := _GOOGLE_PARTS.get(f"{numbered[1]} {numbered[3]}")) is not None:
            return Column(part, group=int(numbered[2])) if part else Column()
        return None


def must(headers: str) -> frozenset[str]:
    """Return headers that stand between commas, as they are compared."""
    return frozenset(normal(header) for header in headers.split(","))


def spec(text: str) -> dict[str, str]:
    """Read "Header = target; Header = target" lines."""
    pairs = (part.split("=") for part in text.replace("\n", ";").split(";") if "=" in part)
    return {normal(header): target.strip() for header, target in pairs}


_GOOGLE = """
Name=display; Given Name=given; First Name=given; Additional Name=middle; Middle Name=middle; Family Name=family
Last Name=family; Name Prefix=prefix; Name Suffix=suffix; Nickname=nickname; Phonetic First Name=pronunciation
Given Name Yomi=pronunciation; Phonetic Last Name=pronunciation; Family Name Yomi=pronunciation; File As=; Birthday=birthday
Notes=note; Photo=; Labels=tags; Group Membership=tags; Language=language; Occupation=job_title; Hobby=extra
Organization Name=company; Organization Title=job_title; Organization Department=department; Phonetic Middle Name=
Yomi Name=; Additional Name Yomi=; Initials=; Short Name=; Maiden Name=extra; Gender=; Location=extra; Billing Information=
Directory Server=; Mileage=; Sensitivity=; Priority=; Subject="""

_OUTLOOK = """
Title=prefix; First Name=given; Middle Name=middle; Last Name=family; Suffix=suffix; Nickname=nickname; Company=company
Given Yomi=pronunciation; Surname Yomi=pronunciation; Department=department; Job Title=job_title; Profession=extra
Business Street=address.street/work#1; Business Street 2=address.extra/work#1; Business Street 3=address.extra/work#1
Business City=address.city/work#1; Business State=address.region/work#1; Business Postal Code=address.postcode/work#1
Business Country/Region=address.country/work#1; Business Country=address.country/work#1; Business PO Box=
Home Street=address.street/home#2; Home Street 2=address.extra/home#2; Home Street 3=address.extra/home#2
Home City=address.city/home#2; Home State=address.region/home#2; Home Postal Code=address.postcode/home#2
Home Country/Region=address.country/home#2; Home Country=address.country/home#2; Home Address PO Box=
Other Street=address.street/other#3; Other Street 2=address.extra/other#3; Other Street 3=address.extra/other#3
Other City=address.city/other#3; Other State=address.region/other#3; Other Postal Code=address.postcode/other#3
Other Country/Region=address.country/other#3; Other Country=address.country/other#3; Other Address PO Box=
Business Address PO Box=; Business Address=; Home Address=; Other Address=
Assistant's Phone=phone/assistant; Business Fax=phone/work fax; Business Phone=phone/work; Business Phone 2=phone/work
Callback=phone/callback; Car Phone=phone/car; Company Main Phone=phone/company; Home Fax=phone/home fax
Home Phone=phone/home; Home Phone 2=phone/home; ISDN=; Mobile Phone=phone/mobile; Other Fax=phone/fax; Other Phone=phone/other
Pager=phone/pager; Primary Phone=phone/main; Radio Phone=phone/other; TTY/TDD Phone=phone/other; Telex=
E-mail Address=email; E-mail Type=; E-mail Display Name=; E-mail 2 Address=email; E-mail 2 Type=; E-mail 2 Display Name=
E-mail 3 Address=email; E-mail 3 Type=; E-mail 3 Display Name=; Web Page=link; Personal Web Page=link; Notes=note
Birthday=birthday; Anniversary=date/anniversary; Categories=tags; Spouse=related/spouse; Children=related/child
Assistant's Name=related/assistant; Manager's Name=related/manager; Referred By=source; Language=language; Hobby=extra
Account=; Billing Information=; Directory Server=; Gender=; Government ID Number=; Initials=; Internet Free Busy=
Keywords=; Location=extra; Mileage=; Office Location=extra; Organizational ID Number=; Priority=; Private=; Sensitivity=
User 1=extra; User 2=extra; User 3=extra; User 4=extra; IMAddress=handle; Company Yomi="""

_HUBSPOT = """
Record ID - Contact=external_id; Record ID=external_id; Contact ID=external_id; First Name=given; Last Name=family
Email=email; Work email=email/work; Additional email addresses=email; Phone Number=phone; Mobile Phone Number=phone/mobile
Fax Number=phone/fax; Contact owner=owner; HubSpot owner=owner; Company name=company; Associated Company=company
Primary Associated Company=company; Associated Company (Primary)=company; Lead Status=; Lifecycle Stage=stage
Job Title=job_title; Street Address=address.street; City=address.city; State/Region=address.region
Postal Code=address.postcode; Country/Region=address.country; Website URL=link; Date of birth=birthday; Salutation=prefix
Original Source=source; Industry=industry; Preferred language=language; Time Zone=time_zone; Message=note; LinkedIn URL=link/LinkedIn
Twitter Username=handle/X; Create Date=; Last Activity Date=; Last Modified Date=; Associated Company IDs=; Favorite Content Topics="""

_PIPEDRIVE = """
ID=external_id; Name=display; First name=given; Last name=family; Organization=company; Organization ID=; Owner=owner
Label=tags; Labels=tags; Email=email; Email Work=email/work; Email Home=email/home; Email Other=email/other; Phone=phone
Phone Work=phone/work; Phone Home=phone/home; Phone Mobile=phone/mobile; Phone Other=phone/other; Job title=job_title
Birthday=birthday; Notes=note; Postal address=address.full; Instant messenger=handle; Marketing status=; Person created="""

_SALESFORCE = """
Id=external_id; Contact ID=external_id; Salutation=prefix; First Name=given; Middle Name=middle; Last Name=family; Suffix=suffix
Name=display; Email=email; Phone=phone/work; Business Phone=phone/work; Mobile Phone=phone/mobile; Mobile=phone/mobile
Home Phone=phone/home; Other Phone=phone/other; Assistant Phone=phone/assistant; Asst. Phone=phone/assistant; Fax=phone/work fax
Title=job_title; Department=department; Account Name=company; Account.Name=company; Lead Source=source; Birthdate=birthday
Description=note; Owner.Email=owner; Owner.Name=owner; Contact Owner=owner; Account Owner=; Assistant Name=related/assistant
Mailing Street=address.street/work#1; Mailing City=address.city/work#1; Mailing State=address.region/work#1
Mailing State/Province=address.region/work#1; Mailing Zip/Postal Code=address.postcode/work#1
Mailing Postal Code=address.postcode/work#1; Mailing Country=address.country/work#1
Other Street=address.street/other#2; Other City=address.city/other#2; Other State=address.region/other#2
Other State/Province=address.region/other#2; Other Postal Code=address.postcode/other#2
Other Zip/Postal Code=address.postcode/other#2; Other Country=address.country/other#2"""

_ACCOUNTS = """
Id=external_id; Account ID=external_id; Name=company; Account Name=company; Website=company_domain; Industry=industry
Number Of Employees=size; NUMBEROFEMPLOYEES=size; Employees=size; Phone=phone/work; Fax=phone/fax; Description=note
BILLINGSTREET=address.street/billing#1; BILLINGCITY=address.city/billing#1; BILLINGSTATE=address.region/billing#1
BILLINGPOSTALCODE=address.postcode/billing#1; BILLINGCOUNTRY=address.country/billing#1
Billing Street=address.street/billing#1; Billing City=address.city/billing#1; Billing State=address.region/billing#1
Billing Postal Code=address.postcode/billing#1; Billing Country=address.country/billing#1
SHIPPINGSTREET=address.street/shipping#2; SHIPPINGCITY=address.city/shipping#2; SHIPPINGSTATE=address.region/shipping#2
SHIPPINGPOSTALCODE=address.postcode/shipping#2; SHIPPINGCOUNTRY=address.country/shipping#2
Shipping Street=address.street/shipping#2; Shipping City=address.city/shipping#2; Shipping State=address.region/shipping#2
Shipping Postal Code=address.postcode/shipping#2; Shipping Country=address.country/shipping#2
Account Number=extra; ACCOUNTNUMBER=extra; Type=tags; Ticker Symbol=; TICKERSYMBOL=; Sic=; Site=; Rating="""

_ZOHO = """
Record Id=external_id; Contact Id=external_id; Contact Owner=owner; Contact Owner.id=; Lead Source=source; Salutation=prefix
First Name=given; Last Name=family; Full Name=display; Account Name=company; Account Name.id=; Vendor Name=; Email=email
Secondary Email=email; Title=job_title; Department=department; Phone=phone/work; Home Phone=phone/home; Other Phone=phone/other
Fax=phone/fax; Mobile=phone/mobile; Date of Birth=birthday; Assistant=related/assistant; Asst Phone=phone/assistant
Mailing Street=address.street/work#1; Mailing City=address.city/work#1; Mailing State=address.region/work#1
Mailing Zip=address.postcode/work#1; Mailing Country=address.country/work#1
Other Street=address.street/other#2; Other City=address.city/other#2; Other State=address.region/other#2
Other Zip=address.postcode/other#2; Other Country=address.country/other#2
Description=note; Skype ID=handle/Skype; Twitter=handle/X; Facebook=handle/Facebook; Tag=tags; Reporting To=related/manager
Email Opt Out=; Created By=; Modified By=; Created Time=; Modified Time=; Last Activity Time="""

_LINKEDIN = """
First Name=given; Last Name=family; URL=link/LinkedIn; Email Address=email; Company=company; Position=job_title; Connected On="""

EXPORTS = [
    Export("google", "Google Contacts", must("E-mail 1 - Value,Given Name,Family Name"), spec(_GOOGLE)),
    Export("google", "Google Contacts", must("Given Name,Family Name,Group Membership"), spec(_GOOGLE)),
    Export("google", "Google Contacts", must("First Name,Last Name,Labels,Organization Name"), spec(_GOOGLE)),
    Export("google", "Google Contacts", must("First Name,Last Name,File As,E-mail 1 - Value"), spec(_GOOGLE)),
    Export("linkedin", "LinkedIn", must("First Name,Last Name,Company,Position,Connected On"), spec(_LINKEDIN)),
    Export("hubspot", "HubSpot", must("Record ID - Contact"), spec(_HUBSPOT)),
    Export("hubspot", "HubSpot", must("Record ID,Email,Lifecycle Stage"), spec(_HUBSPOT)),
    Export("hubspot", "HubSpot", must("First Name,Last Name,Email,Lifecycle Stage,Contact owner"), spec(_HUBSPOT)),
    Export("pipedrive", "Pipedrive", must("Person - Name"), spec(_PIPEDRIVE), strip="person"),
    Export("pipedrive-companies", "Pipedrive", must("Organization - Name,Organization - ID"),
           spec("ID=external_id; Name=company; Address=address.full; Owner=owner; Label=tags; Labels=tags; Website=company_domain"),
           kind="company", strip="organization"),
    Export("zoho", "Zoho CRM", must("Contact Owner,Account Name,Mailing Zip"), spec(_ZOHO)),
    Export("zoho", "Zoho CRM", must("Record Id,Contact Owner,First Name,Last Name"), spec(_ZOHO)),
    Export("zoho", "Zoho CRM", must("Contact Id,Contact Owner,Last Name,Skype ID"), spec(_ZOHO)),
    Export("salesforce-deals", "Salesforce", must("STAGENAME,CLOSEDATE,AMOUNT"),
           refusal=SALES),
    Export("salesforce-deals", "Salesforce", must("Opportunity Name,Stage,Close Date"),
           refusal=SALES),
    Export("salesforce", "Salesforce", must("LastName,AccountId,MailingStreet"), spec(_SALESFORCE)),
    Export("salesforce", "Salesforce", must("LASTNAME,ACCOUNTID"), spec(_SALESFORCE)),
    Export("salesforce", "Salesforce", must("Last Name,Account Name,Mailing Street"), spec(_SALESFORCE)),
    Export("salesforce-accounts", "Salesforce", must("BILLINGSTREET,NAME,INDUSTRY"), spec(_ACCOUNTS), kind="company"),
    Export("salesforce-accounts", "Salesforce", must("BillingStreet,Name,Industry"), spec(_ACCOUNTS), kind="company"),
    Export("salesforce-accounts", "Salesforce", must("Account Name,Billing Street"), spec(_ACCOUNTS), kind="company"),
    Export("outlook", "Outlook", must("First Name,Last Name,E-mail Address,Business Street"), spec(_OUTLOOK)),
    Export("outlook", "Outlook", must("First Name,Last Name,E-mail Address,Mobile Phone"), spec(_OUTLOOK)),
]  # fmt: skip


def _run_together(columns: dict[str, str]) -> dict[str, str]:
    return {name.replace(" ", ""): target for name, target in columns.items()}


def recognise(headers: list[str], exports: Sequence[Export] = EXPORTS) -> Export | None:
    """Return the one of `exports` that `headers` belong to, or None."""
    names = {normal(header) for header in headers}
    joined = {name.replace(" ", "") for name in names}
    for export in exports:
        if export.must <= names or {must.replace(" ", "") for must in export.must} <= joined:
            return export
    return None


def known_mapping(
    headers: list[str], exports: Sequence[Export] = EXPORTS, synonyms: dict[str, str] = SYNONYMS
) -> Mapping | None:
    """Return the finished mapping of a known export, or None. A column it lacks is taken only by its exact name."""
    export = recognise(headers, exports)
    if export is None:
        return None
    joined = _run_together(export.columns)
    columns = []
    for header in headers:
        column = export.column(header)
        if column is None and (spec := joined.get(normal(header).replace(" ", ""))) is not None:
            column = Column.of(spec)
        columns.append(column or _by_name(header, export, synonyms))
    return Mapping(
        columns, export.kind, export.key, recognised=True, notes=[str(export.refusal)] if export.refusal else []
    )


def _by_name(header: str, export: Export, synonyms: dict[str, str]) -> Column:
    target = synonyms.get(normal(header), "")
    taken = set(export.columns.values())
    return Column() if target in taken or export.kind == "company" else Column.of(target)


_VALUE = re.compile(r"@\S+\.\w|^\+?[\d ()./-]{7,}$|^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$")


def header_row(
    first: list[list[str]], known: Callable[[list[str]], object | None] = recognise
) -> tuple[int, list[str]]:
    """Find the header among the first rows: (its index, its cells).

    An export that is `known` wins, wherever it begins; else the first row that is at least half as full as the fullest.
    When that row holds values (an address, a number, a date) there is no header: (-1, ["Column 1", …]).
    """
    candidates = [(i, row) for i, row in enumerate(first) if any(row) and not row[0].strip("\ufeff").startswith("sep=")]
    for index, row in candidates:
        if known(row):
            return index, row
    fullest = max((_filled(row) for _i, row in candidates), default=0)
    for index, row in candidates:
        if _filled(row) * 2 >= fullest:
            if any(_VALUE.search(cell.strip()) for cell in row):
                return -1, [f"Column {n}" for n in range(1, max(map(len, first)) + 1)]
            return index, row
    return 0, first[0] if first else []


def _filled(row: list[str]) -> int:
    return sum(1 for cell in row if cell.strip())
