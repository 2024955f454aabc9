"""Words of the page of campaigns and of a customer's history."""

WORDS = {
    "campaigns": {
        "title": ("活动回报", "Returns of campaigns"),
        "lead": (
            "成本是预算加上旅程中实际做的工作；收入来自旅程的订单和线索赢下的商机。",
            "Cost is the budget and the work on journeys; revenue comes from their orders and from deals of the leads.",
        ),
        "return": ("投资回报率", "Return"),
        "revenue": ("收入", "Revenue"),
        "cost": ("成本", "Cost"),
        "of_it": ("预算 {budget}，工作 {work}", "budget {budget}, work {work}"),
        "way": ("从发送到成交", "From sent to won"),
        "steps": (
            "发送 {sent}，回应 {answers}，线索 {leads}，赢单 {won}",
            "{sent} sent, {answers} answers, {leads} leads, {won} won",
        ),
        "journeys": ("旅程", "Journeys"),
        "orders": ("订单", "Orders"),
        "conversion": ("成交率", "Ordered"),
        "work": ("工作成本", "Cost of work"),
        "per_order": ("每单成本", "Cost of an order"),
        "source": ("来源", "Source"),
        "unknown": ("未知", "Unknown"),
        "none": ("还没有活动", "No campaigns yet"),
        "none_lead": (
            "批准的活动（MA-02）和客户旅程（X-03）会出现在这里。",
            "Campaigns that are approved (MA-02) and customers' journeys (X-03) come here.",
        ),
        "history": ("客户历史", "History"),
    },
}
