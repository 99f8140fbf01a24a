from datetime import timedelta

import pytest

from regulars.lib import schedule


def test_a_job_is_registered_by_its_name_and_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_jobs", {})

    @schedule.every(hours=1, minutes=30)
    def tidy() -> None: ...

    (job,) = schedule.all_jobs()
    assert job.name.endswith("tidy")
    assert job.period == timedelta(minutes=90)
    assert job.run is tidy


def test_a_job_without_a_period_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="period"):
        schedule.every()
