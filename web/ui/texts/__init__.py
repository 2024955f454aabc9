"""All words of the pages: key -> (Chinese, English). A part of the key before the dot is the file it stands in."""

from web.ui.texts import administration, boards, cases, changes, designer, forms, frame, inbox, matrix, modify, tokens

ALL: dict[str, tuple[str, str]] = {
    f"{part}.{name}": words
    for file in (frame, forms, inbox, cases, matrix, changes, boards, designer, administration, tokens, modify)
    for part, names in file.WORDS.items()
    for name, words in names.items()
}
