"""Words around the fields of forms."""

WORDS = {
    "form": {
        "needed": ("必填", "required"),
        "choose": ("请选择", "Choose"),
        "add_row": ("添加一行", "Add a row"),
        "remove_row": ("删除此行", "Remove this row"),
        "row": ("第 {n} 行", "Row {n}"),
        "nothing": ("未填写", "Not filled in"),
        "empty_rows": ("尚无内容", "Nothing yet"),
        "wrong": ("有 {n} 处需要修改", "{n} field needs your attention|{n} fields need your attention"),
        "wrong_lead": ("您填写的内容都保留着。", "Everything that you typed is still here."),
        "not_number": ("请填写数字，例如 1200.50。", "Enter a number such as 1200.50."),
        "not_integer": ("请填写整数。", "Enter a whole number."),
        "minutes": ("分钟", "min"),
        "one_line_each": ("每行一项", "One per line"),
        "unknown_customer": ("没有此客户，请从列表中选择。", "There is no such customer. Choose one from the list."),
        "find_material": ("输入名称或资料编号查找", "Type a title or material key"),
        "find_product": ("输入名称或产品编号查找", "Type a name or product key"),
        "find_customer": ("输入名称或编号查找", "Type a name or number"),
        "none_needed": ("此步骤无需填写，确认即可。", "There is nothing to fill in: just confirm."),
        "done": ("完成", "Done"),
    },
}
