"""Words of the page of packs."""

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "packs": {
        "title": ("流程包", "Packs"),
        "lead": (
            "流程连同表单、决策表、各客户群变体和情景，装在一个 zip 文件里，可带到另一套系统。",
            "Processes with their forms, decisions, variants and scenarios in one zip file, to carry to another house.",
        ),
        "make": ("下载流程包", "Make a pack"),
        "none_chosen": ("请至少选择一个流程。", "Choose at least one process."),
        "download": ("下载所选（zip）", "Download the chosen ones (zip)"),
        "install": ("安装流程包", "Install a pack"),
        "install_lead": (
            "流程会发布；变体须由另一人批准后才生效；本系统已有的客户群保持不变。",
            "Its processes are released; variants wait for somebody else’s approval; your own customer groups stay.",
        ),
        "file": ("流程包文件（zip）", "Pack (zip file)"),
        "put_in": ("安装", "Install"),
        "installed": (
            "已安装 {n} 个流程和 {variants} 个变体",
            "{n} process and {variants} variants are installed|{n} processes and {variants} variants are installed",
        ),
    },
}
