"""Rules of work: people for user tasks, forms, decisions, called processes, lanes, handlers."""

from collections.abc import Iterator

from engine.definitions.finding import finding
from engine.definitions.graph import Graph
from engine.model import nodes
from engine.model.performer import Passing, Performer
from engine.model.problem import Problem
from engine.scripts import foreign

_SAME, _NOBODY = ("", "before", "adjacent"), ("", "pass", "admin", "manager", "incident")


def performers(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.UserTask):
        assert isinstance(node, nodes.UserTask)
        if node.performer == Performer():
            yield finding(
                "performer_missing",
                node,
                zh="用户任务没有执行人：只有管理员能看到它",
                en="The user task has no performer: only administrators will see it",
                mend=("指定人员、候选组，或放入泳道", "Name a person or a group, or put it into a lane"),
                severity="warning",
            )


def passing(graph: Graph) -> Iterator[Problem]:
    """A drawing may say anything; process.json has a schema."""
    for node in graph.of(nodes.UserTask):
        assert isinstance(node, nodes.UserTask)
        said = node.passing or Passing()
        for name, word, known in (("samePerson", said.same_person, _SAME), ("nobody", said.nobody, _NOBODY)):
            if word not in known:
                listed = ", ".join(item for item in known if item)
                yield finding(
                    "passing_unknown",
                    node,
                    zh=f"自动通过的设置 {name} 不认识“{word}”",
                    en=f"The setting {name} for passing by itself knows no {word!r}",
                    mend=(f"改为以下之一：{listed}", f"Say one of {listed}"),
                )


def forms(graph: Graph) -> Iterator[Problem]:
    beside = graph.surroundings.forms
    if beside is None:
        return
    for node in graph.of(nodes.UserTask, nodes.StartEvent):
        form = getattr(node, "form", "")
        if form and form not in graph.program.forms and form not in beside:
            yield finding(
                "form_missing",
                node,
                zh=f"表单“{form}”不存在",
                en=f"The form {form} does not exist",
                mend=("添加这个表单，或改用已有的", "Add the form, or use one that exists"),
            )


def decisions(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.BusinessRuleTask):
        assert isinstance(node, nodes.BusinessRuleTask)
        if not node.decision and node.decided_by is None and node.work is None:
            yield finding(
                "decision_unnamed",
                node,
                zh="业务规则任务没有指定决策",
                en="The business rule task names no decision",
                mend=("指定决策", "Name a decision"),
                severity="warning",
            )
        known = graph.surroundings.decisions
        if node.decision and known is not None and node.decision not in {*known, *graph.program.decisions}:
            yield finding(
                "decision_missing",
                node,
                zh=f"决策“{node.decision}”不存在",
                en=f"The decision {node.decision} does not exist",
                mend=("上传含有它的 DMN 文件", "Upload the DMN file that holds it"),
            )


def calls(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.CallActivity):
        assert isinstance(node, nodes.CallActivity)
        known = graph.surroundings.processes
        if node.called is None:
            yield finding(
                "called_process_unnamed",
                node,
                zh="调用活动没有指定要调用的流程",
                en="The call activity names no process",
                mend=("指定流程", "Name the process to call"),
            )
        elif node.called.language == "literal" and known is not None and node.called.text not in known:
            yield finding(
                "called_process_missing",
                node,
                zh=f"被调用的流程“{node.called.text}”不存在",
                en=f"The called process {node.called.text} does not exist",
                mend=("先上传被调用的流程", "Upload the called process first"),
            )


def services(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.ServiceTask):
        assert isinstance(node, nodes.ServiceTask)
        if node.work is None:
            yield finding(
                "service_without_work",
                node,
                zh=f"服务任务没有说明做什么：流程到达这里会停下，直到处理程序“{node.id}”被绑定",
                en=f"The service task names no work: a case stops here until the handler {node.id} is bound",
                mend=("指定处理程序或外部主题", "Name a handler or an external topic"),
                severity="warning",
            )


def scripts(graph: Graph) -> Iterator[Problem]:
    for node in graph.of(nodes.ScriptTask):
        assert isinstance(node, nodes.ScriptTask)
        if not node.script.strip():
            yield finding(
                "script_missing",
                node,
                zh="脚本任务没有脚本，会直接通过",
                en="The script task has no script: it passes at once",
                severity="warning",
            )
        elif node.language not in RUNNABLE:
            some = node.language in foreign.LANGUAGES
            yield finding(
                "script_language",
                node,
                zh=f"{node.language} 脚本" + ("只有简单语句能在这里执行" if some else "不能在这里执行"),
                en=f"Of a script in {node.language} only simple statements run here"
                if some
                else f"A script in {node.language} does not run here",
                mend=("改写为 Python 或 FEEL", "Rewrite it in Python or FEEL"),
                severity="warning" if some else "error",
            )


RUNNABLE = ("python", "feel", "camunda8", "juel")
"""Languages of which every script runs. Of those in ``foreign.LANGUAGES`` simple ones do, of others none."""


def lanes(graph: Graph) -> Iterator[Problem]:
    known = graph.surroundings.groups
    if known is None:
        return
    for lane in graph.program.lanes:
        inside = [graph.nodes[node] for node in lane.nodes if node in graph.nodes]
        working = [node for node in inside if isinstance(node, nodes.UserTask)]
        names = {lane.id, lane.name}
        for node in working:
            groups = {group.text for group in node.performer.groups if group.language == "literal"}
            if groups & names and not groups & known:
                yield finding(
                    "lane_unmapped",
                    node,
                    zh=f"泳道“{lane.name or lane.id}”没有对应的人员组",
                    en=f"The lane {lane.name or lane.id} has no staff group of its name",
                    mend=("建立同名的组，或给任务指定执行人", "Create a group of that name, or name a performer"),
                )


def promises(graph: Graph) -> Iterator[Problem]:
    known = graph.surroundings.calendars
    for node in graph.of(nodes.Activity):
        assert isinstance(node, nodes.Activity)
        promise = node.promise
        if promise is not None and promise.calendar and known is not None and promise.calendar not in known:
            yield finding(
                "calendar_missing",
                node,
                zh=f"日历“{promise.calendar}”不存在",
                en=f"The calendar {promise.calendar} does not exist",
            )


RULES = (performers, passing, forms, decisions, calls, services, scripts, lanes, promises)
