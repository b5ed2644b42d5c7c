"""A page's script and all the modules that it needs, as one file without comments.

What is many small files to read is many round trips to fetch, and compresses badly. Nothing is
built: a process links them once, when it starts, and in development they are served as they are.

It understands the form in which `web/` is written, and refuses any other: named exports of
declarations, imports by name or of a whole module, comments on lines of their own, no text of
more than one line.
"""

import posixpath
import re
from pathlib import Path

from syncplay_backend.pages.modules import imports

COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)
BY_NAME = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
WHOLE = re.compile(r'^import \* as (\w+) from "([^"]+)";\n', re.MULTILINE)
LATER = re.compile(r'\bimport\("(\.[^"]+)"\)')
DECLARED = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
LEFT_OVER = re.compile(r"^(?:import|export)\b[^(]*$", re.MULTILINE)


class NotLinkable(ValueError):  # noqa: N818 - a module that is written in another form
    """A module imports or exports in a way that is not known here."""


def linked(entry: Path) -> str:
    """The text of one module that does what `entry` does, in the same place."""
    needed = _in_order(entry.resolve(), {})
    names = {module: f"$${number}" for number, module in enumerate(needed)}
    return "".join(_linked_module(module, entry, names) for module in needed)


def _in_order(module: Path, done: dict[Path, None]) -> dict[Path, None]:
    """Every module after those that it needs."""
    for needed in imports(module):
        if needed not in done:
            _in_order(needed, done)
    done[module] = None
    return done


def _linked_module(module: Path, entry: Path, names: dict[Path, str]) -> str:
    def name_of(path: str) -> str:
        return names[(module.parent / path).resolve()]

    def by_name(found: re.Match[str]) -> str:
        wanted = re.sub(r"(\w+)\s+as\s+(\w+)", r"\1: \2", found[1])
        return f"const {{{wanted}}} = {name_of(found[2])};\n"

    code = COMMENT.sub("", module.read_text(encoding="utf-8"))
    code = BY_NAME.sub(by_name, code)
    code = WHOLE.sub(lambda found: f"const {found[1]} = {name_of(found[2])};\n", code)
    code = LATER.sub(lambda found: f'import("{_from_entry(found[1], module, entry)}")', code)
    exported = [found[2] for found in DECLARED.finditer(code)]
    code = INDENT.sub("", DECLARED.sub(r"\1", code))
    _refuse_other_forms(module, code)
    if module == entry.resolve():
        return code
    return f"const {names[module]} = (() => {{\n{code}return {{{', '.join(exported)}}};\n}})();\n"


def _refuse_other_forms(module: Path, code: str) -> None:
    if left := LEFT_OVER.search(code):
        raise NotLinkable(f"{module}: {left[0]}")
    for line in code.splitlines():
        if line.count("`") % 2:
            raise NotLinkable(f"{module}: a text of more than one line: {line}")


def _from_entry(path: str, module: Path, entry: Path) -> str:
    target = (module.parent / path).resolve()
    return "./" + posixpath.relpath(target.as_posix(), entry.resolve().parent.as_posix())
