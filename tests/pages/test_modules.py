"""Which modules a page's script needs."""

from pathlib import Path

import pytest

from syncplay_backend.pages import modules
from syncplay_backend.settings import BASE_DIR

WEB = BASE_DIR / "web"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text)


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def test_all_ways_to_import_are_found(tmp_path: Path) -> None:
    text = (
        'import { a,\n  b } from "./one.js";\nimport "./two.js";\n'
        "import * as c from './three.js';\n"
        'export { d } from "./four.js";\nexport * from "./five.js";\nimport e from "./six.js";\n'
    )
    write(tmp_path, main=text)
    found = modules.imports(tmp_path / "main.js")
    assert names(found) == ["one", "two", "three", "four", "five", "six"]


def test_what_is_loaded_later_or_only_talked_of_is_not(tmp_path: Path) -> None:
    text = (
        'const load = () => import("./later.js");\n'
        'export const path = "./path.js";\nexport function f() {}\nconst g = "./g.js";\n'
        '// import "./comment.js";\n'
    )
    write(tmp_path, main=text)
    assert modules.imports(tmp_path / "main.js") == []


def test_everything_below_is_found_once_in_circles_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        main='import "./a.js";\nimport "./b.js";\n',
        a='import "./c.js";\n',
        b='import "./c.js";\nimport "./a.js";\n',
        c='import "./a.js";\n',
    )
    assert names(modules.all_imports(tmp_path / "main.js")) == ["a", "b", "c"]


@pytest.mark.parametrize("entry", ["main-front.js", "main-room.js"])
def test_what_the_pages_need_is_there(entry: str) -> None:
    needed = modules.needed_by(entry)
    assert entry not in needed
    assert [path for path in needed if not (WEB / path).is_file()] == []


def test_the_library_for_hls_is_loaded_only_when_it_is_needed() -> None:
    assert not [path for path in modules.needed_by("main-room.js") if "vendor" in path]
