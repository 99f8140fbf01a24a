"""What the palette can do besides finding: the first commands; contexts register their own in `lib.palette`."""

from django.utils.translation import gettext_lazy as _

from regulars.lib import palette


def register() -> None:
    """Make the commands of the shell known. Those whose address is missing or whose role is too low don't show."""
    for command in (
        palette.Command("log", _("Log a moment"), "notebook-pen", act="log", permission="log", order=10,
                        also=_("note call visit meeting write")),
        palette.Command("add-person", _("Add a person"), "user-plus", "contact-add", permission="edit", order=12,
                        also=_("new contact create customer guest client patient")),
        palette.Command("add-company", _("Add a company"), "building-2", "company-add", permission="edit", order=14,
                        also=_("new firm organisation create")),
        palette.Command("import", _("Import people"), "upload", "import", permission="import", order=20,
                        also=_("csv excel vcard file spreadsheet bring in")),
        palette.Command("settings", _("Settings"), "settings", "settings", order=30,
                        also=_("preferences profile password")),
        palette.Command("theme", _("Switch between light and dark"), "sun-moon", act="theme", order=32,
                        also=_("theme colour night day mode")),
        palette.Command("keys", _("Show the keys"), "keyboard", act="keys", order=34,
                        also=_("shortcuts help keyboard")),
    ):  # fmt: skip
        palette.register(command)
