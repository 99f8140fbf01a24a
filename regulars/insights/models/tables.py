"""Tables from files, for `bin/regulars fit`: who wants to check a model needs no database.

Columns are found by their names: those of the papers, of the shared data and of PyPI `lifetimes` alike.
"""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from regulars.insights.models import bgbb, bgnbd, gammagamma, paretonbd, sbg
from regulars.insights.models.fitting import BadData, Fit, Floats

X = ("x", "frequency", "purchases", "transactions")
T_X = ("t_x", "tx", "recency")
AGE = ("t", "age", "t_cal")
MEAN = ("zbar", "mean", "mean_spend", "monetary_value", "m", "m_x", "spend")
PERIODS = ("n", "periods", "n_periods", "opportunities")
COUNT = ("count", "weights", "weight", "customers", "num_custs")
SURVIVORS = ("survivors", "survival", "active", "alive", "members")
TIMES = ("t", "time", "year", "period", "renewal", "month")
MOST_BYTES = 512 * 1024 * 1024

COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    "bgnbd": (X, T_X, AGE),
    "paretonbd": (X, T_X, AGE),
    "gammagamma": (X, MEAN),
    "bgbb": (X, T_X, PERIODS),
}
FITS: dict[str, Callable[..., Fit]] = {
    "bgnbd": bgnbd.fit,
    "paretonbd": paretonbd.fit,
    "gammagamma": gammagamma.fit,
    "bgbb": bgbb.fit,
}
MODELS = (*COLUMNS, "sbg")


def fit_file(model: str, path: Path) -> Fit | dict[str, Fit]:
    """Fit `model` to the table in a file; sBG files may hold several series, each fitted by its name.

    Raises BadData and NotEnough with one sentence, OSError where the file can't be read.
    """
    text = _text(path)
    if model == "sbg":
        series = _series(text)
        return sbg.fit(series[""]) if set(series) == {""} else {name: sbg.fit(left) for name, left in series.items()}
    *columns, count = _columns(text, COLUMNS[model])
    return FITS[model](*columns, count)


def _text(path: Path) -> str:
    if path.stat().st_size > MOST_BYTES:
        raise BadData("The file is larger than 512 MB.")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadData("The file is no text in UTF-8.") from wrong


def _rows(text: str) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, in small letters, and the rows that hold anything."""
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=mark) if any(cell.strip() for cell in row)]
    except csv.Error as wrong:
        raise BadData(f"The file is no table: {wrong}.") from wrong
    if not rows:
        raise BadData("The file is empty.")
    return [name.strip().lower() for name in rows[0]], rows[1:]


def _columns(text: str, wanted: tuple[tuple[str, ...], ...]) -> list[Floats | None]:
    names, rows = _rows(text)
    if not rows:
        raise BadData("There are no rows below the names of the columns.")
    places = [_place(names, aliases) for aliases in wanted]
    found: list[Floats | None] = [_numbers(rows, place, names[place]) for place in places]
    count = next((place for place, name in enumerate(names) if name in COUNT), None)
    return [*found, None if count is None else _numbers(rows, count, names[count])]


def _place(names: list[str], aliases: tuple[str, ...]) -> int:
    for alias in aliases:
        if alias in names:
            return names.index(alias)
    said = aliases[0].upper() if aliases is AGE else aliases[0]
    raise BadData(f"There is no column “{said}” (or {', '.join(aliases[1:])}); the file has {', '.join(names)}.")


def _numbers(rows: list[list[str]], place: int, name: str) -> Floats:
    try:
        return np.array([float(row[place]) for row in rows])
    except (ValueError, IndexError):
        pass
    for number, row in enumerate(rows, 1):
        cell = row[place] if place < len(row) else ""
        try:
            float(cell)
        except ValueError:
            raise BadData(f"Row {number}: {name} is “{cell[:40]}”, which is no number.") from None
    raise BadData(f"{name} can’t be read.")


def _series(text: str) -> dict[str, Floats]:
    """The survivors of each series; one without a name is ""."""
    if text.lstrip()[:1] not in ("{", "["):
        return _series_of_table(text)
    try:
        found = _lists(json.loads(text))
    except (json.JSONDecodeError, RecursionError) as wrong:
        raise BadData(f"The file is no JSON: {wrong}.") from wrong
    if not found:
        raise BadData("There is no list of survivors, such as [1000, 869, 743].")
    return {name: _counts(name, left) for name, left in found.items()}


def _series_of_table(text: str) -> dict[str, Floats]:
    """The column of survivors, else every column that is not the time; a first row of numbers is no heading."""
    names, rows = _rows(text)
    if names[-1].replace(".", "", 1).isdigit():
        names, rows = [str(place) for place in range(len(names))], [names, *rows]
        names = ["t", *names[1:]] if len(names) > 1 else names
    places = [names.index(name) for name in SURVIVORS if name in names]
    places = places[:1] or [place for place, name in enumerate(names) if name not in TIMES]
    if len(places) == 1:
        return {"": _numbers(rows, places[0], names[places[0]])}
    return {names[place]: _numbers(rows, place, names[place]) for place in places}


def _counts(name: str, values: list[Any]) -> Floats:
    try:
        return np.array([float(value) for value in values])
    except (TypeError, ValueError):
        raise BadData(f"The survivors {name} hold something that is no number.".replace("  ", " ")) from None


def _lists(data: Any) -> dict[str, list[Any]]:
    """The lists under a key that begins with "survivors", or the list that is all there is."""
    if isinstance(data, list):
        return {"": data}
    if not isinstance(data, dict):
        return {}
    for key, value in data.items():
        if str(key).lower().startswith(SURVIVORS) and isinstance(value, list):
            return {"": value}
        if str(key).lower().startswith(SURVIVORS) and isinstance(value, dict):
            return {str(name): left for name, left in value.items() if isinstance(left, list)}
    for value in data.values():
        if isinstance(value, dict) and (found := _lists(value)):
            return found
    return {}
