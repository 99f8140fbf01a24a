"""What makes the first morning at Harbor & Pine worth a look: news that nobody has read, and rhythms worked out."""

from datetime import timedelta
from typing import TYPE_CHECKING

from regulars.access.models import Notification
from regulars.contacts import rhythm

if TYPE_CHECKING:
    from regulars.desk.demo.load import Loader

# Who is told, who told it, about whom, hours ago, what
NEWS = (
    (0, 2, "Maya Okafor", 3, "she would like the honey process for the event"),
    (0, 3, "Rafael Antunes", 20, "he asked at the counter whether we are still cross with him"),
    (1, 0, "Helena Prado", 5, "could you call her about the grinder part?"),
    (3, 0, "Tomás Reis", 2, "he comes by for two bags of Guji, they are under the counter"),
)


def add_today(loader: "Loader") -> None:
    """Write the news, and work out how often each person is usually in touch."""
    news = [line for line in NEWS if line[2] in loader.contacts]
    rows = loader.keep([_news(loader, *line) for line in news])
    for row, line in zip(rows, news, strict=True):
        Notification.objects.filter(pk=row.pk).update(created_at=loader.now - timedelta(hours=line[3]))
    people = list(loader.contacts.values())
    for start in range(0, len(people), rhythm.AT_ONCE):
        rhythm.keep(people[start : start + rhythm.AT_ONCE])


def _news(loader: "Loader", told: int, by: int, name: str, _hours: int, what: str) -> Notification:
    author, about = loader.colleagues[by], loader.contacts[name]
    return Notification(
        user=loader.colleagues[told],
        actor=author,
        kind="mention",
        text=f"{author.first_name} mentioned you with {name}: {what}",
        url=about.get_absolute_url(),
    )
