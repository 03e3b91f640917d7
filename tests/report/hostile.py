"""Names and texts that try to break out of a format, and a report that is full of them."""

from __future__ import annotations

from hardcut.engine.report_data import Pending, Report
from hardcut.finding import Declared, Finding, Place

TEXTS = (
    "two\nlines\r\nand\rthree",
    "::error file=x::no\n::set-env name=A::b ##[add-path]x",
    "100% %0A %25 a,b:c",
    "]]> <b onclick=\"x\">&amp; 'q' </failure>",
    'quote " and \\ backslash',
    "caf\udce9 \ud800 \udfff",
    "\x1b[2J\x1b]8;;x\x07 \x00 \x7f \x9b \u202e \ufeff \ufffe \uffff",
    "[link](http://example.com) ![i](x) | a | `code` ``x`` <!-- $x$ @someone #1 www.example.com {0}",
    "x" * 70_000,
    "é名🎉 \u2028 end",
    "`",
    "",
)


def _finding(text: str, number: int, **other: object) -> Finding:
    values: dict[str, object] = {
        "rule": "deleted-module-in-text",
        "code": "CUT103",
        "plan": f"plan {text}",
        "wave": text,
        "state": "landed",
        "severity": ("error", "warning", "info")[number % 3],
        "place": Place(f"src/{text}.py", 3, 18, 3, 29),
        "subject": text,
        "form": "string",
        "message": text,
        "help": text,
        "declared": Declared(f"{text}.toml", 14),
    }
    return Finding(**(values | other))  # type: ignore[arg-type]


def hostile_report() -> Report:
    findings = [_finding(text, number) for number, text in enumerate(TEXTS)]
    return Report(
        findings=findings,
        contested=[_finding(text, number, contested=text) for number, text in enumerate(TEXTS)],
        pending=[Pending("ceiling", text, f"plan {text}", Declared(f"{text}.toml", 1)) for text in TEXTS],
        files=12,
        read=12,
        whole=True,
        notes=list(TEXTS),
    )
