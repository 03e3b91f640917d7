from __future__ import annotations

from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.token import Token

from hardcut.engine.report_data import Pending, Report
from hardcut.finding import Declared, Finding
from hardcut.report import markdown
from hardcut.report.view import View
from tests.report.hostile import TEXTS, hostile_report

Make = Callable[..., Finding]
Gather = Callable[..., Report]
VIEW = View(root="/nowhere")


def tokens(text: str) -> list[Token]:
    """The document, flat, as a Markdown parser with GitHub's tables reads it."""
    blocks = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    return [one for block in blocks for one in (block, *(block.children or []))]


def test_a_table_then_the_findings(finding: Make, report: Gather) -> None:
    found = report(
        finding(message="`shop.legacy_cart` is deleted"),
        finding("b_c.py", severity="warning"),
        contested=[finding("d.py", contested="why")],
        pending=[Pending("ceiling", "4", "shop", Declared("p.toml", 1))],
        notes=["no git"],
    )
    assert markdown.render(found, VIEW).split("\n") == [
        "## hardcut: 1 error, 1 warning in 2 files (1,109 checked); 1 contested",
        "",
        "> no git",
        "",
        "> not checked yet\\: 1 gate (ceiling 1)",
        "",
        "| plan | wave | rule | errors | warnings | info | contested |",
        "|---|---|---|--:|--:|--:|--:|",
        "| shop | 0 (landed) | CUT101 deleted-module-import | 1 | 1 | 0 | 1 |",
        "",
        "### Findings",
        "",
        "- `b_c.py:3:18` CUT101 deleted-module-import (warning): shop.legacy\\_cart is deleted;"
        " import shop.cart instead",
        "- `src/app/main.py:3:18` CUT101 deleted-module-import: `shop.legacy_cart` is deleted;"
        " import shop.cart instead",
        "",
        "### Contested",
        "",
        "- `d.py:3:18` CUT101 deleted-module-import: shop.legacy\\_cart is deleted; contested: why;"
        " import shop.cart instead",
        "",
    ]


def test_names_in_code_keep_every_character(finding: Make, report: Gather) -> None:
    for name in ("a`b.py", "``.py`", " x ", "x\\"):
        (place,) = [
            one.content
            for one in tokens(markdown.render(report(finding(name, message="m", help="")), VIEW))
            if one.type == "code_inline"
        ]
        assert place == f"{name}:3:18"


def test_nothing_found(report: Gather) -> None:
    assert markdown.render(report(), VIEW) == "## hardcut: no findings (1,109 files checked)\n"


def test_hostile_texts_are_text() -> None:
    found = tokens(markdown.render(hostile_report(), VIEW))
    kinds = {one.type for one in found}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "fence", "code_block", "s_open"}
    rows = [one for one in found if one.type == "tr_open"]
    cells = [one for one in found if one.type in ("td_open", "th_open")]
    assert len(cells) == 7 * len(rows) == 7 * (1 + len(TEXTS))
    assert len([one for one in found if one.type == "list_item_open"]) == 2 * len(TEXTS)
    text = "".join(one.content for one in found if one.type in ("text", "text_special", "code_inline"))
    assert "[link](http://example.com) ![i](x) | a | " in text
    assert "<b onclick=\"x\">&amp; 'q' </failure>" in text


def test_a_summary_that_would_be_too_large_says_what_is_left_out(finding: Make, report: Gather) -> None:
    found = [finding(f"{number}.py", message="é" * 2_000) for number in range(1_000)]
    text = markdown.render(report(*found), VIEW)
    assert len(text.encode()) < 1_000_000
    assert text.endswith(" more, left out for their length\n")
