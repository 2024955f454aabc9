"""The customers of the sample company, spread over the four groups by their values and attributes."""

from typing import Any, NamedTuple


class Client(NamedTuple):
    number: str
    name: str
    current: float
    potential: float
    owner: str = ""
    city: str = "上海"
    industry: str = "manufacturing"
    more: dict[str, Any] = {}


FRAME = {"frame_contract": True, "contract_end": "2027-12-31"}
PROSPECT = {"kind": "prospect"}
LAPSED = {"service_until": "2025-12-31"}
LEAVING = {"churn_risk": 0.7}

CLIENTS = (
    Client("C-1001", "华星集团", 78, 30, "wangfang", "上海", "manufacturing", FRAME),
    Client("C-1002", "东方航运", 70, 25, "wangfang", "宁波", "logistics", FRAME),
    Client("C-1003", "北辰银行", 82, 18, "wangfang", "北京", "finance"),
    Client("C-1004", "Northwind Robotics", 66, 32, "oliver", "Singapore", "manufacturing", {"language": "en", **FRAME}),
    Client("C-1005", "云岭能源", 74, 20, "wangfang", "昆明", "energy"),
    Client("C-1006", "Harbour & Sons", 71, 19, "oliver", "Hong Kong", "retail", {"language": "en"}),
    Client("C-1007", "泰和医药", 69, 28, "wangfang", "杭州", "health"),
    Client("C-1008", "中海置业", 80, 15, "wangfang", "深圳", "property"),
    Client("C-1501", "青禾科技", 38, 30, "lina", "苏州", "software"),
    Client("C-1502", "明锐传感", 42, 22, "chenjie", "无锡", "manufacturing"),
    Client("C-1503", "蓝湾电商", 35, 34, "sunlei", "广州", "retail"),
    Client("C-1504", "Alpine Optics", 40, 25, "sophie", "Zurich", "manufacturing", {"language": "en"}),
    Client("C-1505", "知行教育", 33, 27, "zhaomin", "天津", "education"),
    Client("C-1506", "鼎新食品", 44, 18, "gaoyan", "成都", "food"),
    Client("C-1507", "速达物流", 36, 29, "sunlei", "东莞", "logistics"),
    Client("C-1508", "星野动漫", 28, 36, "lina", "杭州", "media"),
    Client("C-1509", "Greenfield Foods", 39, 24, "sophie", "Melbourne", "food", {"language": "en"}),
    Client("C-1510", "合众机械", 45, 21, "chenjie", "青岛", "manufacturing"),
    Client("C-3001", "陈建国", 12, 6, "", "上海", "private"),
    Client("C-3002", "李秀英", 9, 4, "", "南京", "private"),
    Client("C-3003", "安居物业", 22, 10, "zhaomin", "石家庄", "property"),
    Client("C-3004", "巧手家政", 15, 9, "gaoyan", "西安", "services"),
    Client("C-3005", "David Miller", 11, 5, "", "Shanghai", "private", {"language": "en"}),
    Client("C-3006", "百味餐饮", 25, 12, "sunlei", "佛山", "food"),
    Client("C-3007", "张丽华", 8, 3, "", "重庆", "private"),
    Client("C-3008", "晨光文具", 30, 14, "lina", "上海", "retail"),
    Client("C-3009", "顺风汽修", 18, 7, "gaoyan", "兰州", "services"),
    Client("C-3010", "Maple Dental", 21, 11, "sophie", "Toronto", "health", {"language": "en", **LAPSED}),
    Client("C-3011", "吴志强", 10, 4, "", "武汉", "private"),
    Client("C-3012", "海韵旅行", 24, 13, "chenjie", "厦门", "travel"),
    Client("C-4001", "刘思远", 0, 12, "", "上海", "private", PROSPECT),
    Client("C-4002", "赵天宇", 0, 18, "", "合肥", "software", PROSPECT),
    Client("C-4003", "宏图建筑", 0, 35, "", "长沙", "construction", PROSPECT),
    Client("C-4004", "Bright Labs", 0, 28, "", "Berlin", "software", {"language": "en", **PROSPECT}),
    Client("C-4005", "瑞丰农业", 0, 22, "", "哈尔滨", "food", PROSPECT),
    Client("C-4006", "优视眼镜", 0, 15, "", "福州", "retail", {**PROSPECT, "opt_in": False}),
    Client("C-4501", "远航物流", 31, 12, "sunlei", "珠海", "logistics", LEAVING),
    Client("C-4502", "金桥印务", 27, 9, "lina", "上海", "services", LEAVING),
    Client("C-4503", "Delta Freight", 40, 11, "sophie", "Rotterdam", "logistics", {"language": "en", **LEAVING}),
    Client("C-4504", "百灵纺织", 23, 8, "chenjie", "绍兴", "manufacturing", {"churn_risk": 0.6}),
)


def document(client: Client, place: int) -> dict[str, Any]:
    """As schemas/customer.json wants it. ``place`` gives everybody an address of their own."""
    more = dict(client.more)
    kind, language = more.pop("kind", "customer"), more.pop("language", "zh-CN")
    phone, email = f"138{place:08d}", f"{client.number.lower()}@example.com"
    return {
        "number": client.number,
        "name": client.name,
        "kind": kind,
        "owner": client.owner,
        "language": language,
        "contacts": [{"name": client.name, "phone": phone, "email": email}],
        "attributes": {
            "city": client.city,
            "industry": client.industry,
            "phone": phone,
            "email": email,
            "opt_in": True,
            "churn_risk": 0.1,
            **more,
        },
        "scores": {
            "historical": round(client.current * 1.8, 1),
            "current": client.current,
            "potential": client.potential,
        },
    }
