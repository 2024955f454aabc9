"""Who works in the sample company: staff groups and people."""

from typing import NamedTuple

from engine.model.text import Text, both, pick

PASSWORD = "Spring-Tide-88"
"""Of everybody, for the demonstration on one's own machine only."""


class Member(NamedTuple):
    key: str
    name: str
    groups: str
    """Keys, parted by spaces."""
    locale: str = "zh-CN"
    manager: str = ""
    roles: str = "staff"
    skills: str = ""


def _group(zh: str, en: str) -> Text:
    return both(zh=zh, en=en)


GROUPS: dict[str, Text] = {
    "marketing_specialists": _group("市场专员", "Marketing specialists"),
    "media_designers": _group("资料设计", "Media designers"),
    "lead_clerks": _group("线索专员", "Lead clerks"),
    "marketing_managers": _group("市场经理", "Marketing managers"),
    "account_managers": _group("大客户经理", "Account managers"),
    "sales_reps": _group("销售代表", "Sales representatives"),
    "sales_leads": _group("销售组长", "Sales team leaders"),
    "sales_managers": _group("销售经理", "Sales managers"),
    "sales_directors": _group("销售总监", "Sales directors"),
    "department_heads": _group("部长", "Department heads"),
    "solution_architects": _group("方案架构师", "Solution architects"),
    "deal_desk": _group("报价台", "Deal desk"),
    "team_north": _group("华北组", "North team"),
    "team_east": _group("华东组", "East team"),
    "team_south": _group("华南组", "South team"),
    "team_west": _group("西部组", "West team"),
    "team_abroad": _group("海外组", "Abroad team"),
    "finance": _group("财务", "Finance"),
    "logistics": _group("物流", "Logistics"),
    "underwriters": _group("信贷审批员", "Underwriters"),
    "private_underwriters": _group("私行审批员", "Private underwriters"),
    "credit_desk": _group("信贷柜台", "Credit desk"),
    "credit_leads": _group("信贷组长", "Credit team leaders"),
    "credit_managers": _group("信贷经理", "Credit managers"),
    "data_entry": _group("录入员", "Data entry"),
    "agents_l1": _group("一线客服", "First-line agents"),
    "agents_l2": _group("二线工程师", "Second-line engineers"),
    "agents_l3": _group("厂商联络", "Vendor liaison"),
    "ka_service": _group("大客户服务组", "Key-account service"),
    "service_leads": _group("客服组长", "Service team leaders"),
    "service_managers": _group("服务经理", "Service managers"),
    "complaint_desk": _group("投诉专席", "Complaint desk"),
    "cs_leads": _group("客服主管", "Customer service leads"),
    "cs_managers": _group("客服经理", "Customer service managers"),
    "retention": _group("客户挽留", "Retention"),
    "quality": _group("质量部", "Quality"),
    "product_department": _group("产品部", "Product department"),
    "service_department": _group("服务部", "Service department"),
    "onboarding": _group("客户上线组", "Onboarding"),
    "trainers": _group("培训师", "Trainers"),
    "field_engineers": _group("现场工程师", "Field engineers"),
    "knowledge_editors": _group("知识编辑", "Knowledge editors"),
    "ombudsman": _group("独立复核人", "Ombudsman"),
    "legal": _group("法务", "Legal"),
    "delivery": _group("交付", "Delivery"),
    "contract_office": _group("合同管理", "Contract office"),
    "order_desk": _group("订单处理", "Order desk"),
    "data_stewards": _group("数据管理员", "Data stewards"),
    "sales_operations": _group("销售运营", "Sales operations"),
    "channel_managers": _group("渠道经理", "Channel managers"),
    "partner_portal": _group("伙伴门户", "Partner portal"),
    "telesales": _group("电话销售", "Telesales"),
    "telesales_skilled": _group("资深电话销售", "Skilled telesales"),
    "telesales_leads": _group("电话销售组长", "Telesales leads"),
    "win_loss_analysts": _group("赢输分析员", "Win/loss analysts"),
    "executives": _group("高管", "Executives"),
    "directors": _group("总监", "Directors"),
    "operations": _group("系统运维", "Operations"),
    "advisers": _group("外部专家", "Experts from outside"),
    "customer_portal": _group("客户门户", "Customer portal"),
}

PEOPLE = (
    Member("admin", "周启航", "operations", roles="staff admin designer"),
    Member("designer", "林若溪", "operations", roles="staff designer"),
    Member("integrator", "Portal", "customer_portal partner_portal", "en", roles="staff integrator"),
    Member("director", "沈国梁", "directors executives sales_directors department_heads"),
    Member("emma", "Emma Clarke", "sales_directors directors", "en", "director"),
    Member("zhangwei", "张伟", "sales_managers deal_desk", manager="director"),
    Member("guobin", "郭斌", "credit_leads credit_managers", manager="director"),
    Member("yangfan", "杨帆", "service_leads service_managers", manager="director"),
    Member("weidong", "魏东", "cs_leads cs_managers retention", manager="director"),
    Member("liuyang", "刘洋", "sales_leads department_heads telesales_leads", manager="zhangwei"),
    Member("wangfang", "王芳", "account_managers", manager="zhangwei"),
    Member("oliver", "Oliver Grant", "account_managers team_abroad", "en", "zhangwei"),
    Member("lina", "李娜", "sales_reps team_east", manager="liuyang", skills="retail finance"),
    Member("chenjie", "陈杰", "sales_reps team_east channel_managers", manager="liuyang", skills="manufacturing"),
    Member("zhaomin", "赵敏", "sales_reps team_north", manager="liuyang", skills="public"),
    Member("sunlei", "孙磊", "sales_reps team_south", manager="liuyang", skills="manufacturing retail"),
    Member("gaoyan", "高艳", "sales_reps team_west", manager="liuyang"),
    Member("sophie", "Sophie Martin", "sales_reps team_abroad", "en", "liuyang", skills="finance"),
    Member("hemei", "何梅", "marketing_specialists lead_clerks data_stewards sales_operations"),
    Member("james", "James Lee", "marketing_managers marketing_specialists", "en"),
    Member("qianyu", "钱雨", "media_designers", manager="james"),
    Member("xuhui", "徐辉", "finance contract_office"),
    Member("majun", "马军", "logistics delivery order_desk"),
    Member("tangli", "唐丽", "credit_desk data_entry", manager="guobin"),
    Member("fengqi", "冯琪", "underwriters", manager="guobin"),
    Member("hannah", "Hannah Weber", "underwriters private_underwriters", "en", "guobin"),
    Member("luoxin", "罗欣", "agents_l1 telesales", manager="yangfan"),
    Member("tom", "Tom Baker", "agents_l1 telesales telesales_skilled", "en", "yangfan"),
    Member("huangtao", "黄涛", "agents_l2 ka_service", manager="yangfan"),
    Member("priya", "Priya Nair", "agents_l2 agents_l3 solution_architects", "en", "yangfan"),
    Member("caoxue", "曹雪", "complaint_desk", manager="weidong"),
    Member("dingning", "丁宁", "quality product_department knowledge_editors win_loss_analysts"),
    Member("shaoyu", "邵宇", "service_department onboarding"),
    Member("zhulin", "朱琳", "field_engineers", manager="yangfan", skills="network hardware"),
    Member("marek", "Marek Vesely", "field_engineers trainers", "en", "yangfan", skills="hardware server"),
    Member("helen", "Helen Brooks", "advisers", "en"),
    Member("anna", "Anna Novak", "ombudsman legal", "en"),
)

SHOWN = ("admin", "designer", "wangfang", "lina", "zhangwei", "tom", "priya", "emma")
"""Whose logins the demonstration prints: each sees another side of the company, in Chinese or English."""


def logins() -> tuple[tuple[str, str, str], ...]:
    """(login, password, who that is) of a few people worth trying."""
    people = {person.key: person for person in PEOPLE}
    return tuple((key, PASSWORD, _who(people[key])) for key in SHOWN)


def _who(person: Member) -> str:
    groups = ", ".join(pick(GROUPS[group], person.locale) for group in person.groups.split())
    return f"{person.name} ({groups})"
