"""What can be wrong with a file, said so that its owner can act on it."""


class FileProblem(Exception):
    """The file as a whole can't be used; the message is one sentence for the person who brought it."""


class BadValue(ValueError):
    """One value can't be used; the message is one sentence that names it."""


def shorten(text: str, limit: int = 40) -> str:
    """Return `text` on one line, at most `limit` characters, to be quoted in a message."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def in_words(size: int) -> str:
    """Return a number of bytes as people say it: "200 MB"."""
    for unit, factor in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if size >= factor:
            number = size / factor
            return f"{number:.0f} {unit}" if number >= 10 or number.is_integer() else f"{number:.1f} {unit}"
    return f"{size} bytes"
