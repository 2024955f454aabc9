"""One door, two applications: neither speaks for the other."""

from werkzeug.test import Client

from tests.house import House
from web.wsgi import create_app


def test_pages_and_api_answer_each_in_their_own_way(desk: House) -> None:
    client = Client(create_app(desk.engine))
    page, api = client.get("/nowhere"), client.get("/api/v1/nowhere")
    assert page.mimetype == "text/html"
    assert api.mimetype == "application/problem+json"


def test_a_session_of_the_pages_opens_nothing_of_the_api(desk: House) -> None:
    client = Client(create_app(desk.engine))
    client.set_cookie("page", "anything")
    assert client.get("/api/v1/tasks").status_code == 401
