"""Words of all variants side by side, and of a proof's path on the drawing."""

WORDS = {
    "difference": {
        "title": ("各变体对比：{process}", "Variants side by side: {process}"),
        "lead": (
            "与基准 v{n} 相比：哪一步有几个变体不同。",
            "Against base v{n}: at which step how many variants differ.",
        ),
        "heat": ("差异热图", "Heat map of the differences"),
        "weight": ("按什么计", "Weighted by"),
        "weight_variants": ("变体数", "Variants"),
        "weight_cases": ("在办件数", "Cases now"),
        "table": ("步骤 × 客户群", "Step by group"),
        "absent": ("没有此步骤", "not done"),
        "within": ("{span}内", "within {span}"),
        "differ": ("{n} 个变体不同", "{n} variant differs|{n} variants differ"),
        "none": ("此流程还没有发布的变体。", "No variant of this process is released yet."),
        "panes": ("并排对照", "Side by side"),
        "csv": ("CSV 表格", "CSV"),
        "html": ("HTML 网页", "HTML"),
        "board": ("换基准看板", "Board of the new base"),
        "all": ("各变体对比", "Variants side by side"),
    },
    "trace": {
        "play": ("在图上演示", "Show the path"),
        "step": ("第 {n}/{all} 步", "Step {n} of {all}"),
    },
}
