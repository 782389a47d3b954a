"""The live explorers: their arithmetic is PyTorch's, and anybody can use them."""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import mpmath
import pytest
import torch
from torch.nn import functional as F  # noqa: N812 - torch's own name for it

from pagecheck.config import load_config
from site_finish import explorers
from torch_recipes import basic_network
from torch_recipes.xor import (
    XORNet,
    network_from,
    post_parameters,
    xor_data,
)
from torch_recipes.xor_training import epochs_until_learnt, recorded

from .built import ADDRESS, DOCS, ROOT
from .conftest import NARROW, PAPER, Open, colour, expect, laid_out

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site-explorers")]

HOMES = {
    "activation": "recipes/activation-shapes/",
    "xor": "xor/training/",
    "descent": "recipes/basic-network/",
    "autograd": "recipes/tensor-differentiation/",
}
THEME = ROOT / "theme"
PLACE = '<div class="explorer" data-explorer="'

Ask = Callable[..., Any]


def joined(language: str, style: str = "", engines: bool = False) -> str:
    """The explorers' module as the site has it, before it is made small."""
    sources = {
        file.stem: file.read_text("utf-8")
        for file in (THEME / explorers.MODULES).glob("*.js")
    }
    return explorers.joined(sources, language, style, engines)


@pytest.fixture(scope="module")
def ask(browser) -> Iterator[Ask]:
    """Evaluate JavaScript with what the engines export at hand, as `engine`."""
    page = browser.new_page()
    page.evaluate(
        explorers.shorter(joined("en", engines=True)).replace(
            "export const explorers", "window.engine", 1
        )
    )

    def asked(expression: str, argument: Any = None) -> Any:
        return page.evaluate(f"argument => ({expression})", argument)

    yield asked
    page.close()


def near(found: float, wanted: float, absolute: float = 0.0) -> bool:
    return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=absolute)


def all_near(found: list[float], wanted: list[float]) -> bool:
    return all(near(a, b) for a, b in zip(found, wanted, strict=True))


# -- activation functions ---------------------------------------------------------

GRID = [-40, -25, -21, -12, -6, -3.0001, -3, -2.9999, -1.5, -1, -0.5, -1e-3, -1e-8]
GRID = [*GRID, 0.0, *(-x for x in reversed(GRID))]
CORNERS = (-3.0, 0.0, 3.0)
PARAMETERS = {
    "linear": [1, -2.5],
    "leaky_relu": [0.01, 0.3],
    "softplus": [1, 0.5, 4],
    "elu": [1, 0.25, 3],
}
TORCH = {
    "linear": lambda x, w: w * x,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "logsigmoid": F.logsigmoid,
    "relu": F.relu,
    "leaky_relu": F.leaky_relu,
    "softplus": F.softplus,
    "gelu": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
    "elu": F.elu,
    "selu": F.selu,
    "hardswish": F.hardswish,
    "mish": F.mish,
}
mp = mpmath.mp.clone()
mp.dps = 400  # 1 + tanh leaves few of them where tanh is nearly −1
SCALE = mp.mpf("1.0507009873554804934193349852946")
ALPHA = mp.mpf("1.6732632423543772848170429916717")


def _sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def _softplus(x):
    return mp.log(1 + mp.exp(x))


def _elu(x, a):
    return x if x > 0 else a * mp.expm1(x)


FORMULAS = {
    "linear": lambda x, w: w * x,
    "sigmoid": _sigmoid,
    "tanh": mp.tanh,
    "logsigmoid": lambda x: -_softplus(-x),
    "relu": lambda x: max(x, mp.mpf(0)),
    "leaky_relu": lambda x, a: x if x > 0 else a * x,
    "softplus": lambda x, b: _softplus(b * x) / b,
    "gelu": lambda x: x * mp.ncdf(x),
    "gelu_tanh": lambda x: (
        x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf("0.044715") * x**3)))
    ),
    "silu": lambda x: x * _sigmoid(x),
    "elu": _elu,
    "selu": lambda x: SCALE * _elu(x, ALPHA),
    "hardswish": lambda x: x * min(max(x + 3, mp.mpf(0)), mp.mpf(6)) / 6,
    "mish": lambda x: x * mp.tanh(_softplus(x)),
}


@pytest.mark.parametrize("name", TORCH)
def test_activation_functions_and_derivatives_are_exact(ask, name):
    for parameter in PARAMETERS.get(name, [None]):
        own = [] if parameter is None else [parameter]

        def formula(x, own=own):
            return FORMULAS[name](x, *own)

        found = ask(
            "argument.grid.map(x => ['value', 'slope'].map(kind =>"
            " engine.functions[argument.name][kind](x, argument.parameter)))",
            {"grid": GRID, "name": name, "parameter": parameter},
        )
        for x, (value, slope) in zip(GRID, found, strict=True):
            assert near(value, formula(mp.mpf(x))), (x, parameter)
            if x not in CORNERS:
                assert near(slope, mp.diff(formula, mp.mpf(x))), (x, parameter)
            # Where PyTorch subtracts nearly equal numbers, as in 1 + erf and 1 − tanh²,
            # its own last bits are all that may differ.
            z = torch.tensor(x, dtype=torch.float64, requires_grad=True)
            y = TORCH[name](z, *own)
            (derivative,) = torch.autograd.grad(y, z)
            rounding = 4e-16 * max(1, abs(x))
            assert near(value, y.item(), rounding), (x, parameter)
            assert near(slope, derivative.item(), rounding), (x, parameter)


def test_the_error_function_is_exact(ask):
    grid = [x / 16 for x in range(-96, 97)] + [1.9999, 2.0001, 8, 20]
    found = ask("argument.map(x => [engine.erf(x), engine.erfc(x)])", grid)
    for x, (erf, erfc) in zip(grid, found, strict=True):
        assert math.isclose(erf, mp.erf(x), rel_tol=1e-13), x
        assert math.isclose(erfc, mp.erfc(x), rel_tol=1e-13), x


def test_every_function_of_the_recipes_is_there(ask):
    assert ask("Object.keys(engine.functions)") == list(TORCH)


# -- the XOR network --------------------------------------------------------------

LOSSES = {
    "mse": lambda logits, y: F.mse_loss(torch.sigmoid(logits), y),
    "bce": F.binary_cross_entropy_with_logits,
}
OPTIMIZERS = {
    "sgd": lambda p, lr: torch.optim.SGD(p, lr=lr),
    "momentum": lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9),
    "adam": lambda p, lr: torch.optim.Adam(p, lr=lr),
}
ROWS = {"all": [[0, 1, 2, 3]], "cyclic": [[0], [1], [2], [3]], "1": [[1]]}


def flat(tensors) -> list[float]:
    return torch.cat([t.detach().flatten() for t in tensors]).tolist()


def seeded(seed: int) -> XORNet:
    state = torch.random.get_rng_state()
    torch.manual_seed(seed)
    net = XORNet()
    torch.random.set_rng_state(state)
    return net.double()


@pytest.mark.parametrize("seed", [0, 1, 7, 12345, 2**32 - 1])
def test_a_seed_gives_the_weights_that_pytorch_draws(ask, seed):
    assert ask("engine.fromSeed(argument)", seed) == flat(seeded(seed).parameters())


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("row", range(4))
def test_one_row_forwards_and_backwards(ask, row, loss):
    x, y = xor_data(torch.float64)
    net = network_from(post_parameters(torch.float64))
    z1 = net.hidden(x[row])
    a1 = torch.sigmoid(z1)
    z2 = net.output(a1)
    y_hat = torch.sigmoid(z2)
    value = LOSSES[loss](z2, y[row])
    inner = torch.autograd.grad(value, [z2, a1, z1], retain_graph=True)
    value.backward()
    found = ask(
        "(({forwards: [f], backwards: [b], gradient, loss}) => [...f.z1, ...f.a1, f.z2,"
        " f.y_hat, loss, b.z2, ...b.a1, ...b.z1, ...gradient])"
        "(engine.pass(engine.POST, [argument.row], argument.loss))",
        {"row": row, "loss": loss},
    )
    gradient = flat(p.grad for p in net.parameters())
    wanted = [*flat([z1, a1, z2, y_hat, value.reshape(1), *inner]), *gradient]
    assert all_near(found, wanted)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_epochs_are_those_of_torch_optim(ask, loss, optimizer, rows):
    x, y = xor_data(torch.float64)
    settings = {"rows": rows, "loss": loss, "optimizer": optimizer, "lr": 0.3}
    for seed in (None, 3):
        post = network_from(post_parameters(torch.float64))
        net = post if seed is None else seeded(seed)
        found = ask(
            "(() => {let state = engine.start(argument.start); const all = [];"
            " for (let n = 0; n < 3; n++) {state = engine.epoch(state, argument);"
            " all.push(state.p)} return all})()",
            {**settings, "start": flat(net.parameters())},
        )
        made = OPTIMIZERS[optimizer](net.parameters(), 0.3)
        for after in found:
            for batch in ROWS[rows]:
                made.zero_grad()
                LOSSES[loss](net.logits(x[batch]), y[batch]).backward()
                made.step()
            assert all_near(after, flat(net.parameters()))


def train(ask: Ask, setup: Any, most: int) -> int | None:
    cyclic = setup.optimizer == "cyclic"
    return ask(
        "(() => {let state = engine.start(engine.POST); for (let n = 0;; n++) {"
        " if (engine.lossesOf(state.p).mse < engine.TARGET) return n;"
        " if (n === argument.most) return null;"
        " state = engine.epoch(state, argument)}})()",
        {
            "rows": "cyclic" if cyclic else "all",
            "loss": setup.loss,
            "optimizer": "sgd" if cyclic else setup.optimizer,
            "lr": setup.lr,
            "most": most,
        },
    )


def test_xor_is_learnt_after_as_many_epochs_as_the_text_says(ask):
    known = {s: end.epochs for s, end in recorded().items() if end.epochs}
    short = {setup: epochs for setup, epochs in known.items() if epochs < 20_000}
    assert len(short) > 25
    assert {setup: train(ask, setup, 20_000) for setup in short} == short


def test_training_takes_as_many_epochs_as_with_torch_optim(ask):
    quick = {
        s: end.epochs for s, end in recorded().items() if (end.epochs or 999) < 130
    }
    optimizers = {setup.optimizer for setup in quick}
    assert len(optimizers) >= 3
    for optimizer in optimizers:  # its quickest setup
        setup = min((s for s in quick if s.optimizer == optimizer), key=quick.get)
        assert train(ask, setup, 1000) == epochs_until_learnt(setup, 1000), setup


def test_adam_gets_stuck_where_the_text_says(ask):
    stuck = [s for s, end in recorded().items() if s.optimizer == "adam"]
    for setup in stuck:
        known = recorded()[setup].epochs
        assert train(ask, setup, 5000) == (known if (known or 9e9) < 5000 else None)


# -- gradient descent -------------------------------------------------------------


def test_the_points_are_the_recipes(ask):
    assert ask("engine.points") == {
        "x": list(basic_network.X),
        "y": list(basic_network.Y),
    }


@pytest.mark.parametrize("centre", [False, True])
def test_the_bowl_and_its_steps_are_exact(ask, centre):
    x, y = basic_network.points()
    x = x - x.mean() if centre else x
    data = "engine.centred(engine.points)" if centre else "engine.points"
    bowl = ask(f"engine.bowl({data})")
    wanted = torch.stack(basic_network.least_squares(x, y)).tolist()
    assert all_near(bowl["bottom"], wanted)
    hessian = basic_network.loss_hessian(x)
    eigenvalues, eigenvectors = torch.linalg.eigh(hessian)
    # eigvalsh is exact to the last bits of the largest eigenvalue.
    slack = 1e-12 * eigenvalues[-1].item()
    assert all(
        near(a, b, slack)
        for a, b in zip(bowl["eigenvalues"], eigenvalues.tolist(), strict=True)
    )
    for own, theirs in zip(bowl["eigenvectors"], eigenvectors.T.tolist(), strict=True):
        dot = own[0] * theirs[0] + own[1] * theirs[1]
        assert abs(dot) == pytest.approx(1, abs=1e-9)
    assert near(bowl["bound"], basic_network.learning_rate_bound(x))
    for w, b in [(1.540996, -0.293429), (0.0, 0.0), (-3.0, 40.0), (1e4, 1e-4)]:
        at = [torch.tensor(value, dtype=torch.float64) for value in (w, b)]
        lr = 0.9 * bowl["bound"]
        found = ask(
            f"[engine.loss({data}, argument.at), ...engine.gradient({data},"
            f" argument.at), ...engine.step({data}, argument.at, argument.lr)]",
            {"at": [w, b], "lr": lr},
        )
        loss = basic_network.sum_of_squares(basic_network.build_network(x, *at), y)
        gradient = basic_network.loss_gradient(x, y, *at)
        after = basic_network.train_by_hand(x, y, *at, lr=lr, num_iterations=1)[:2]
        wanted = [value.item() for value in (loss, *gradient, *after)]
        assert all_near(found, wanted)


# -- autograd ---------------------------------------------------------------------

EXPRESSIONS = [
    "2*x**2 + 5*x + 6",
    "sigmoid(w*x + b)",
    "(sigmoid(w*x + b) - y)**2",
    "x*x*x",
    "-x**2 / (w - b)",
    "exp(-x**2 / 2) * sin(x) + cos(w)",
    "log(x + 3) - sqrt(x*x + 1) + tanh(y)",
    "x**w**2 + 2**x + 2.5e-1",
    "relu(x) + relu(-x) + relu(x - x)",
    "x - -x - (1 - +w) * 3 / .5",
]
AT = [
    {"x": 12.5, "w": 0.5, "b": -6.0, "y": 1.0},
    {"x": 0.75, "w": -1.25, "b": 2.0, "y": -0.5},
]
FUNCTIONS = {
    name: getattr(torch, name)
    for name in ["exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu"]
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_values_and_gradients_are_autograds(ask, expression):
    for at in AT:
        leaves = {
            name: torch.tensor(value, dtype=torch.float64, requires_grad=True)
            for name, value in at.items()
        }
        y = eval(expression, {}, FUNCTIONS | leaves)
        y.backward()
        found = ask(
            "(nodes => {const values = engine.evaluate(nodes, argument.at);"
            " const {gradients} = engine.differentiate(nodes, values);"
            " return [values.at(-1), Object.fromEntries(nodes.map((node, i) =>"
            " [node.name, gradients[i]]).filter(([name]) => name))]})"
            "(engine.parse(argument.expression))",
            {"expression": expression, "at": at},
        )
        assert near(found[0], y.item())
        wanted = {n: leaf.grad for n, leaf in leaves.items() if leaf.grad is not None}
        assert found[1].keys() == wanted.keys()
        for name, gradient in wanted.items():
            assert near(found[1][name], gradient.item(), 1e-15), (name, at)


def test_the_corner_of_relu_and_the_power_zero_are_pytorchs(ask):
    for expression in ("relu(x)", "x**0 + x", "x**1", "x**2"):
        x = torch.tensor(0.0, dtype=torch.float64, requires_grad=True)
        eval(expression, {}, {**FUNCTIONS, "x": x}).backward()
        found = ask(
            "(nodes => engine.differentiate(nodes, engine.evaluate(nodes, {x: 0}))"
            ".gradients[nodes.findIndex(node => node.name)])(engine.parse(argument))",
            expression,
        )
        assert found == x.grad.item(), expression


@pytest.mark.parametrize(
    ("expression", "mistake"),
    [
        ("x +", {"what": "end", "at": 3}),
        ("", {"what": "end", "at": 0}),
        ("(x", {"what": "end", "at": 2}),
        ("x y", {"what": "unexpected", "at": 2}),
        ("x ** * 2", {"what": "unexpected", "at": 5}),
        ("x $ 2", {"what": "character", "at": 2}),
        ("softmax(x)", {"what": "function", "at": 0}),
        ("constructor(x)", {"what": "function", "at": 0}),
        ("2 + 3", {"what": "variable", "at": 0}),
        ("+".join("x" * 40), {"what": "long", "at": 0}),
    ],
)
def test_a_mistake_in_an_expression_is_named_and_found(ask, expression, mistake):
    found = ask(
        "(() => {try {engine.parse(argument)}"
        " catch ({what, at}) {return {what, at}}})()",
        expression,
    )
    assert found == mistake


# -- on the page ------------------------------------------------------------------


@pytest.fixture
def explorer(keep_page: Open) -> Callable[..., Page]:
    """A page with an explorer in the state that a query says, opened once."""

    def shown(name: str, query: str = "", reduced_motion="no-preference") -> Page:
        page = keep_page("en/" + HOMES[name], has_touch=True)
        if not page.evaluate("window.came"):
            laid_out(page)
            page.evaluate(f"window.before = {LOADED}")
            bring(page)
            page.wait_for_timeout(400)  # the address would be written after 200 ms
            page.evaluate("window.came = location.href")
        page.emulate_media(reduced_motion=reduced_motion)
        go(page, query)
        return page

    return shown


CHINESE = re.compile(r"[\u4e00-\u9fff]")
LOADED = "performance.getEntriesByType('resource').map(e => e.name).join()"


def go(page: Page, query: str) -> None:
    """Bring an explorer into the state of a query, as a link in the text does."""
    page.evaluate(
        "query => {document.activeElement.blur();"
        " document.querySelectorAll('details').forEach(one => {one.open = false});"
        " history.replaceState(history.state, '', location.pathname + query);"
        " document.dispatchEvent(new Event('explorer-state'))}",
        query,
    )


def bring(page: Page) -> None:
    page.locator("[data-explorer]").scroll_into_view_if_needed()
    expect(page.locator("[data-explorer] svg").first).to_be_visible()


def button(page: Page, name: str) -> Locator:
    place = page.locator("[data-explorer]")
    return place.get_by_role("button", name=name, exact=True)


def control(page: Page, name: str) -> Locator:
    return page.locator("[data-explorer]").get_by_label(name, exact=True)


def said(page: Page) -> str:
    """All numbers that the explorer shows, as text."""
    # What it says and its address come a little later, by timers that end before this.
    page.evaluate("new Promise(done => setTimeout(done, 250))")
    return page.locator("[data-explorer]").inner_text()


def placed() -> list[tuple[str, str]]:
    place = re.compile(f'^{PLACE}([a-z]+)"(?: data-state="[^"]*")?></div>$', re.M)
    return [
        (str(page), name)
        for folder in DOCS.values()
        for page in sorted(folder.rglob("*.md"))
        for name in place.findall(page.read_text("utf-8"))
    ]


def test_every_place_has_its_explorer_and_every_explorer_a_place():
    returned = re.findall(r"^return \{ (.*) \};$", joined("en"), re.MULTILINE)
    assert {*returned[0].split(", ")} == {name for _, name in placed()} == set(HOMES)


@pytest.mark.parametrize("prefix", ["", "en/"], ids=["zh", "en"])
def test_home_leads_to_every_explorer_from_its_first_screen(open_page, prefix):
    page = open_page(prefix, viewport=NARROW)
    for name in HOMES.values():
        place = name.replace("training", "walk-through")  # XOR has it on two pages
        link = page.locator(f"article a[href*='{place}#']").first
        assert (box := link.bounding_box())
        assert box["y"] + box["height"] < NARROW["height"]


@pytest.mark.parametrize("name", HOMES)
def test_an_explorer_comes_when_its_reader_does(explorer, name):
    page = explorer(name)
    assert "explorers/" not in page.evaluate("before")
    assert "explorers/all.js" in page.evaluate(LOADED)


@pytest.mark.parametrize("name", HOMES)
def test_the_address_is_left_alone_until_something_is_changed(explorer, name):
    assert explorer(name).evaluate("came") == f"{ADDRESS}en/{HOMES[name]}"


def test_without_scripts_there_is_nothing_but_the_figure(open_page, site):
    for name, home in HOMES.items():
        html = (site / "en" / home / "index.html").read_text("utf-8")
        assert f'{PLACE}{name}"></div>' in html
    page = open_page("en/" + HOMES["activation"], java_script_enabled=False)
    place = page.locator("[data-explorer]")
    assert place.evaluate("one => one.getBoundingClientRect().height") == 0


def below(name: str) -> str:
    """The address of a heading below an explorer, in its page."""
    text = (DOCS["en"] / HOMES[name].rstrip("/")).with_suffix(".md").read_text("utf-8")
    return re.search(r"^##+ .*(#[\w-]+) }$", text.split(PLACE)[1], re.MULTILINE)[1]


def see_the_heading_stay(page: Page) -> None:
    """That of the address is where it is read, while an explorer comes above it."""
    page.locator("[data-explorer] > *").first.wait_for(state="attached")
    page.wait_for_function(
        "() => { const header = document.querySelector('.md-header').offsetHeight;"
        " const {top} = document.querySelector(':target').getBoundingClientRect();"
        " return header <= top && top <= 2 * header }"
    )


def find_no_fault(page: Page) -> None:
    """Axe finds none in the explorer, and nothing is wider than the screen."""
    from axe_playwright_python.sync_playwright import Axe  # which takes long

    found = Axe().run(page, context="[data-explorer]").response["violations"]
    assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in found] == []
    over = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(over)


@pytest.mark.parametrize("name", HOMES)
def test_a_telephone_has_an_explorer_as_a_wide_screen_has(open_page, name):
    """In Chinese and in the dark: in place, legible, and with fields not enlarged."""
    phone = {"viewport": NARROW, "has_touch": True, "is_mobile": True}
    page = open_page(HOMES[name] + below(name), color_scheme="dark", **phone)
    see_the_heading_stay(page)
    place = page.locator("[data-explorer]")
    expect(place).to_have_attribute("aria-label", CHINESE)
    go(page, STATES[name])
    said(page)
    find_no_fault(page)
    fields = page.locator(".explorer :is(input:not([type=checkbox]), select)")
    sizes = fields.evaluate_all("all => all.map(one => getComputedStyle(one).fontSize)")
    assert {*sizes} == {"16px"}, "a telephone enlarges the page for a smaller field"


@pytest.mark.parametrize("name", HOMES)
def test_axe_finds_nothing_in_an_explorer_in_use(explorer, name):
    page = explorer(name, STATES[name])
    assert not CHINESE.search(said(page))
    find_no_fault(page)


def test_the_keyboard_moves_the_point(explorer):
    page = explorer("activation", "?f=sigmoid&x=0.9")
    control(page, "x").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    text = said(page)
    assert "x=1" in page.url
    assert f"{torch.sigmoid(torch.tensor(1.0, dtype=torch.float64)):.10f}" in text


def test_the_keyboard_picks_functions_and_types_numbers(explorer):
    page = explorer("activation", "?f=relu")
    control(page, "Mish").focus()
    page.keyboard.press("Space")
    control(page, "x, typed").fill("-1.25")
    text = said(page)
    mish = F.mish(torch.tensor(-1.25, dtype=torch.float64)).item()
    assert f"{mish:.10f}".replace("-", "−") in text
    assert "f=mish%2Crelu" in page.url


def test_float32_makes_a_whole_number_of_the_sigmoid(explorer):
    page = explorer("activation", "?f=sigmoid&x=18&view=20")
    text = said(page)
    assert "In float32 the value is exactly 1" in text
    assert torch.sigmoid(torch.tensor(18.0)).item() == 1.0


def test_a_finger_moves_the_point(explorer):
    page = explorer("activation", "?f=tanh&x=0")
    page.locator(".drag").scroll_into_view_if_needed()
    box = page.locator(".drag").bounding_box()
    page.touchscreen.tap(box["x"] + 0.8 * box["width"], box["y"] + 0.6 * box["height"])
    said(page)
    assert float(re.search(r"[?&]x=([\d.]+)", page.url)[1]) > 2


def test_the_parameter_is_dragged(explorer):
    page = explorer("activation", "?f=leaky_relu&x=-2")
    control(page, "α").fill("0.5")
    assert "−1" in said(page)
    assert "p=leaky_relu%3A0.5" in page.url


def test_a_step_by_keyboard_spells_out_the_arithmetic(explorer):
    page = explorer("xor", "?start=post&run=1-mse-sgd-0.01-0&row=1")
    button(page, "Step").focus()
    net = network_from(post_parameters(torch.float64))
    x, y = xor_data(torch.float64)
    loss = F.mse_loss(net(x[1]), y[1])
    loss.backward()
    wanted = {
        1: f"{net.hidden(x[1])[0]:.4f}",
        2: f"{net(x[1]).item():.4f}",
        3: f"{loss.item():.4f}",
        4: f"{net.output.weight.grad[0, 0]:.4f}",
        5: f"{net.hidden.weight.grad[0, 1]:.4f}",
        6: f"{net.output.bias.item() - 0.01 * net.output.bias.grad.item():.4f}",
    }
    for shown in wanted.values():
        page.keyboard.press("Enter")
        assert shown.replace("-", "−") in page.locator(".sums").inner_text()
    assert "1 epoch," in said(page)


def test_a_place_may_name_a_state_which_the_address_outweighs(keep_page):
    page = keep_page("en/xor/walk-through/")
    bring(page)
    go(page, "")
    for _ in range(4):
        button(page, "Step").click()
    net = network_from(post_parameters(torch.float64))
    x, y = xor_data(torch.float64)
    F.mse_loss(net(x[0]), y[0]).backward()  # the page's row, not all four
    gradient = net.output.bias.grad.item()
    assert f"∂L/∂b₂ = δ₂ = {gradient:.4f}" in page.locator(".sums").inner_text()
    assert control(page, "Learning rate").input_value() == "0.01"
    go(page, "?start=post&run=all-mse-sgd-2-0")
    assert control(page, "Learning rate").input_value() == "2"


def test_the_parameters_after_an_epoch_are_those_of_torch(explorer):
    page = explorer("xor", "?start=5&run=cyclic-bce-adam-0.1-0")
    button(page, "Epoch").click()
    page.locator("summary", has_text="parameters").click()
    net = seeded(5)
    x, y = xor_data(torch.float64)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    for row in range(4):
        optimizer.zero_grad()
        F.binary_cross_entropy_with_logits(net.logits(x[row]), y[row]).backward()
        optimizer.step()
    shown = page.locator("details .numbers td:nth-child(2)").all_inner_texts()
    wanted = [f"{w:.6f}".replace("-", "−") for w in flat(net.parameters())]
    assert shown == wanted


def test_undo_takes_back_steps_settings_and_runs(explorer):
    page = explorer("xor", "?start=post&run=all-mse-sgd-2-0")
    first = said(page)
    undo = button(page, "Undo")
    assert undo.is_disabled()
    button(page, "Run").click()
    expect(page.locator(".counter")).to_contain_text("772", timeout=20_000)
    control(page, "Optimizer").select_option("adam")
    button(page, "Step").click()
    for _ in range(3):
        undo.click()
    assert said(page) == first
    assert undo.is_disabled()


def test_a_run_goes_on_smoothly_and_can_be_paused(explorer):
    page = explorer("xor", "?start=post&run=all-mse-sgd-0.0001-0")
    page.evaluate(
        "() => {window.frames = []; let last = performance.now(); const tick = now =>"
        " {frames.push(now - last); last = now; requestAnimationFrame(tick)};"
        " requestAnimationFrame(tick)}"
    )
    button(page, "Run").click()
    page.wait_for_function(
        "parseInt(document.querySelector('.counter').textContent) > 2000"
    )
    button(page, "Pause").click()
    frames = sorted(page.evaluate("frames"))
    assert frames[len(frames) // 2] < 120  # milliseconds, on a busy machine too
    before = said(page)
    page.wait_for_timeout(300)
    assert said(page) == before


def test_reduced_motion_shows_results_without_the_way_there(explorer):
    page = explorer("xor", "?start=post&run=all-mse-sgd-1-0", reduced_motion="reduce")
    page.evaluate(
        "() => {window.changes = 0; new MutationObserver(() => changes++).observe("
        "document.querySelector('.counter'), {childList: true})}"
    )
    button(page, "Run").click()
    expect(page.locator(".counter")).to_contain_text("1542", timeout=20_000)
    assert page.evaluate("changes") < 12


def test_gradient_descent_shows_both_sides_of_the_bound(explorer):
    page = explorer("descent", "?rate=0.99&steps=299")
    x, y = basic_network.points()
    start = [torch.tensor(v, dtype=torch.float64) for v in (1.540996, -0.293429)]
    bound = basic_network.learning_rate_bound(x)

    def wanted(factor: float) -> str:
        w, b, _ = basic_network.train_by_hand(x, y, *start, factor * bound, 299)
        loss = basic_network.sum_of_squares(basic_network.build_network(x, w, b), y)
        exponent = f"{loss:.3e}".replace("e+0", "e+")
        return exponent if loss >= 1e5 else f"{loss:.4f}"

    text = said(page)
    assert wanted(0.99) in text
    assert "from side to side" in text
    control(page, "Learning rate").focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    text = said(page)
    assert wanted(1.01) in text
    assert "diverges" in text


def test_autograd_steps_forwards_and_backwards(explorer):
    page = explorer("autograd")
    step = button(page, "Step")
    step.focus()
    lines = []
    for _ in range(11):
        page.keyboard.press("Enter")
        lines.append(page.locator(".sums").inner_text())
    assert "312.5000" in lines[1]
    assert "50 → x: 5 + 50 = 55" in lines[-1]
    control(page, "Expression").fill("x*")
    assert "missing" in said(page)
    assert control(page, "Expression").get_attribute("aria-invalid") == "true"
    assert step.is_disabled()


STATES = {
    "activation": "?f=elu,gelu&x=-1.5&view=10&show=slope&p=elu:0.5",
    "xor": "?start=7&run=all-mse-sgd-1-40_cyclic-bce-adam-0.1-3&step=10&row=2",
    "descent": "?rate=1.05&steps=40&centre=1&w=0.5&b=3",
    "autograd": "?expr=sigmoid%28w*x%29%2Bx&at=x:2&step=4",
}


def change_by_hand(page: Page, name: str) -> None:
    match name:
        case "activation":
            control(page, "x, typed").fill("-1.25")
        case "xor":
            for start in ("post", "seed"):
                control(page, "Start").select_option(start)
            control(page, "Seed").fill("11")
            button(page, "Epoch").click()
            control(page, "Learning rate").fill("0.5")
            for _ in range(6):
                button(page, "Step").click()
        case "descent":
            control(page, "Learning rate").press("ArrowLeft")
        case "autograd":
            button(page, "Step").click()


@pytest.mark.parametrize("name", HOMES)
def test_the_state_is_in_the_address_and_comes_again_with_it(explorer, open_page, name):
    page = explorer(name)
    seen = [said(page)]
    go(page, STATES[name] + below(name))
    seen.append(said(page))
    change_by_hand(page, name)
    seen.append(said(page))
    assert len({*seen}) == 3
    address = page.url
    assert address.endswith(below(name))
    again = open_page(address.removeprefix(ADDRESS))
    see_the_heading_stay(again)
    bring(again)
    assert said(again) == seen[-1]
    assert again.url == address


@pytest.mark.parametrize("name", HOMES)
def test_nonsense_in_the_address_does_no_harm(explorer, name):
    page = explorer(
        name,
        "?f=x,,relu&x=1e999&view=-3&p=elu:&start=-1&run=a-b-c_all-mse-sgd-x-1e9&step=-4"
        "&row=9&watch=z&rate=NaN&steps=0&w=&expr=%28%28&at=__proto__:3,:&centre=2",
    )
    assert said(page)


def test_an_address_of_many_long_runs_leaves_the_tab_answering(explorer):
    runs = "_".join(["all-mse-sgd-0.00001-200000"] * 60)
    page = explorer("xor", f"?start=post&run={runs}")
    button(page, "Pause").click()  # in the middle of what the address asks for
    expect(button(page, "Run")).to_be_visible()
    button(page, "Epoch").click()
    page.wait_for_url(lambda url: len(url) < 1000)  # which has what has been run


def test_an_address_runs_no_more_than_the_explorer_itself_would(explorer):
    runs = "_".join(["0-mse-sgd-0.00001-200000"] * 3)
    page = explorer("xor", f"?start=post&run={runs}", reduced_motion="reduce")
    expect(button(page, "Run")).to_be_visible(timeout=120_000)
    assert "400000 epochs" in said(page)


def test_the_language_switch_keeps_the_state(explorer):
    switch = explorer("descent", "?rate=1.05&steps=40").locator("a.language-switch")
    switch.dispatch_event("pointerenter")  # then it is aimed
    twin = f"{ADDRESS}{HOMES['descent']}?rate=1.05&steps=40#"
    assert switch.evaluate("link => link.href").startswith(twin)


def links(name: str) -> list[str]:
    source = (DOCS["en"] / HOMES[name].rstrip("/")).with_suffix(".md")
    return re.findall(r"\]\([\w-]+\.md(\?[^#)]+)#", source.read_text("utf-8"))


@pytest.mark.parametrize("name", HOMES)
def test_links_in_the_text_set_the_explorer(explorer, name):
    page = explorer(name)
    page.evaluate("window.same = true")
    seen = [said(page)]
    assert len(links(name)) > 2
    for query in links(name):
        page.locator(f"article a[href*='{query}']").first.click()
        if "watch" in query:
            expect(button(page, "Run")).to_be_visible(timeout=30_000)
        seen.append(said(page))
    assert page.evaluate("window.same")  # without a reload
    assert len(set(seen)) == len(seen)


def test_adam_can_be_watched_getting_stuck(explorer):
    page = explorer("xor")
    page.get_by_role("link", name="Watch Adam get stuck").click()
    expect(page.locator(".counter")).to_contain_text("2000 epochs", timeout=30_000)
    mse = float(re.search(r"MSE ([\d.]+)", page.locator(".counter").inner_text())[1])
    assert mse == pytest.approx(0.125, abs=2e-4)


def test_leaving_the_page_in_the_middle_of_a_run_stops_it(keep_page):
    page = keep_page("en/xor/walk-through/")
    bring(page)
    go(page, "?start=post&run=all-mse-sgd-0.01-0")
    button(page, "Run").click()
    page.evaluate("window.same = true")
    title = page.locator("h1").inner_text()
    page.locator(".md-footer__link--next").click()
    expect(page.locator("h1")).not_to_have_text(title)
    page.wait_for_timeout(600)
    assert page.evaluate("window.same")  # by instant navigation
    assert "run=" not in page.url
    page.go_back()
    expect(page.locator("h1")).to_have_text(title)
    bring(page)
    assert "epochs" in said(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_explorers_are_small(site, lang):
    def size(text: str) -> int:
        return len(gzip.compress(text.encode(), 9))

    assets = site / "assets" if lang == "zh" else site / "en/assets"
    loader = (assets / "js/explorers.js").read_text("utf-8")
    whole = (assets / "js/explorers/all.js").read_text("utf-8")
    style = (THEME / explorers.STYLE).read_text("utf-8")
    assert [file.name for file in (assets / "js/explorers").iterdir()] == ["all.js"]
    assert whole == explorers.shorter(joined(lang, style))
    # All four with what they share, and then with their style sheet.
    assert size(loader) + size(explorers.shorter(joined(lang))) < 15 * 1024
    assert size(loader) + size(whole) < 16.2 * 1024


def test_the_colours_are_those_of_the_figures(explorer):
    colours = load_config(ROOT).figures.palette
    page = explorer("activation")
    for at, scheme in ((1, "dark"), (0, "light")):
        colour(page, scheme)
        shown = page.locator("[data-explorer]").evaluate(
            "(host, names) => names.map(name => {host.style.color = `var(--${name})`;"
            " return getComputedStyle(host).color})",
            [*colours],
        )
        wanted = {
            name: f"rgb({', '.join(map(str, bytes.fromhex(pair[at][1:])))})"
            for name, pair in colours.items()
        }
        assert shown == [*wanted.values()]
        assert wanted["paper"] == PAPER[scheme]  # no edge is seen around a figure
