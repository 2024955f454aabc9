"""The small signs of BPMN inside shapes, as paths of SVG in a square of 16 by 16 (figures of BPMN 2.0, chapter 7.3)."""

TASKS = {
    "userTask": "M8 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM2 15c0-4 3-6 6-6s6 2 6 6z",
    "manualTask": "M2 8l4-4h6v2H8l1 1h5v2h-1v2h-1v2H6l-4-3z",
    "serviceTask": "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1v3M8 12v3M1 8h3M12 8h3M3 3l2 2M11 11l2 2M13 3l-2 2M5 11l-2 2",
    "sendTask": "M1 3h14v10H1zM1 3l7 6 7-6",
    "receiveTask": "M1 3h14v10H1zM1 3l7 6 7-6",
    "businessRuleTask": "M1 3h14v10H1zM1 6h14M1 9.500h14M5 6v7",
    "scriptTask": "M4 2h9c-4 4 2 8-2 12H2c4-4-2-8 2-12zM5 6h5M5 9h5",
}
EVENTS = {
    "messageEventDefinition": "M1 3h14v10H1zM1 3l7 6 7-6",
    "timerEventDefinition": "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM8 4v4l3 2",
    "errorEventDefinition": "M2 14l3-9 5 5 4-8-3 10-5-5z",
    "escalationEventDefinition": "M8 1l5 13-5-5-5 5z",
    "signalEventDefinition": "M8 2l6 11H2z",
    "conditionalEventDefinition": "M3 1h10v14H3zM5 4h6M5 7h6M5 10h6",
    "linkEventDefinition": "M1 5h8V2l6 6-6 6v-3H1z",
    "compensateEventDefinition": "M8 3v10L2 8zM14 3v10L8 8z",
    "cancelEventDefinition": "M3 5l2-2 3 3 3-3 2 2-3 3 3 3-2 2-3-3-3 3-2-2 3-3z",
    "terminateEventDefinition": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z",
}
FILLED = {"terminateEventDefinition"}
"""Filled wherever they stand; other signs are filled where an event throws."""
GATEWAYS = {
    "exclusiveGateway": "M4 4l8 8M12 4l-8 8",
    "parallelGateway": "M8 2v12M2 8h12",
    "inclusiveGateway": "M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3z",
    "complexGateway": "M8 2v12M2 8h12M4 4l8 8M12 4l-8 8",
    "eventBasedGateway": "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zM8 4l4 3-1.500 5h-5L4 7z",
}
PARALLEL = "M4 2v12M8 2v12M12 2v12"
SEQUENTIAL = "M2 4h12M2 8h12M2 12h12"
LOOP = "M5 13a6 6 0 1 1 3 1M5 13l-3 1M5 13l0-3"
FOLDED = "M2 2h12v12H2zM8 5v6M5 8h6"
