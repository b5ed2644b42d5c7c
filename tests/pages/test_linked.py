"""A page's script and all that it needs, as one file."""

import gzip
import subprocess
from pathlib import Path

import pytest

from syncplay_backend.pages.linked import NotLinkable, linked
from syncplay_backend.settings import BASE_DIR
from tests.node import find_node

WEB = BASE_DIR / "web"
ENTRIES = sorted(WEB.glob("main-*.js"))


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text)
    return folder / "main.js"


def run(folder: Path, text: str) -> str:
    """What the script writes."""
    script = folder / "linked.mjs"
    script.write_text(text)
    done = subprocess.run(
        [find_node(), script], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_does_what_the_modules_did(tmp_path: Path) -> None:
    main = write(
        tmp_path,
        main=(
            '/** The whole. */\n\nimport { shout as cry,\n  Crier } from "./voice.js";\n'
            'import * as words from "./words.js";\n\n// at last\n'
            "console.log(cry(words.HELLO), await new Crier().cry());\n"
        ),
        voice=(
            'import { HELLO } from "./words.js";\n\n'
            "export function shout(text) {\n  return `${text}!`;\n}\n\n"
            "export class Crier {\n  async cry() {\n    return shout(HELLO); // twice\n  }\n}\n"
        ),
        words='/* one\n * two */\nexport const HELLO = "// Hello";\nconst hidden = 1;\n',
    )
    text = linked(main)
    assert run(tmp_path, text) == "// Hello! // Hello!\n"
    assert "The whole" not in text
    assert "at last" not in text


def test_each_module_is_in_it_once_and_keeps_its_own_names(tmp_path: Path) -> None:
    alike = (
        'import { count } from "./counter.js";\nconst own = "NAME";\n'
        "export const NAME = own + count();\n"
    )
    main = write(
        tmp_path,
        main='import { a } from "./a.js";\nimport { b } from "./b.js";\nconsole.log(a, b);\n',
        a=alike.replace("NAME", "a"),
        b=alike.replace("NAME", "b"),
        counter="let counted = 0;\nexport function count() {\n  return (counted += 1);\n}\n",
    )
    assert run(tmp_path, linked(main)) == "a1 b2\n"


def test_what_is_loaded_later_is_found_from_the_new_place(tmp_path: Path) -> None:
    deep = tmp_path / "deep"
    deep.mkdir()
    write(deep, open='export const open = async () => (await import("./later.js")).late;\n')
    write(deep, later='export const late = "late";\n')
    main = write(
        tmp_path, main='import { open } from "./deep/open.js";\nconsole.log(await open());\n'
    )
    (tmp_path / "package.json").write_text('{"type": "module"}')
    assert run(tmp_path, linked(main)) == "late\n"


@pytest.mark.parametrize(
    "text",
    [
        "export default 1;\n",
        'export { a } from "./a.js";\n',
        'import a from "./a.js";\n',
        "const text = `one\n  two`;\n",
    ],
)
def test_another_form_is_refused(tmp_path: Path, text: str) -> None:
    main = write(tmp_path, main='import { b } from "./b.js";\n', b=text, a="export const a = 1;\n")
    with pytest.raises(NotLinkable):
        linked(main)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_the_pages_scripts_are_written_in_that_form(tmp_path: Path, entry: Path) -> None:
    text = linked(entry)
    script = tmp_path / "linked.mjs"
    script.write_text(text)
    subprocess.run([find_node(), "--check", script], check=True, timeout=30)
    assert "/**" not in text
    assert len(gzip.compress(text.encode())) < 42 * 1024
