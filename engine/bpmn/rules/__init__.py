"""What the standard says a model must hold, beyond its schema: one function a rule yields the places that break it.

The numbers are those under which the rules of BPMN 2.0 are catalogued in the field (EXT.nnn, REF); they stand in the
message. A rule whose breach changes what a model does, or leaves it open, is an error; the others are warnings.
``strict`` rules are the letter of the standard, which vendors' executable files leave aside by agreement with their
engines: they are applied to files without a vendor's extensions only.
"""
