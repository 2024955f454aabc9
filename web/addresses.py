"""What stands in the addresses of pages and API."""

from werkzeug.routing import IntegerConverter


class Number(IntegerConverter):
    """A whole number; more digits than a version or a wait ever has are no address, whatever the method: a converter
    that refuses after its pattern matched would be told as a method that the address does not know."""

    regex = r"\d{1,9}"
