"""Draws the pictures of README and docs/design.md anew: ``python -m tests.browser.pictures``."""

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium.webdriver.common.by import By
from werkzeug.serving import make_server

from engine.sample import company, staff
from engine.settings import Settings
from tests.browser import conftest
from tests.shared import ROOT
from web import wsgi

FOLDER = ROOT / "docs" / "images"
LARGEST_BYTES = 200_000


def draw(folder: Path = FOLDER) -> list[Path]:
    """1280 pixels wide, two in Chinese, two in English; those of docs/design.md on a phone and in the dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with sample_company() as address, conftest.driver() as driver:
        desk = conftest.Desk(driver, address)
        words = {key: password for key, password, _ in staff.logins()}
        desk.sign_in("admin", words["admin"])
        desk.open("/matrix")
        made = [shot(desk, folder / "matrix.png", height=840)]
        desk.sign_in("zhangwei", words["zhangwei"])
        desk.open("/inbox/open")
        made.append(shot(desk, folder / "inbox.png", height=640))
        desk.open(desk.find("a.row").get_attribute("href").removeprefix(address))
        made.append(shot(desk, folder / "task-phone.png", width=390, height=844))
        made.append(shot(desk, folder / "task-phone-dark.png", width=390, height=844, scheme="dark"))
        desk.sign_in("tom", words["tom"])
        desk.open("/inbox")
        if not driver.find_elements(By.CSS_SELECTOR, "a.row"):
            desk.open("/inbox/open")
        desk.open(desk.find("a.row").get_attribute("href").removeprefix(address))
        made.append(shot(desk, folder / "task.png", height=760))
        desk.open(desk.find("a[href*='/cases/']").get_attribute("href").removeprefix(address))
        desk.find('[data-drawn="1"]')
        made.append(shot(desk, folder / "case.png", height=900))
        made.append(shot(desk, folder / "case-dark.png", height=900, scheme="dark"))
    return made


@contextmanager
def sample_company() -> Iterator[str]:
    """Its address. Nothing goes on by itself in it: what is pictured stands still."""
    with tempfile.TemporaryDirectory() as folder:
        engine = wsgi.open_engine(Settings(data_dir=Path(folder)), dispatcher=False)
        company.load(engine, now=engine.clock.now(), told=lambda what, done, total: None)
        server = make_server("127.0.0.1", 0, wsgi.create_app(engine), threaded=True, request_handler=conftest.Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(timeout=10)
            engine.close()


def shot(desk: conftest.Desk, file: Path, *, width: int = 1280, height: int, scheme: str = "light") -> Path:
    """At once, without colours that fade into each other."""
    desk.resize(width, height)
    wanted = (("prefers-color-scheme", scheme), ("prefers-reduced-motion", "reduce"))
    features = [{"name": name, "value": value} for name, value in wanted]
    desk.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    desk.driver.save_screenshot(str(file))
    size = file.stat().st_size
    if size > LARGEST_BYTES:
        raise ValueError(f"{file.name} has {size} bytes; at most {LARGEST_BYTES} are wanted: picture less")
    return file


if __name__ == "__main__":
    for path in draw():
        print(path.relative_to(ROOT), path.stat().st_size)
