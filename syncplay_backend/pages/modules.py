"""Which modules a page's script needs.

In development a browser asks for all of them at once. Without that it learns of a module's imports
only once it has that module: one round trip after another, as deep as the floors of `web/` are. In
production they are linked into one (`linked.py`).
"""

import re
from pathlib import Path

from django.conf import settings

# What is loaded with the page; `import("./x.js")` is loaded when it is needed.
STATIC_IMPORT = re.compile(
    r"""^(?:import\s*|(?:import|export)\b[^;"'()]*?\bfrom\s*)["'](\.{1,2}/[^"']+)["']""",
    re.MULTILINE,
)


def imports(module: Path) -> list[Path]:
    """The modules that one names, in order."""
    named = STATIC_IMPORT.findall(module.read_text(encoding="utf-8"))
    return [(module.parent / name).resolve() for name in named]


def all_imports(entry: Path) -> list[Path]:
    """Everything that is loaded with `entry`, without itself; what is named first comes first."""
    found: dict[Path, None] = {}
    waiting = imports(entry)
    while waiting:
        module = waiting.pop(0)
        if module not in found:
            found[module] = None
            waiting += imports(module)
    return list(found)


def needed_by(entry: str) -> list[str]:
    """Paths inside `web/` of what the script `entry` needs."""
    web = Path(settings.WEB).resolve()
    script = web.joinpath(*entry.split("/"))  # a template's own kind of string makes no path
    return [module.relative_to(web).as_posix() for module in all_imports(script)]
