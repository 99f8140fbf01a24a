"""What each role may do, in one place.

| capability | means |
|---|---|
| view | look people up, read timelines and briefs |
| log | log moments, answer openers |
| edit | add and change contacts and companies |
| delete | move to the bin and restore |
| merge | merge two into one |
| bulk | change many at once |
| import, export | bring in and take out files |
| share | share saved views with everyone |
| erase | erase a person for good at their request, and export all that is known of them |
| shape | custom fields, tags, stages, sources |
| people | invite colleagues, change roles and teams |
| audit | read the audit log |
| settings | business settings, modules, demo data |
| insights | reports and figures of the whole business, goals |
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from regulars.access.models.users import Role

READ = frozenset({"view"})
COUNTER = READ | {"log", "edit"}
TEAM = COUNTER | {"delete", "merge", "bulk", "import", "export"}
LEAD = TEAM | {"share", "erase", "shape", "people", "audit", "settings", "insights"}

CAPABILITIES: dict[Role, frozenset[str]] = {
    Role.READER: READ,
    Role.FRONT_DESK: COUNTER,
    Role.MEMBER: TEAM,
    Role.MANAGER: LEAD,
    Role.OWNER: LEAD | {"own"},
}

# What a role means to the person who chooses it.
MEANS: dict[str, str | Promise] = {
    Role.OWNER: _("Everything, also who else is an owner."),
    Role.MANAGER: _("Everything about people, colleagues and settings; sees every contact, and the audit log."),
    Role.MEMBER: _("Adds, changes, imports, exports and deletes what they may see."),
    Role.FRONT_DESK: _("Looks up, logs moments and adds people; no export, no deleting."),
    Role.READER: _("Looks and reads, changes nothing."),
}
