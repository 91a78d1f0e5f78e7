"""The page in a real browser: nothing is complained of or asked for, and it fits, wide and narrow, dark and light."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from review import chromium
from review.repositories import COMPLETE, EXPERIMENT, reviewed

from nemo_run_lint.outputs.paths import Root
from nemo_run_lint.review.pages import renderer
from nemo_run_lint.review.pages.links import Links

pytestmark = pytest.mark.skipif(chromium.PROGRAM is None, reason="no Chromium is installed here")

SWEEP = "\n".join(
    [
        '"""A sweep."""\nimport nemo_run as run\n\n\ndef launch_sweep() -> None:',
        '    """Sweep."""\n    with run.Experiment("sweep-over-everything") as e:',
        '        p = e.add(run.Script("p.sh"), name="prepare-everything-that-is-needed-by-all-the-others")',
        *(f'        t{i} = e.add(run.Script("t.sh"), name="train-{i}", dependencies=[p])' for i in range(100)),
        *(f'        e{i} = e.add(run.Script("e.sh"), name="rate-{i}", dependencies=[t{i}])' for i in range(100)),
        f"        e.add(run.Script('s.sh'), name='sum', dependencies=[{', '.join(f'e{i}' for i in range(100))}])",
        "        e.run()\n",
    ]
)

EVIL = (
    'import nemo_run as run\nwith run.Experiment("</title><script>document.title = 1</script><img src=x onerror=alert(1)>'
    + "x" * 300
    + '") as e:\n    e.add(run.Script("x"), name="</svg><script>throw 1</script>", dependencies=[])\n'
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[chromium.Browser]:
    with chromium.browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module", params=["one", "many", "nothing"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp(request.param)
    files = {
        "one": COMPLETE,
        "many": {**COMPLETE, "sweep.py": SWEEP, f"{'long' * 40}.py": EVIL, "bad.py": "import nemo_run\nx = (\n"},
        "nothing": {},
    }[request.param]
    found = reviewed(directory, files)
    file = directory / "review.html"
    links = Links(Root(directory)).for_page(directory)
    file.write_text("".join(renderer("html")(found, links, False)), encoding="utf-8")
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 400, 719, 720, 1400, 2560])
def test_it_fits_and_nothing_is_complained_of(browser: chromium.Browser, page: Path, width: int, scheme: str) -> None:
    browser.show(page, width, scheme)
    assert browser.complaints == []
    assert browser.requests == [page.as_uri()]
    assert browser.value("document.documentElement.scrollWidth") <= width
    assert browser.value("document.title").startswith(("Review: ", "Review: Nothing"))
    assert browser.value("document.scripts.length") == 0
    ground = browser.value("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(14, 17, 22)") is (scheme == "dark")


#: The contrast of each piece of text with what is painted behind it, as WCAG counts it; the lowest, with its text.
CONTRAST = """
(() => {
  const parts = colour => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = colour => parts(colour).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const box = each.parentElement && each.parentElement.querySelector(':scope > rect.task');
      const colour = box ? getComputedStyle(box).fill : getComputedStyle(each).backgroundColor;
      if (parts(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  let lowest = [99, ''];
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter(each => each.nodeType === 3).map(each => each.data.trim()).join('');
    if (!text || !element.checkVisibility() || ['title', 'desc'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const own = light(element.tagName === 'text' ? style.fill : style.color), ground = light(behind(element));
    const ratio = (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
    if (ratio < lowest[0]) lowest = [ratio, text];
  }
  return lowest;
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(browser: chromium.Browser, page: Path, scheme: str) -> None:
    browser.show(page, 1400, scheme)
    browser.value("document.querySelectorAll('details').forEach(each => each.open = true)")
    ratio, text = browser.value(CONTRAST)
    assert ratio >= 4.5, text


@pytest.mark.parametrize(("width", "shown"), [(400, "narrow"), (1400, "wide")])
def test_one_of_the_two_pictures_is_shown(browser: chromium.Browser, page: Path, width: int, shown: str) -> None:
    browser.show(page, width)
    seen = browser.value(
        "[...document.querySelectorAll('svg.picture')].filter(e => e.checkVisibility()).map(e => e.classList[1])"
    )
    assert seen == [shown] * len(seen)
    assert bool(seen) is (page.parent.name.rstrip("0123456789") != "nothing")
    assert browser.value("Math.min(...[...document.querySelectorAll('svg text')].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect().height))") not in range(9)  # fmt: skip
    inside = """[...document.querySelectorAll('svg.picture text')].filter(e => e.checkVisibility()).every(e => {
      const text = e.getBoundingClientRect(), box = e.parentElement.querySelector('.task').getBoundingClientRect();
      return text.right <= box.right && text.bottom <= box.bottom;
    })"""
    assert browser.value(inside), "no text is wider than its box"


def test_its_parts_have_names_for_those_who_hear_it(browser: chromium.Browser, page: Path) -> None:
    browser.show(page, 1400)
    nodes = browser.ask("Accessibility.getFullAXTree")["nodes"]
    roles = {each["role"]["value"] for each in nodes if "role" in each}
    assert "main" in roles
    for each in nodes:
        role = each.get("role", {}).get("value")
        if role in ("link", "heading", "DisclosureTriangle", "region") and not each.get("ignored"):
            assert each["name"]["value"].strip(), each
    levels = browser.value("[...document.querySelectorAll('h1,h2,h3')].map(e => +e.tagName[1])")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    ids = browser.value("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    broken = (
        "[...document.querySelectorAll('a[href^=\"#\"]')].filter(e => !document.getElementById(e.hash.slice(1))).length"
    )
    assert browser.value(broken) == 0


def test_the_keyboard_reaches_the_picture_and_its_tasks(browser: chromium.Browser, tmp_path: Path) -> None:
    found = reviewed(tmp_path, {**COMPLETE, "experiments/training.py": EXPERIMENT})
    file = tmp_path / "review.html"
    file.write_text("".join(renderer("html")(found, Links(Root(tmp_path)).for_page(tmp_path), False)), encoding="utf-8")
    browser.show(file, 1400)
    reached = []
    for _ in range(40):
        for kind in ("keyDown", "keyUp"):
            browser.ask("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)
        reached.append(browser.value("document.activeElement.className.baseVal ?? document.activeElement.className"))
        if browser.value("document.activeElement.closest('svg') !== null"):
            break
    assert "scroll" in reached
    assert browser.value("document.activeElement.closest('svg').classList.contains('wide')")


def test_it_prints(browser: chromium.Browser, page: Path) -> None:
    browser.show(page, 794, media="print")
    assert browser.value("document.documentElement.scrollWidth") <= 794
    assert browser.value("[...document.querySelectorAll('.scroll')].every(e => e.scrollHeight <= e.clientHeight + 1)")
    assert browser.pdf().startswith(b"%PDF")
