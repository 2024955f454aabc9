"""All words of the pages: key -> (Chinese, English). A part of the key before the dot is the file it stands in."""

from web.ui.texts import (
    absences,
    administration,
    boards,
    calendars,
    cases,
    changes,
    compare,
    copies,
    designer,
    differences,
    draw,
    files,
    forms,
    frame,
    inbox,
    matrix,
    migration,
    modify,
    outside,
    sheets,
    tokens,
    verbs,
)

_FILES = (
    absences,
    administration,
    boards,
    calendars,
    cases,
    changes,
    compare,
    copies,
    designer,
    differences,
    draw,
    files,
    forms,
    frame,
    inbox,
    matrix,
    migration,
    modify,
    outside,
    sheets,
    tokens,
    verbs,
)
ALL: dict[str, tuple[str, str]] = {
    f"{part}.{name}": words for file in _FILES for part, names in file.WORDS.items() for name, words in names.items()
}
