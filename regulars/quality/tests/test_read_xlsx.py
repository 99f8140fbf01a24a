"""XLSX workbooks become rows; bombs, broken and endless ones are refused."""

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest

from regulars.quality.files.delimited import DelimitedTable
from regulars.quality.files.opening import kind_of_file
from regulars.quality.files.problems import FileProblem
from regulars.quality.files.workbook import check_workbook, workbook_to_csv

MB = 1024 * 1024


def make_workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def read(path: Path, tmp_path: Path) -> list[list[str]]:
    target = tmp_path / "rows.csv"
    workbook_to_csv(path, target)
    return [row.cells for row in DelimitedTable(target).rows()]


def test_dates_numbers_and_text_arrive_as_people_write_them(tmp_path: Path) -> None:
    path = make_workbook(
        tmp_path / "p.xlsx",
        [
            ["Name", "Born", "Seen", "Phone", "Score", "Member", "Note"],
            [
                "Inês",
                datetime.date(1980, 3, 22),
                datetime.datetime.fromisoformat("2026-01-02 13:05"),
                351912555014,
                1.5,
                True,
                None,
            ],
            [],
            ["Rui", None, None, "+44 20 7946 0018", 3, False, "two\nlines"],
        ],
    )
    assert kind_of_file(path, MB) == "xlsx"
    assert read(path, tmp_path) == [
        ["Inês", "1980-03-22", "2026-01-02 13:05:00", "351912555014", "1.5", "yes", ""],
        ["Rui", "", "", "+44 20 7946 0018", "3", "no", "two\nlines"],
    ]


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "bomb.xlsx", [["Name"], ["Ana"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * (64 * MB))
    with pytest.raises(FileProblem, match="out of proportion"):
        check_workbook(path)


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "liar.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"<sheetData>" + b" " * (32 * MB))
    raw = path.read_bytes()
    real = (32 * MB + 11).to_bytes(4, "little")
    path.write_bytes(raw.replace(real, (1000).to_bytes(4, "little")))
    with pytest.raises(FileProblem, match="damaged"):
        check_workbook(path)


def test_a_sheet_whose_last_cell_lies_at_the_end_of_the_world_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1048576"] = "Name", "x"
    book.active["XFD1"] = "far"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(FileProblem, match="16,384 columns"):
        check_workbook(tmp_path / "far.xlsx")


def test_a_tall_and_wide_but_empty_sheet_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["CV1048576"] = "Name", "x"
    book.save(tmp_path / "far.xlsx")
    with pytest.raises(FileProblem, match="reaches too far"):
        check_workbook(tmp_path / "far.xlsx")


def test_a_cut_off_workbook_is_refused(tmp_path: Path) -> None:
    path = make_workbook(tmp_path / "p.xlsx", [["Name"], ["Ana"]])
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(FileProblem, match="damaged"):
        workbook_to_csv(path, tmp_path / "rows.csv")
    assert not (tmp_path / "rows.csv").exists()


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no rows"):
        workbook_to_csv(make_workbook(tmp_path / "p.xlsx", []), tmp_path / "rows.csv")


def test_a_plain_zip_and_an_old_excel_file_are_told_apart(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("people.csv", "a,b")
    with pytest.raises(FileProblem, match="zip file"):
        kind_of_file(tmp_path / "a.zip", MB)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(FileProblem, match="Save it as"):
        kind_of_file(tmp_path / "old.xls", MB)
