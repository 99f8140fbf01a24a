"""The end of a restore, killed at each of its steps and carried out again."""

import contextlib
from pathlib import Path

import pytest

from regulars.lib import pending


@pytest.fixture
def plan(tmp_path: Path) -> pending.Plan:
    for name, text in (("files", "old"), ("new-files", "new")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.txt").write_text(text)
    (tmp_path / "db").write_text("old")
    (tmp_path / "db-wal").write_text("rest of old")
    (tmp_path / "new-db").write_text("new")
    return pending.Plan(*(str(tmp_path / name) for name in ("new-files", "files", "new-db", "db")))


def _is_new(data: Path) -> bool:
    texts = {(data / "files" / "one.txt").read_text(), (data / "db").read_text()}
    return texts == {"new"} and not (data / "db-wal").exists() and not (data / "restore.json").exists()


def test_a_plan_is_carried_out_once(tmp_path: Path, plan: pending.Plan) -> None:
    pending.decide(tmp_path, plan)
    assert pending.finish(tmp_path)
    assert _is_new(tmp_path)
    assert not pending.finish(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["db", "files"]


@pytest.mark.parametrize("kill_at", range(1, 7))
def test_killed_at_any_step_the_next_start_completes_it(
    tmp_path: Path, plan: pending.Plan, kill_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending.decide(tmp_path, plan)
    steps = 0

    def dying(function):  # type: ignore[no-untyped-def]
        def step(*args, **kwargs):  # type: ignore[no-untyped-def]
            nonlocal steps
            steps += 1
            if steps == kill_at:
                raise KeyboardInterrupt
            return function(*args, **kwargs)

        return step

    with monkeypatch.context() as patched:
        for name in ("os.replace", "os.rename", "shutil.rmtree"):
            module, _, function = name.partition(".")
            target = getattr(pending, module)
            patched.setattr(target, function, dying(getattr(target, function)))
        with contextlib.suppress(KeyboardInterrupt):
            pending.finish(tmp_path)
    pending.finish(tmp_path)
    assert _is_new(tmp_path)
    assert not (tmp_path / "files.before-restore").exists()


def test_a_plan_that_hangs_on_the_database_waits_for_somebody_who_can_ask(tmp_path: Path, plan: pending.Plan) -> None:
    pending.decide(tmp_path, pending.Plan(plan.new_files, plan.files, token="abc"))
    assert not pending.finish(tmp_path)
    assert (tmp_path / "restore.json").exists()
    assert pending.finish(tmp_path, lambda token: token == "abc")
    assert (tmp_path / "files" / "one.txt").read_text() == "new"


def test_what_was_never_committed_is_dropped(tmp_path: Path, plan: pending.Plan) -> None:
    pending.decide(tmp_path, pending.Plan(plan.new_files, plan.files, token="abc"))
    assert not pending.finish(tmp_path, lambda token: False)
    assert (tmp_path / "files" / "one.txt").read_text() == "old"
    assert not (tmp_path / "new-files").exists()


def test_only_one_holds_a_data_folder(tmp_path: Path) -> None:
    with pending.hold(tmp_path), pytest.raises(pending.InUse):
        pending.hold(tmp_path)
    pending.hold(tmp_path).close()
