"""Writes the parts of docs/ that say what the program itself knows: every setting, every command.

``python scripts/write_docs.py`` rewrites them in place; a test compares them with the program.
"""

import sys
from pathlib import Path
from typing import Any, get_args

from typer.main import get_command

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import cli  # noqa: E402 - found through the line above
from core.settings import PREFIX, Settings  # noqa: E402

BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def settings_table() -> str:
    """Return the table of all settings."""
    rows = ["| Setting | Default | What it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        rows.append(f"| `{PREFIX}{name.upper()}` | {_default(name, field)} | {field.description} |")
    return "\n".join(rows)


def _default(name: str, field: Any) -> str:
    if name == "home":
        return "the user's data folder, e.g. `~/.local/share/playprint`"
    value = field.get_default(call_default_factory=True)
    plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
    return "empty" if plain == "" else f"`{str(plain).lower() if isinstance(plain, bool) else plain}`"


def commands_text() -> str:
    """Return a section for every command."""
    return "\n\n".join(_sections(get_command(cli.app), "playprint"))


def _sections(command: Any, name: str) -> list[str]:
    if hasattr(command, "commands"):
        return [section for part, inner in command.commands.items() for section in _sections(inner, f"{name} {part}")]
    usage = " ".join([name, *(_usage(parameter) for parameter in command.params if not _unseen(parameter))])
    lines = [f"## {name}", "", f"`{usage}`", "", _markdown(command.help or "")]
    options = [_line(parameter) for parameter in command.params if not _unseen(parameter) and parameter.help]
    return ["\n".join([*lines, *([""] if options else []), *options])]


def _unseen(parameter: Any) -> bool:
    return getattr(parameter, "hidden", False) or parameter.name == "help"


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        choices = get_args(parameter.type_descriptor.annotation)
        return parameter.metavar or "|".join(map(str, choices))
    return str(parameter.opts[-1])


def _usage(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _name(parameter)
    return f"[{_name(parameter)}]" if parameter.is_flag else f"[{_name(parameter)} {parameter.metavar}]"


def _line(parameter: Any) -> str:
    value = "" if parameter.param_type_name == "argument" or parameter.is_flag else f" {parameter.metavar}"
    default = f" Default: {parameter.default}." if isinstance(parameter.default, int) and value else ""
    return f"- `{_name(parameter)}{value}`: {parameter.help}{default}"


def _markdown(text: str) -> str:
    """Return a help text as Markdown: bold marks changed, indented examples as code."""
    plain = text.replace("[bold]", "**").replace("[/bold]", "**")
    return "\n".join(f"    {line.strip()}" if line.startswith("  ") else line for line in plain.splitlines())


def expected() -> dict[Path, str]:
    """Return the files with generated parts and what these parts should be."""
    docs = ROOT / "docs"
    return {docs / "settings.md": settings_table(), docs / "command-line.md": commands_text()}


def split(page: Path) -> tuple[str, str, str]:
    """Return what stands before, inside and after the generated part of a page."""
    before, rest = page.read_text().split(BEGIN)
    inside, after = rest.split(END)
    return before, inside.strip(), after


def main() -> None:
    """Write every generated part anew."""
    for page, text in expected().items():
        before, _, after = split(page)
        page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


if __name__ == "__main__":
    main()
