"""The last step of a restore, written down first, so that a kill in the middle is made good by the next start.

Standard library only: `bin/run` calls it before anything opens the database.

A restore first builds the new database file (SQLite) and the new folder of files beside the old ones; nothing of
that disturbs the installation. Then it writes the plan and carries it out by renaming. Whoever starts next and
finds a plan carries it out again from where it stopped.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

NAME = "restore.json"
LOCK = "serving.lock"


@dataclass(frozen=True)
class Plan:
    """What is to be renamed: paths of the new database and files and of the old ones ("" where there is none).

    `token` is "" when the restore is decided. Else it is, once the database says so (`is_committed`).
    """

    new_files: str
    files: str
    new_database: str = ""
    database: str = ""
    token: str = ""


def decide(data: Path, plan: Plan) -> None:
    """Write the plan down, safe on disk when this returns."""
    draft = data / f".{NAME}"
    with draft.open("w") as file:
        json.dump(asdict(plan), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(data / NAME)
    _sync(data)


def finish(data: Path, is_committed: Callable[[str], bool] | None = None) -> bool:
    """Carry out the plan when there is one; returns whether something was restored.

    A plan that hangs on the database waits for a caller that can ask it, and is dropped, with the new files, when
    the answer is no.
    """
    file = data / NAME
    if not file.exists():
        return False
    plan = Plan(**json.loads(file.read_text()))
    if plan.token and is_committed is None:
        return False
    go = not plan.token or (is_committed is not None and is_committed(plan.token))
    if go:
        _carry_out(plan)
    else:
        shutil.rmtree(plan.new_files, ignore_errors=True)
    _sync(data)
    file.unlink()
    return go


def _carry_out(plan: Plan) -> None:
    if plan.new_database and os.path.exists(plan.new_database):
        # The old database was closed when the plan was written: what stands beside it is of no more use.
        for rest in ("-wal", "-shm", "-journal"):
            Path(plan.database + rest).unlink(missing_ok=True)
        os.replace(plan.new_database, plan.database)
    old = Path(plan.files + ".before-restore")
    if os.path.exists(plan.new_files):
        if os.path.exists(plan.files):
            shutil.rmtree(old, ignore_errors=True)
            os.rename(plan.files, old)
        os.rename(plan.new_files, plan.files)
    shutil.rmtree(old, ignore_errors=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class InUse(Exception):
    """Somebody else holds the data folder; `holder` is the process id, "" when unknown."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


def hold(data: Path) -> IO[str]:
    """Hold the data folder for this process: a server, or a restore. Raises InUse when another one has it.

    Returns the open file that is the hold: closing it, or dying, lets go.
    """
    file = (data / LOCK).open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        holder = file.read().strip()
        file.close()
        raise InUse(holder) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file
