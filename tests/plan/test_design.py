"""The manifest that the design shows, whole: every kind of gate, in the file's order, located."""

from __future__ import annotations

from collections.abc import Callable

from hardcut.finding import Declared
from hardcut.plan.gates import LoadedPlan
from hardcut.plan.model import KINDS, Ceiling, Delete, Keep, Move, Remove

DESIGN = """\
[plan]
name = "datafusion-engine-decomposition"
source = ["src"]                      # import roots
check = ["src", "tests", "tools", "scripts", "docs", "pyproject.toml"]

[[wave]]
id = "0"
title = "Delete dead paths"
state = "landed"

[[wave.delete]]
module = "datafusion_engine.workload"           # the package and all below it
reason = "never wired in; the Rust engine owns session tuning"
decision = { question = "delete or wire in?", chosen = "delete" }

[[wave.remove]]
module = "datafusion_engine.udf.platform"
symbols = ["_is_native_available", "_build_fallback_platform", "_SOFT_FAIL_LOGGED"]

[[wave.keep]]
module = "datafusion_engine.schema.extraction_schemas"
symbols = ["extract_schema_for"]      # or files = [...]

[[wave.move]]
from = "datafusion_engine.schema.registry"
to = "datafusion_engine.schema.extraction_schemas"
symbols = ["extract_schema_for"]

[[wave.surface]]
only = "datafusion_ext"
banned = ["datafusion._internal"]
within = ["datafusion_engine"]
text_references = "error"                    # strings, messages and comments count too

[[wave.fail_fast]]
guard = ["datafusion_ext", "datafusion_engine.udf.platform.install_rust_udf_platform"]
within = ["datafusion_engine"]

[[wave.delegate]]                     # Python may only marshal; Rust does the work
function = "datafusion_engine.delta.protocol.validate_delta_protocol"
to = "datafusion_ext"

[[wave.ceiling]]
path = "src/datafusion_engine/session/runtime.py"
max_lines = 4000

[[wave.ceiling]]
path = "src/datafusion_engine/session/config.py"
max_lines = 1600
min_lines = 750                       # a split that moved nothing is no split

[[wave.shrink]]                       # measured between two revisions
paths = ["src/datafusion_engine/delta"]
at_least = 300

[[wave.align]]                        # one version in several files
name = "datafusion"
in = ["pyproject.toml", "uv.lock", "rust/Cargo.toml", "rust/Cargo.lock"]
to = "minor"

[[wave.no_shims]]                     # these packages' __init__ re-export nothing
packages = ["datafusion_engine.session", "datafusion_engine.schema"]

[[wave.native]]                       # no Python implementation of what Rust owns
what = "udf"
within = ["datafusion_engine.udf"]

[[wave.document]]
module = "datafusion_engine.delta.protocol"
must_mention = ["Rust"]

[[wave.absent]]
paths = ["tests/unit/datafusion_engine/workload"]

[[wave.entrypoint]]                   # asked in the user's environment, on request only
module = "datafusion_ext"
names = ["register_codeanatomy_udfs"]

[[wave.benchmark]]
result = "benchmarks/wave2.json"
baseline = "benchmarks/baseline.json"
tolerance = "5%"

[[wave.snapshot]]
file = "benchmarks/wave2.settings.csv"
of = "datafusion"                     # SHOW ALL / information_schema.df_settings

[[wave.quality]]                      # run on request only
commands = ["uv run ruff format --check", "uv run ruff check", "uv run pyright", "uv run pytest -q"]

[[waiver]]
rule = "CUT303"
path = "tests/conftest.py"
reason = "the capability probe is rewritten in wave 5"
until = "2031-01-31"
"""

Load = Callable[[str], LoadedPlan]


def test_it_loads_with_every_gate_at_its_line(load: Load) -> None:
    plan = load(DESIGN)
    lines = DESIGN.split("\n")
    headers = [number for number, line in enumerate(lines, 1) if line.startswith("[[wave.")]
    assert [gate.declared for gate in plan.gates] == [Declared("cutover.toml", line) for line in headers]
    kinds = [lines[line - 1].partition("wave.")[2].partition("]")[0] for line in headers]
    assert [type(gate.entry) for gate in plan.gates] == [KINDS[kind] for kind in kinds]
    assert set(kinds) == set(KINDS)
    assert {(gate.plan, gate.wave, gate.state) for gate in plan.gates} == {(plan.name, "0", "landed")}
    assert plan.name == "datafusion-engine-decomposition"
    assert plan.contradictions == []


def test_values_arrive(load: Load) -> None:
    plan = load(DESIGN)
    (delete,) = plan.of(Delete)
    assert delete.entry.module == "datafusion_engine.workload"
    assert delete.entry.decision is not None
    assert (delete.entry.decision.question, delete.entry.decision.chosen) == ("delete or wire in?", "delete")
    (move,) = plan.of(Move)
    assert move.entry.from_ == "datafusion_engine.schema.registry"
    assert [ceiling.entry.min_lines for ceiling in plan.of(Ceiling)] == [None, 750]
    assert plan.manifest.plan.source == ["src"]
    assert plan.manifest.plan.text_references == "warning"
    assert plan.manifest.waiver[0].until == "2031-01-31"


def test_places_of_the_plan_its_waves_and_waivers(load: Load) -> None:
    plan = load(DESIGN + '\n[[revive]]\nmodule = "datafusion_engine.workload.x"\nreason = "asked for"\n')
    lines = ["", *DESIGN.split("\n")]
    assert lines[plan.declared.line] == "[plan]"
    assert [lines[place.line] for place in plan.waves] == ["[[wave]]"]
    assert [lines[place.line] for place in plan.waivers] == ["[[waiver]]"]
    assert [place.line for place in plan.revives] == [DESIGN.count("\n") + 2]


def test_gates_are_in_the_order_of_the_file_not_of_their_kinds(load: Load) -> None:
    plan = load("""\
[plan]
name = "x"
[[wave]]
id = "0"
[[wave.keep]]
files = ["b"]
[[wave.remove]]
module = "a"
symbols = ["f"]
[[wave.keep]]
files = ["c"]
""")
    assert [type(gate.entry) for gate in plan.gates] == [Keep, Remove, Keep]


def test_gates_may_be_inline_tables(load: Load) -> None:
    plan = load("""\
wave = [
    { id = "0", delete = [{ module = "a" }, { module = "b" }] },
    { id = "1", state = "active", delete = [
        { module = "c" },
    ] },
]

[plan]
name = "x"
""")
    found = [(gate.wave, gate.state, gate.declared.line, gate.entry.module) for gate in plan.of(Delete)]
    assert found == [("0", "planned", 2, "a"), ("0", "planned", 2, "b"), ("1", "active", 4, "c")]
    assert [place.line for place in plan.waves] == [2, 3]
    assert plan.declared.line == 8
