"""What people come for, done in a real browser. Every journey also proves that no other host is asked for anything."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.browser

VISITORS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]


@pytest.fixture
def open_page(chromium: Any, address: str) -> Iterator[Callable[..., Any]]:
    """`open_page("/", width=390, …)`: a page of its own visitor, whose requests and complaints are watched."""
    contexts: list[Any] = []
    asked: list[str] = []
    complaints: list[str] = []

    def opened(path: str, width: int = 1280, **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="vi-VN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((address, "https://nhatbao.example/"))] == []
    assert [text for text in complaints if "ERR_" not in text and "404" not in text and "410" not in text] == []


def see(page: Any, heading: str) -> None:
    """Wait until the page with that heading is there."""
    from playwright.sync_api import expect

    expect(page.locator("h1")).to_contain_text(heading, use_inner_text=True, timeout=30_000)


def test_find_a_figure_and_copy_its_citation(open_page: Callable[..., Any], address: str) -> None:
    page = open_page("/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("searchbox").fill("tang truong gdp 8,02%")
    page.keyboard.press("Enter")
    see(page, "Kết quả cho")
    page.locator(".receipt .value a").first.click()
    see(page, "Tăng trưởng GDP +8,02% Việt Nam, năm 2025")
    page.get_by_role("button", name="Sao chép").first.click()
    page.get_by_role("button", name="Đã sao chép").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Tăng trưởng GDP, Việt Nam, năm 2025: +8,02% (nguyên văn: “8,02%”).")
    assert copied.endswith(f"{page.url}.")
    assert page.url.startswith(f"{address}/figures/")


def test_follow_a_figure_to_its_source(open_page: Callable[..., Any], figures: dict[str, str]) -> None:
    page = open_page(f"/figures/{figures['8,02%']}")
    page.context.route(
        "https://nhatbao.example/**",
        lambda route: route.fulfill(
            content_type="text/html; charset=utf-8",
            body="<p>" + "Dòng đệm. " * 3000 + "</p><p id=x>Năm 2025 khép lại với GDP tăng 8,02% so với năm trước.</p>",
        ),
    )
    page.get_by_role("link", name="Mở đúng câu này trên Nhật Báo Thử").click()
    page.wait_for_url("https://nhatbao.example/**")
    page.wait_for_function("window.scrollY > 0")
    box = page.locator("#x").bounding_box()
    assert 0 <= box["y"] <= 900


def test_see_a_target_raised_and_what_came_of_it(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Tăng trưởng GDP", exact=True).last.click()
    see(page, "Tăng trưởng GDP")
    steps = page.locator(".ladder .amount").all_inner_texts()
    assert steps[:3] == ["khoảng +6,5–7%", "ít nhất +8%", "+8,3–8,5%"]
    chart = page.locator(".sheet .wide svg.chart").first
    assert chart.locator("a.target").count() == 3
    chart.locator("a.target").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/figures/*")
    assert "mục tiêu" in page.locator(".claim .kind").inner_text()


def test_see_a_value_revised_and_the_state_before(open_page: Callable[..., Any]) -> None:
    page = open_page("/indicators/gdp_growth")
    assert "+8,19%" in page.locator("table.revisions").inner_text()
    page.get_by_label("Theo hiểu biết đến ngày").fill("2025-08-01")
    page.get_by_role("button", name="Áp dụng").click()
    page.wait_for_url("**as_of=2025-08-01*")
    assert "Số liệu như đã biết vào ngày 1/8/2025." in page.locator("main").inner_text()
    assert page.locator("table.revisions").count() == 0


def test_find_a_wrong_share(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Kiểm tra", exact=True).click()
    see(page, "Kiểm tra")
    wrong = page.locator(".check.inconsistent").first
    assert "50 trên 200 là 25%, không phải 52%." in wrong.inner_text()
    wrong.get_by_role("link", name="Đại hội bầu ban chấp hành").click()
    see(page, "Đại hội bầu ban chấp hành")
    assert page.locator(".text a.wrong").inner_text() == "52%"


def test_read_an_article_with_its_marks(open_page: Callable[..., Any], figures: dict[str, str]) -> None:
    page = open_page(f"/figures/{figures['50 đại biểu']}")
    page.get_by_role("link", name="Đọc bài với các con số được đánh dấu").click()
    see(page, "Đại hội bầu ban chấp hành")
    assert page.locator("a.mark:target").inner_text() == "50 đại biểu"
    assert "thống kê" in page.locator("a.mark:target").get_attribute("title")
    page.locator("a.mark").first.click()
    see(page, "Đại biểu 200 người")


def test_an_altered_translation(open_page: Callable[..., Any]) -> None:
    page = open_page("/checks#translations")
    page.locator("section[aria-labelledby=translations]").get_by_role("link", name="The economy in 2025").click()
    see(page, "The economy in 2025")
    assert "Bản dịch và bản gốc có con số khác nhau." in page.locator(".banner").first.inner_text()


def test_the_boundary_of_a_place(open_page: Callable[..., Any]) -> None:
    page = open_page("/places/hai_phong@34")
    banner = page.locator(".banner")
    assert "không so sánh trực tiếp được" in banner.inner_text()
    banner.get_by_role("link", name="Hải Dương").click()
    see(page, "Hải Dương")


def test_compare_two_places_and_be_refused_what_cannot_be(open_page: Callable[..., Any]) -> None:
    page = open_page("/compare")
    page.get_by_label("Chỉ tiêu", exact=True).select_option(label="tăng trưởng GRDP")
    page.get_by_role("button", name="So sánh").click()
    page.wait_for_url("**indicator=grdp_growth*")
    page.get_by_label("Hải Phòng (từ 1/7/2025)").set_checked(True)
    page.get_by_label("Hải Phòng (đến 30/6/2025)").set_checked(True)
    page.get_by_role("button", name="So sánh").click()
    page.get_by_role("heading", name="Không so sánh được").wait_for()
    page.get_by_role("link", name="Chỉ so sánh").first.click()
    page.locator(".sheet .wide svg.chart").wait_for()


def test_see_the_break_at_the_merger(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Chỉ tiêu thống kê", exact=True).click()
    see(page, "Chỉ tiêu thống kê")
    page.get_by_role("link", name="Tăng trưởng GRDP", exact=True).click()
    see(page, "Tăng trưởng GRDP")
    page.get_by_label("Địa phương", exact=True).select_option(value="hai_phong@34")
    page.get_by_role("button", name="Áp dụng").click()
    page.get_by_role("heading", name="Điểm gãy của chuỗi").wait_for()
    note = page.locator("section[aria-labelledby=breaks]")
    assert "1/7/2025" in note.inner_text()
    note.get_by_role("link", name="Hải Dương").click()
    see(page, "Hải Dương")


@pytest.mark.parametrize("scripts", [True, False])
def test_paste_a_paragraph_and_check_its_numbers(open_page: Callable[..., Any], scripts: bool) -> None:
    page = open_page("/", java_script_enabled=scripts)
    page.get_by_role("link", name="Đối chiếu từng con số trong đó").click()
    see(page, "Đối chiếu một đoạn văn")
    page.get_by_label("Đoạn văn").fill(
        "GDP năm 2025 của Việt Nam tăng 8,02%.\nGDP quý II/2025 tăng 7,96%, năm 2025 tăng 9,3%."
    )
    page.get_by_role("button", name="Đối chiếu").click()
    page.get_by_role("heading", name="Kết quả").wait_for()
    assert "GDP" not in page.url
    marks = page.locator(".pasted a.mark")
    assert marks.all_inner_texts() == ["8,02%", "7,96%", "9,3%"]
    stamps = page.locator(".weighed .stamp").all_inner_texts()
    assert stamps == ["Khớp", "Đã được thay thế", "Khác với đã đăng"]
    marks.nth(1).click()
    assert page.url.endswith("#n2")
    page.locator("#n2 .values a", has_text="8,19%").click()
    see(page, "+8,19%")


def test_switch_the_language_and_keep_it(open_page: Callable[..., Any]) -> None:
    page = open_page("/search?q=GDP")
    page.get_by_role("link", name="English").click()
    see(page, "Results for “GDP”")
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator(".receipt .value a").first.click()
    see(page, "GDP growth")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("searchbox").fill("GDP")
    page.keyboard.press("Enter")
    see(page, "Results for “GDP”")


def test_everything_but_copying_works_without_scripts(open_page: Callable[..., Any]) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("searchbox").fill("GDP")
    page.get_by_role("button", name="Tìm").click()
    see(page, "Kết quả cho “GDP”")
    page.locator(".facet a").first.click()
    page.wait_for_url("**&kind=*")
    page.locator(".receipt .value a").first.click()
    see(page, "Tăng trưởng GDP")
    assert page.get_by_role("button", name="Sao chép").count() == 0
    assert page.locator("#cite-vi").is_visible()
    page.get_by_text("BibTeX", exact=True).first.click()
    assert page.locator("#cite-bib").is_visible()


def test_the_keyboard_reaches_the_content_first(open_page: Callable[..., Any]) -> None:
    page = open_page("/checks")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến nội dung chính"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("width", "scheme"), VISITORS)
def test_nothing_is_wider_than_the_screen_or_hard_to_read(
    open_page: Callable[..., Any], figures: dict[str, str], width: int, scheme: str
) -> None:
    page = open_page("/", width=width, color_scheme=scheme)
    base = page.url.rstrip("/")
    article = page.request.get(f"{base}/figures/{figures['52%']}.json").json()["data"]["article"]["id"]
    paths = [
        "/",
        "/search?q=GDP",
        f"/figures/{figures['52%']}",
        "/indicators",
        "/indicators/gdp_growth",
        f"/articles/{article}",
    ]
    paths += [
        "/checks",
        "/commitments",
        "/compare?indicator=gdp_growth",
        "/places/hai_phong@34",
        "/coverage",
        "/about",
        "/nowhere",
        "/topics/macro",
        "/instruments",
        "/instruments/226-nq-cp",
        "/snapshot",
        "/check",
        "/check?text=GDP+n%C4%83m+2025+t%C4%83ng+8,02%25,+n%C4%83m+1999+t%C4%83ng+4,8%25,+n%C4%83m+2025+t%C4%83ng+9,3%25",
    ]
    for path in paths:
        page.goto(base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(CONTRAST) == [], path


CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const f = (c) => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one).backgroundColor;
      const mixed = style.startsWith("color(srgb");
      const [r, g, b, a = 1] = parse(mixed ? style.slice(10) : style).map((c, i) => mixed && i < 3 ? c * 255 : c);
      if (a > 0) layers.push([r, g, b, a]);
      if (a === 1) break;
    }
    return layers.reverse().reduce((under, [r, g, b, a]) =>
      [r, g, b].map((c, i) => c * a + under[i] * (1 - a)), [255, 255, 255]);
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (!walker.currentNode.data.trim() || element.closest("svg, .hidden, .skip, .code, [hidden], option, script")) continue;
    if (!element.checkVisibility()) continue;
    const a = light(parse(style.color)), b = light(ground(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${walker.currentNode.data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


def test_a_page_can_be_printed(open_page: Callable[..., Any], figures: dict[str, str]) -> None:
    page = open_page(f"/figures/{figures['8,02%']}", width=800)
    page.emulate_media(media="print")
    assert not page.locator(".masthead nav").is_visible()
    assert page.locator(".words blockquote").is_visible()
    assert page.locator("#cite-vi").is_visible()
    assert re.match(rb"%PDF", page.pdf())
