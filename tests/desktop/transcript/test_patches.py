"""The notations that agent programs have for edits."""

from desktop.delegates import patches

PATCH = """*** Begin Patch
*** Update File: src/a.py
*** Move to: src/b.py
@@ def refresh
 before
-old
+new
@@
-gone
*** Add File: c.py
+one
+two
*** Delete File: d.py
*** End Patch
and what a shell has after it
"""


def test_a_patch_is_cut_into_files() -> None:
    found = patches.parsed(PATCH)

    assert [(each.action, each.path, each.moved) for each in found] == [
        ("Update", "src/a.py", "src/b.py"),
        ("Add", "c.py", ""),
        ("Delete", "d.py", ""),
    ]
    assert [(line.sign, line.text) for line in found[0].changes.lines] == [
        ("@", "def refresh"), (" ", "before"), ("-", "old"), ("+", "new"), ("@", ""), ("-", "gone"),
    ]  # fmt: skip
    assert (found[1].changes.added, found[2].changes.lines) == (2, ())


def test_a_patch_that_was_cut_off_gives_what_is_there() -> None:
    found = patches.parsed("*** Begin Patch\n*** Add File: c.py\n+one")

    assert [(each.path, each.changes.added) for each in found] == [("c.py", 1)]
    assert patches.parsed("*** Begin Patch\nnonsense") == ()
    assert patches.whole(PATCH).added == 3


def test_search_and_replace_blocks_are_compared() -> None:
    text = "------- SEARCH\nold\nsame\n=======\nnew\nsame\n+++++++ REPLACE\n"
    other = "<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE"
    for each, first in ((text, "old"), (other, "x")):
        made = patches.blocks(each)

        assert made is not None
        assert (made.added, made.removed, made.lines[0].text) == (1, 1, first)
    assert patches.blocks("no such thing") is None
