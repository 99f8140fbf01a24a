"""Language and zone of one thread are not those of another, also when Django keeps them more cheaply."""

import threading

import pytest
from django.urls import get_script_prefix, reverse
from django.utils import timezone, translation

from regulars.lib.threads import KEPT, keep_by_thread


@pytest.fixture
def by_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the web process; put back afterwards."""
    for module, name in KEPT:
        monkeypatch.setattr(module, name, getattr(module, name))
    keep_by_thread()


def test_each_thread_has_its_own(by_thread: None) -> None:
    def other() -> None:
        seen.append((translation.get_language(), timezone.get_current_timezone_name(), get_script_prefix()))
        with translation.override("en"), timezone.override("Asia/Tokyo"):
            seen.append((translation.get_language(), timezone.get_current_timezone_name(), reverse("contacts")))

    seen: list[tuple[str | None, str, str]] = []
    with translation.override("de"), timezone.override("Europe/Lisbon"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("de", "Europe/Lisbon")
        assert translation.gettext("Save") == "Speichern"
    assert seen[0][0] != "de"
    assert seen[0][1:] == (timezone.get_default_timezone_name(), "/")
    assert seen[1] == ("en", "Asia/Tokyo", "/contacts/")
