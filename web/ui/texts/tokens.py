"""Words of the page where programs get their access."""

WORDS = {
    "tokens": {
        "title": ("访问令牌", "Access tokens"),
        "lead": (
            "程序凭令牌以 {name} 的身份调用接口。令牌只显示一次，可随时收回。",
            "Programs call the API as {name} with a token. It is shown once and can be taken back at any time.",
        ),
        "made": ("新令牌", "The new token"),
        "once": ("请立即复制保存，离开本页后无法再次查看。", "Copy it now: it cannot be shown again."),
        "held": ("已有令牌", "Tokens"),
        "none": ("还没有令牌", "No tokens yet"),
        "name": ("用途", "What for"),
        "name_help": ("例如：官网下单、ERP 同步。", "Such as: web shop, ERP synchronisation."),
        "scopes": ("权限范围", "Scope"),
        "scope_read": ("只读", "Read only"),
        "scope_write": ("读写", "Read and write"),
        "scope_admin": ("全部", "Everything this person may"),
        "used": ("最近使用", "Last used"),
        "never": ("从未使用", "never"),
        "until": ("有效期", "Valid until"),
        "no_end": ("不限期", "no end"),
        "days": ("{n} 天", "{n} day|{n} days"),
        "over": ("已收回", "taken back"),
        "revoke": ("收回", "Take back"),
        "revoked": ("令牌“{name}”已收回。", "The token “{name}” is taken back."),
        "issue": ("签发新令牌", "Issue a token"),
    },
}
