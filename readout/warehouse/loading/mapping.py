"""Mappings: YAML that says how another system's file becomes rows of the contract. docs/loading.md is the manual.

Read strictly: every fault is named with its line, expressions are parsed before a file is opened.
"""

from dataclasses import dataclass
from pathlib import Path

from readout.marked_yaml import FaultsError, read_document, validate
from readout.resources import shipped
from readout.warehouse.errors import InputError
from readout.warehouse.loading.evaluate import PSEUDO
from readout.warehouse.loading.mapping_check import Checker, Part, plain
from readout.warehouse.loading.mapping_model import MappingModel, SettingModel
from readout.warehouse.loading.plan import Plan, closest
from readout.warehouse.loading.reading import Content, read_rows
from readout.warehouse.loading.source import Source


@dataclass(frozen=True)
class MappingFile:
    """A mapping ready for use: its parts, and its constants with the values given by --set."""

    name: str
    path: str
    table: str
    parts: tuple[Part, ...]
    constants: dict[str, str | None]

    def planned(self, content: Content) -> tuple[Source, Plan]:
        """Return a file's rows and what is to be made of them.

        Raises:
            InputError: the file has a shape or lacks a column that the mapping needs.
        """
        shaped = [part for part in self.parts if part.when in {"", content.shape} or isinstance(part.when, tuple)]
        if not shaped:
            shapes = " or ".join(str(part.when) for part in self.parts)
            found = content.shape or content.format
            message = (
                f"{content.name}: mapping {self.name} is for a JSON {shapes}, this is {found}; use another mapping"
            )
            raise InputError(message)
        source = read_rows(content, shaped[0].levels)
        part = next((part for part in shaped if _fits(part, source)), None)
        if not part:
            wanted = "; or ".join(", ".join(part.when) for part in shaped if isinstance(part.when, tuple))
            message = f"{content.name}: mapping {self.name} is for files with columns {wanted}; this file lacks some"
            raise InputError(message)
        if self.table not in {target.table.name for target in part.targets}:
            message = f"{content.name}: mapping {self.name} makes no {self.table} of a file of this shape"
            raise InputError(message)
        return source, self._plan(part, source)

    def _plan(self, part: Part, source: Source) -> Plan:
        have = {name.lower() for name in source.columns}
        columns = {derived.name.lower(): derived for step in part.derived for derived in step}
        made = set(columns)
        if twice := have & made:
            name = min(twice)
            message = f"{columns[name].place}: derive.{name} is a column of {source.name} already; name it otherwise"
            raise InputError(message)
        absent = []
        for name, place in part.reads.items():
            if name.lower() in have | made | set(PSEUDO):
                continue
            if not source.open_ended and name.lower() not in part.optional:
                message = (
                    f"{place}: column {name!r} is not in {source.name}{closest(name, list(source.columns))}; "
                    "use the mapping for this file, or list the column under optional_columns"
                )
                raise InputError(message)
            absent.append(name)
        return Plan(
            self.table,
            part.targets,
            self.constants,
            part.null_words,
            as_text=True,
            derived=part.derived,
            rejects=part.rejects,
            notes=part.notes,
            absent=tuple({name.lower(): name for name in absent}.values()),
            warnings=source.warnings,
        )


def _fits(part: Part, source: Source) -> bool:
    return not isinstance(part.when, tuple) or {name.lower() for name in part.when} <= {
        name.lower() for name in source.columns
    }


def shipped_mappings() -> list[str]:
    """Return the names of the mappings that come with the product."""
    folder = shipped("data") / "mappings"
    return sorted(path.stem for path in folder.glob("*.yaml"))


def resolve_mapping(name_or_path: str | Path) -> Path:
    """Return the file of a mapping, given its path or the name of one that ships (`azure-llm-code`).

    Raises:
        InputError: it is neither.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    known = shipped_mappings()
    if str(name_or_path) in known:
        return shipped("data") / "mappings" / f"{name_or_path}.yaml"
    message = (
        f"--mapping {name_or_path}: is neither a file nor a mapping that comes with readout "
        f"({', '.join(known)}){closest(str(name_or_path), known)}"
    )
    raise InputError(message)


def read_mapping(name_or_path: str | Path, table: str, given: dict[str, str | None]) -> MappingFile:
    """Read and check a mapping for loading `table`, with the --set pairs given.

    Raises:
        InputError: with one line for every fault; an unknown --set name is answered with the allowed ones.
    """
    path = resolve_mapping(name_or_path)
    try:
        document = read_document(path)
        model = validate(MappingModel, document)
        parts = Checker(document, model).parts()
    except FaultsError as error:
        raise InputError(str(error)) from None
    tables = dict.fromkeys(target.table.name for part in parts for target in part.targets)
    if table not in tables:
        message = f"{path}: has no target for table {table}; it makes {', '.join(tables)}"
        raise InputError(message)
    return MappingFile(path.stem, str(path), table, parts, _constants(path.stem, model.set, given))


def _constants(name: str, settings: dict[str, SettingModel], given: dict[str, str | None]) -> dict[str, str | None]:
    for key in given:
        if key not in settings:
            allowed = ", ".join(settings) or "none"
            message = f"--set {key}: mapping {name} has no such constant; allowed: {allowed}"
            raise InputError(message)
    found: dict[str, str | None] = {}
    for key, setting in settings.items():
        if key in given:
            found[key] = given[key]
        elif "default" not in setting.model_fields_set:
            why = f" ({setting.help})" if setting.help else ""
            message = f"mapping {name} needs --set {key}=VALUE{why}"
            raise InputError(message)
        else:
            found[key] = None if setting.default is None else plain(setting.default)
    return found
