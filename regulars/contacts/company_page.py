"""What the page of a company shows, read when a part of the page asks for it."""

from functools import cached_property

from django.utils import timezone

from regulars.access.door import visibility_filter
from regulars.contacts.models import Company, Employment
from regulars.contacts.page import SHOWN, HolderPage


class CompanyPage(HolderPage):
    """The parts of a company's page."""

    host = "company"

    @property
    def company(self) -> Company:
        """The company."""
        return self.holder  # type: ignore[no-any-return]

    @cached_property
    def parent(self) -> Company | None:
        """What it is part of, if the user may know of that."""
        pk = self.company.parent_id
        return Company.objects.visible_to(self.user).filter(pk=pk).first() if pk else None

    @cached_property
    def children(self) -> list[Company]:
        """What is part of it, by name."""
        return list(Company.objects.visible_to(self.user).filter(parent=self.company).order_by("sort_name")[:SHOWN])

    @cached_property
    def _staff(self) -> list[Employment]:
        rows = Employment.objects.filter(
            visibility_filter(self.user, "contact__"),
            company=self.company,
            contact__binned_at=None,
            contact__erased_at=None,
        )
        return list(rows.select_related("contact__profile").order_by("-is_main", "contact__sort_name")[: SHOWN + 1])

    @cached_property
    def people(self) -> list[Employment]:
        """Those who belong to it now, with their roles."""
        today = timezone.localdate()
        return [work for work in self._staff if not work.until or work.until >= today][:SHOWN]

    @cached_property
    def former(self) -> list[Employment]:
        """Those who have left."""
        now = {work.pk for work in self.people}
        return [work for work in self._staff if work.pk not in now][:SHOWN]

    @cached_property
    def has_more_people(self) -> bool:
        """Whether there are more people than are shown."""
        return len(self._staff) > SHOWN
