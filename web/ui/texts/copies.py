"""Words of the page on which a drawing made elsewhere becomes a variant."""

WORDS = {
    "copy": {
        "title": ("由图导入", "From a drawing"),
        "lead": (
            "上传在其他工具中修改过的流程副本：系统推导出最少的变更，确认后成为草稿。",
            "Upload a copy of the process that was changed in another tool: the fewest changes that make it are "
            "inferred, and become a draft once you confirm.",
        ),
        "file": ("BPMN 文件（也可以拖到这里）", "BPMN file (or drop it here)"),
        "file_lead": (
            "元素标识不变时最准确；另画的图按名称和位置识别。",
            "Works best with unchanged ids; a diagram drawn anew is recognised by names and places.",
        ),
        "reason": ("原因（写入每项变更）", "Reason, written to each change"),
        "upload": ("推导变更", "Infer the changes"),
        "no_file": ("请选择一个 BPMN 文件。", "Choose a BPMN file."),
        "found": ("推导出的变更", "Changes inferred"),
        "from_file": ("来自 {file}，与基准 v{n} 相比", "From {file}, against base v{n}"),
        "exact": ("这些变更完整地得出所画的流程。", "These changes make exactly the process that was drawn."),
        "remains": ("{n} 处未能表达", "{n} point is not expressed|{n} points are not expressed"),
        "remains_lead": (
            "草稿在这些地方与图不同。请手工处理，或确认可以忽略。",
            "The draft differs from the drawing here. See to it by hand, or confirm that it does not matter.",
        ),
        "renamed": ("图中的名称与这里的标识", "What is called otherwise here"),
        "reading": ("读取文件时的提示", "What the reader told of the file"),
        "same": ("所画的流程与该客户群现在得到的一样。", "The drawing is what the group gets already."),
        "replaces": (
            "草稿中现有的 {n} 项变更将被替换。",
            "The {n} change of the present draft is replaced.|The {n} changes of the present draft are replaced.",
        ),
        "take": ("采用为草稿", "Take as the draft"),
        "take_this": ("采用此项", "Take this change"),
        "taken": ("草稿中现有 {n} 项变更。", "The draft has {n} change now.|The draft has {n} changes now."),
        "note": ("由图导入", "from a drawing"),
        "again": ("换一个文件", "Another file"),
    },
}
