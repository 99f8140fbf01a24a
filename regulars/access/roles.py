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
"""

from regulars.access.models.users import Role

READ = frozenset({"view"})
COUNTER = READ | {"log", "edit"}
TEAM = COUNTER | {"delete", "merge", "bulk", "import", "export"}
LEAD = TEAM | {"share", "erase", "shape", "people", "audit", "settings"}

CAPABILITIES: dict[Role, frozenset[str]] = {
    Role.READER: READ,
    Role.FRONT_DESK: COUNTER,
    Role.MEMBER: TEAM,
    Role.MANAGER: LEAD,
    Role.OWNER: LEAD | {"own"},
}
