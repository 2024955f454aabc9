"""Words of processes and of the designer's pages."""

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "process": {
        "lead": ("公司为客户做的事，按领域排列。", "What the company does for its customers, by pillar."),
        "count": ("{n} 个流程", "{n} process|{n} processes"),
        "purpose": ("目的", "Purpose"),
        "output": ("客户得到什么", "What the customer gets"),
        "owner": ("流程负责人", "Process owner"),
        "version": ("版本", "Version"),
        "versions": ("版本", "Versions"),
        "no_version": ("尚未发布", "Not released yet"),
        "steps": ("步骤", "Steps"),
        "variants": ("各客户群的差异", "What differs by customer group"),
        "no_variants": ("所有客户群都按基准流程办理。", "Every customer group gets the base."),
        "base": ("基准流程", "Base"),
        "who": ("承担者", "Done by"),
        "promise": ("时限", "Promise"),
        "value": ("客户价值", "Value to the customer"),
        "start": ("发起", "Start"),
        "changes": ("{n} 处差异", "{n} difference|{n} differences"),
        "by_element": ("按要素", "By element"),
        "running": ("办理中 {n} 件", "{n} running"),
        "inserted": ("新增", "Added"),
        "changed": ("修改", "Changed"),
        "moved": ("移动", "Moved"),
        "deleted": ("去掉", "Left out"),
    },
}
