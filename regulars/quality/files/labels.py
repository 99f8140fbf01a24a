"""What points are called: the many spellings of "work" and "mobile" made one."""

_SAME = {
    "cell": "mobile", "iphone": "mobile", "mobile": "mobile", "mobil": "mobile", "handy": "mobile",
    "cellular": "mobile",
    "business": "work", "work": "work", "office": "work", "bureau": "work", "geschäftlich": "work", "trabalho": "work",
    "home": "home", "private": "home", "privat": "home", "personal": "home", "casa": "home",
    "homepage": "home page", "homefax": "home fax", "workfax": "work fax", "assistantphone": "assistant",
    "internet": "", "voice": "", "pref": "", "x400": "", "msg": "", "text": "",
}  # fmt: skip


def tidy_label(label: str) -> str:
    """Return `label` in the plain form: "mobile" for "CELL", "anniversary" for Apple's "_$!<Anniversary>!$_"."""
    text = label.strip()
    if text.startswith("_$!<") and text.endswith(">!$_"):
        text = text[4:-4]
    text = text.lstrip("* ").strip()
    folded = text.casefold()
    return _SAME.get(folded, folded if text.isupper() or text.istitle() else text)[:60]
