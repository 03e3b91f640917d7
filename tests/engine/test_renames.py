"""Renamed files are known again by their contents, before git is told of them and after."""

from __future__ import annotations

from hardcut.engine.history.renames import MOST, renames

BODY = b"".join(b"value_%d = %d\n" % (number, number) for number in range(20))


def test_the_same_content_goes_before_a_like_one() -> None:
    gone = {"a/one.py": BODY, "a/two.py": BODY + b"more = 1\n"}
    assert renames({"b/two.py": BODY, "b/one.py": BODY + b"more = 2\n"}, gone) == {
        "b/two.py": "a/one.py",
        "b/one.py": "a/two.py",
    }


def test_of_equals_the_one_whose_path_ends_alike() -> None:
    gone = {"a/x/same.py": BODY, "a/y/same.py": BODY}
    assert renames({"b/y/same.py": BODY, "b/x/same.py": BODY}, gone) == {
        "b/x/same.py": "a/x/same.py",
        "b/y/same.py": "a/y/same.py",
    }


def test_less_than_half_is_another_file_and_so_is_another_kind() -> None:
    assert renames({"b.py": BODY[:40] + b"x = 1\n" * 60}, {"a.py": BODY}) == {}
    assert renames({"b.txt": BODY + b"x"}, {"a.py": BODY}) == {}
    assert renames({"b.py": b""}, {"a.py": b""}) == {}


def test_each_old_file_is_taken_once() -> None:
    found = renames({"b.py": BODY, "c.py": BODY}, {"a.py": BODY})
    assert list(found.values()) == ["a.py"]


def test_of_too_many_only_equal_ones_and_namesakes_are_found() -> None:
    texts = [b"".join(b"%d = %d\n" % (number, line) for line in range(9)) for number in range(MOST // 200)]
    gone = {f"old/{number}.py": text for number, text in enumerate(texts)}
    new = {f"new/{number}_.py": text + b"more\n" for number, text in enumerate(texts)}
    assert len(renames(new, gone)) == 0
    new["new/1.py"] = new.pop("new/1_.py")
    new["new/2_.py"] = texts[2]
    assert renames(new, gone) == {"new/1.py": "old/1.py", "new/2_.py": "old/2.py"}
    few = {path: new[path] for path in ("new/5_.py", "new/6_.py")}
    assert renames(few, gone) == {"new/5_.py": "old/5.py", "new/6_.py": "old/6.py"}
