"""Words of attachments."""

WORDS = {
    "file": {
        "title": ("附件", "Files"),
        "none": ("还没有附件。", "No files yet."),
        "choose": ("选择文件", "Choose files"),
        "add": ("上传", "Upload"),
        "added": ("已添加 {name}。", "{name} is added."),
        "none_chosen": ("请先选择文件。", "Choose a file first."),
        "lead": (
            "办公文档、PDF、图片、录音等，每个不超过 20 MB。",
            "Office documents, PDF, pictures, recordings and the like, each up to 20 MB.",
        ),
        "remove": ("删除", "Remove"),
        "remove_named": ("删除 {name}", "Remove {name}"),
        "removed": ("已删除 {name}。", "{name} is removed."),
        "gone": ("文件已删除", "The file was removed"),
        "take_out": ("移出", "Take out"),
    },
}
