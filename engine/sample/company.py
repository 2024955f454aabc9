"""Puts the sample company into an empty house; what is there already stays, so it may be loaded again."""

import dataclasses
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine import care, dispatch, errors, files, records, trade
from engine.bpmn import read
from engine.clock import HandClock
from engine.customers import register
from engine.definitions import catalogue, starts
from engine.domain import articles
from engine.inbox import act
from engine.model.text import both
from engine.people import agents, groups, users
from engine.people.agent import SYSTEM, Agent
from engine.ports import Engine
from engine.runtime import start
from engine.sample import aftersales, cases, clients, crowd, sales, staff
from engine.sample import year as history
from engine.sample.case import Case, able
from engine.variants import shipped

Told = Callable[[str, int, int], None]
"""(what is being made, how many are done, how many there are)"""

PRODUCTS = (
    ("crm_cloud", "CRM 云版", "CRM cloud", 900, 380, 100000, 1),
    ("crm_server", "CRM 服务器版", "CRM server", 48000, 31000, 6, 20),
    ("call_centre", "呼叫中心", "Call centre", 1200, 760, 400, 14),
    ("analytics", "分析套件", "Analytics", 8000, 3900, 50, 7),
    ("gateway", "物联网关", "IoT gateway", 1500, 980, 25, 45),
    ("training", "培训（天）", "Training (days)", 3000, 1700, 60, 10),
)
ARTICLES = (
    (
        "KB-1",
        both(zh="重置密码", en="Reset a password"),
        both(zh="忘记密码，无法登录。", en="The password is forgotten and nobody gets in."),
        both(
            zh="1. 在登录页点“忘记密码”。\n2. 打开邮件里的链接，一小时内有效。\n3. 设一个至少十位的新密码。",
            en="1. Press 'Forgotten' where you sign in.\n2. Open the link in the mail within an hour.\n"
            "3. Choose a new password of ten signs or more.",
        ),
        ("密码", "登录", "password", "log in", "login"),
    ),
    (
        "KB-2",
        both(zh="导出联系人", en="Export contacts"),
        both(zh="需要把联系人交给别的系统。", en="Contacts are wanted in another system."),
        both(
            zh="在“联系人”里选好范围，点“导出”，文件是 UTF-8 的 CSV。一次最多一万行。",
            en="Choose which in 'Contacts' and press 'Export'. The file is CSV in UTF-8, ten thousand rows at most.",
        ),
        ("导出", "联系人", "export", "contacts"),
    ),
    (
        "KB-3",
        both(zh="打印模板", en="Print templates"),
        both(zh="打印出来的报价没有公司抬头。", en="A printed quote lacks the letterhead."),
        both(
            zh="在“设置 › 打印模板”上传抬头（PNG，宽 1200 像素），选为默认后重新打印。",
            en="Upload the letterhead (PNG, 1200 pixels wide) in 'Settings › Print templates', make it the default and "
            "print again.",
        ),
        ("打印", "模板", "print", "template"),
    ),
    (
        "KB-4",
        both(zh="发票抬头", en="Name on the invoice"),
        both(zh="发票上的名称或税号不对。", en="The name or the tax number on an invoice is wrong."),
        both(
            zh="在门户“开票资料”改好名称和税号，再申请重开；当月的发票三个工作日内重开。",
            en="Mend name and tax number in 'Billing' of the portal and ask for a new one; an invoice of this month is "
            "made anew within three working days.",
        ),
        ("发票", "抬头", "税号", "invoice", "tax"),
    ),
)
FOUNDED_DAYS_AGO = 30
"""Rules and customers are older than the cases that need them."""
_ROUNDS = 200
_HOUSE_ZONE = ZoneInfo("Asia/Shanghai")


def quiet(what: str, done: int, total: int) -> None:
    """Tells nobody."""


def load(engine: Engine, *, now: datetime, told: Told = quiet, year: int = 0) -> None:
    """People, the shipped processes with their variants, customers, and cases under way. Takes a few seconds.

    ``year``: so many cases of the year before, one of each process at least, and some hundred customers more; about a
    tenth of a second each.

    The cases began in the past, on a clock of their own: load before the engine's dispatcher begins its rounds.
    """
    founded = now - timedelta(days=FOUNDED_DAYS_AGO + (history.DAYS if year else 0))
    new = not users.users(engine, agent=SYSTEM)
    _people(engine, founded, told)
    names = [path.name for path in files.shipped("processes").iterdir() if path.is_dir()]
    done: list[str] = []

    def heard(name: str) -> None:
        done.append(name)
        told("processes", len(done), len(names))

    shipped.install(
        engine,
        path=files.shipped("processes"),
        read=lambda data, name: read.read(data, file=name),
        agent=SYSTEM,
        now=founded,
        told=heard,
    )
    if new:
        _wind(engine, now)
    _shelves(engine)
    everybody = [*clients.CLIENTS, *(crowd.clients() if year else ())]
    for place, client in enumerate(everybody, 1):
        _customer(engine, client, place, founded)
        told("customers", place, len(everybody))
    if year and new:
        lived = history.Year(engine, files.shipped("processes"), now=now, cases=year)
        lived.live(lambda day, days: told("a year of work", day, days))
        _wind(engine, now)
    with engine.store.transaction() as tx:
        aftersales.deliver(tx, now)
        sales.earn(tx, now)
        sales.sign(tx, now)
    under_way = cases.cases(now.astimezone(_HOUSE_ZONE).date())
    for place, case in enumerate(under_way, 1):
        _case(engine, case, now)
        told("cases", place, len(under_way))


def _wind(engine: Engine, now: datetime) -> None:
    """What the calendar begins, it begins from now on: the past is told case by case."""
    for entry in catalogue.processes(engine):
        if entry.released is not None:
            program = catalogue.program(engine, sha256=entry.released.program)
            with engine.store.transaction() as tx:
                if tx.due.starts_of(entry.process.key):
                    starts.arm(engine, tx, process=entry.process.key, program=program, now=now)


def _people(engine: Engine, now: datetime, told: Told) -> None:
    for key, texts in staff.GROUPS.items():
        groups.put_group(engine, key=key, texts=texts, agent=SYSTEM, manager=_manager(key))
    with engine.store.reading() as tx:
        known = {person.key for person in tx.people.all()}
    for place, member in enumerate(staff.PEOPLE, 1):
        if member.key not in known:
            profile = users.Profile(
                name=member.name,
                roles=tuple(member.roles.split()),
                groups=tuple(member.groups.split()),
                locale=member.locale,
                manager=member.manager,
                skills=tuple(member.skills.split()),
            )
            users.add_user(engine, key=member.key, profile=profile, password=staff.PASSWORD, agent=SYSTEM, now=now)
        told("people", place, len(staff.PEOPLE))


def _manager(group: str) -> str:
    """The manager of the first member who has one."""
    return next((one.manager for one in staff.PEOPLE if group in one.groups.split() and one.manager), "")


def _shelves(engine: Engine) -> None:
    with engine.store.transaction() as tx:
        for key, zh, en, price, cost, stock, days in PRODUCTS:
            told = both(zh=zh, en=en)
            tx.ledger.put_product(
                trade.Product(key=key, texts=told, list_price=price, unit_cost=cost, stock=stock, lead_days=days)
            )
        for key, titles, problem, solution, keywords in ARTICLES:
            article = care.Article(
                key=key, title=" / ".join(titles.values()), keywords=keywords, titles=titles, problem=problem,
                solution=solution,
            )  # fmt: skip
            articles.keep(tx, article)


def _customer(engine: Engine, client: clients.Client, place: int, now: datetime) -> None:
    with engine.store.reading() as tx:
        if tx.customers.by_number(client.number) is not None:
            return
    register.register(engine, data=clients.document(client, place), agent=SYSTEM, now=now)


def _case(engine: Engine, case: Case, now: datetime) -> None:
    """Started in the past and worked on since; a case of the same key is left alone."""
    at = now - timedelta(hours=case.hours)
    engine = dataclasses.replace(engine, clock=HandClock(at))
    with engine.store.reading() as tx:
        customer = tx.customers.by_number(case.client) if case.client else None
    customer_id = customer.id if customer else None
    _credit(engine, case)
    begun = start.start(
        engine,
        process=case.process,
        customer_id=customer_id,
        business_key=case.key,
        data=case.data,
        agent=SYSTEM,
        now=at,
    )
    if not begun.created:
        return
    dispatch.settle(engine, now=at, rounds=_ROUNDS)
    for deed in case.deeds:
        at = min(at + timedelta(minutes=deed.minutes), now)
        engine = dataclasses.replace(engine, clock=HandClock(at))
        item = _open_item(engine, begun.instance.id, deed.node)
        act.complete(engine, work_item_id=item.id, data=deed.data, agent=_performer(engine, item), now=at)
        dispatch.settle(engine, now=at, rounds=_ROUNDS)


def _credit(engine: Engine, case: Case) -> None:
    """A credit file for each applicant: most are in the grey zone, where a person looks."""
    applicant = case.data.get("applicant")
    if applicant is None:
        return
    spread = int(hashlib.sha256(case.key.encode()).hexdigest(), 16) % 130
    file = trade.CreditFile(id_no=applicant["id_no"], points=565 + spread, income=case.data["income"])
    with engine.store.transaction() as tx:
        tx.ledger.put_credit_file(file)


def _open_item(engine: Engine, instance_id: str, node: str) -> records.WorkItem:
    """Raises Conflict when nobody waits there: a case of the sample no longer fits its process."""
    with engine.store.reading() as tx:
        found = [item for item in tx.waits.work_items(instance_id) if item.node == node and item.status == "open"]
    if not found:
        raise errors.Conflict(
            "sample_stuck", zh=f"示例案例没有停在 {node}", en=f"the sample's case does not wait at {node}", node=node
        )
    return found[0]


def _performer(engine: Engine, item: records.WorkItem) -> Agent:
    """Whose task it is, else the first who may take it."""
    with engine.store.reading() as tx:
        people = [person for person in tx.people.all() if person.active]
    return agents.of(able(people, item)[0])
