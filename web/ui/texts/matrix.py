"""Words of the matrix and of variants."""

WORDS = {
    "matrix": {
        "lead": (
            "行是流程，列是客户群。格子里是该客户群实际采用的流程：自有变体、沿用上级或基准。",
            "Rows are processes, columns customer groups. A cell says what the group really gets.",
        ),
        "process": ("流程", "Process"),
        "own": ("自有变体", "Own variant"),
        "inherited": ("沿用上级", "Inherited"),
        "base": ("基准", "Base"),
        "draft": ("草稿", "Draft"),
        "nothing": ("未发布", "Not released"),
        "version": ("v{n}", "v{n}"),
        "draft_waiting": ("草稿 v{n}", "draft v{n}"),
        "problems": ("{n} 个问题", "{n} problem|{n} problems"),
        "running": ("办理中 {n}", "{n} running"),
        "none": ("还没有流程", "No processes yet"),
        "none_lead": ("上传流程图或装入随附的流程目录。", "Upload a drawing, or install the catalogue."),
    },
    "element": {
        "activity": ("活动", "Activities"),
        "logic": ("逻辑", "Logic"),
        "way": ("方式", "Way"),
        "performer": ("承担者", "Performer"),
        "service_level": ("时限与资源", "Service level"),
    },
    "variant": {
        "title": ("{group} · {process}", "{process} for {group}"),
        "compared": ("与基准相比", "Compared with the base"),
        "same": ("{group} 按基准流程办理，没有差异。", "{group} gets the base: nothing differs."),
        "reason": ("理由", "Because"),
        "drawing": ("差异图", "Drawing of the differences"),
        "refused": ("不再适用：", "No longer applies: "),
        "inserted": ("新增", "added"),
        "changed": ("修改", "changed"),
        "moved": ("移动", "moved"),
        "deleted": ("去掉", "left out"),
        "deleted_steps": ("此变体去掉的步骤", "Steps that this variant leaves out"),
        "inherited_from": ("沿用自 {group}", "Inherited from {group}"),
    },
}
