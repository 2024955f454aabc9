"""The XML namespaces that BPMN files use, and which of them mean something here."""

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"

CRMFLOW = "https://crmflow.dev/schema/bpmn/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ACTIVITI = "http://activiti.org/bpmn"
FLOWABLE = "http://flowable.org/bpmn"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
DROOLS = "http://www.jboss.org/drools"
OPERATON = "http://operaton.org/schema/1.0/bpmn"
CAMUNDA_MODELER = "http://camunda.org/schema/modeler/1.0"

DIAGRAM = frozenset({BPMNDI, DC, DI})

EARLIER_BPMN = frozenset(
    {
        "http://schema.omg.org/spec/BPMN/2.0",
        "http://www.omg.org/spec/BPMN/20100501/MODEL",
        "http://www.omg.org/spec/BPMN/2.0",
        "http://www.omg.org/bpmn20",
    }
)
"""Drafts of BPMN 2.0 with the same element names: read as the final standard."""

DECORATION = frozenset(
    {
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://camunda.org/schema/conversion/1.0",
        "http://flowable.org/design",
        "http://flowable.org/modeler",
        "http://activiti.com/modeler",
        "http://www.activiti.org/editor",
        "http://www.signavio.com",
        "http://www.bpsim.org/schemas/1.0",
        "http://www.bpsim.org/schemas/2.0",
        CAMUNDA_MODELER,
        XSI,
        XML,
    }
)
_MODELLERS = (
    *("http://www.bizagi.com/", "http://www.trisotech.com/", "http://trisotech.com/", "http://purl.org/rss/"),
    *("http://www.boc-group.com", "http://www.boc-eu.com", "http://www.adonis", "http://adonis"),
    *("http://www.sparxsystems.com", "http://www.itp-commerce.com", "http://www.visual-paradigm.com"),
    *("http://bpmn.sourceforge.net", "http://sourceforge.net/bpmn", "http://www.yaoqiang", "http://www.w4.eu/"),
    *("http://www.software-ag.com", "http://www.softwareag.com", "http://www.aris.com", "http://www.ids-scheer.com"),
    *("http://www.ibm.com/xmlns", "http://www.igrafx.com", "http://www.gbtec.de", "http://www.mid.de"),
    *("http://www.eclipse.org/bpmn2/", "http://org.eclipse.bpmn2", "http://www.omnigroup.com", "http://cardanit.com"),
    *("http://www.signavio.com", "https://www.signavio.com", "http://www.bonitasoft.org/", "http://www.bpsim.org/"),
    *("http://bpmn.io/schema", "http://bpmn-miwg.github.io", "http://www.omg.org/spec/BPMN/non-normative/"),
)
"""How the namespaces of modellers' own notes begin: symbols, colours, links to their repositories."""


def decorates(ns: str) -> bool:
    return ns in DECORATION or ns.startswith(_MODELLERS)


"""Colours, editors' notes and simulation figures: kept in the file, without a meaning for running it."""
