from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from hardcut.report.escape import encodable
from hardcut.report.plain_json import dump


@given(st.lists(st.dictionaries(st.just("key"), st.text(st.characters(codec=None)))))
def test_what_is_read_back_is_what_was_written(data: list[dict[str, str]]) -> None:
    text = dump(data)
    assert text.endswith("\n")
    assert not [char for char in text if char != "\n" and (char < " " or "\x7f" <= char <= "\x9f")]
    assert json.loads(text.encode()) == [
        {key: encodable(value) for key, value in one.items()} for one in data
    ]
