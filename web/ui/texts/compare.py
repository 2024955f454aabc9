"""Words of the page that shows two versions of a process beside each other."""

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "compare": {
        "compare": ("比较", "Compare"),
        "with": ("与 v{n} 比较", "Compare with v{n}"),
        "title": ("v{old} 与 v{new} 的差异", "From v{old} to v{new}"),
        "old": ("旧版", "Older"),
        "new": ("新版", "Newer"),
        "changes": ("改了什么", "What changed"),
        "same": ("两个版本的含义相同。", "Both versions mean the same."),
    },
}
