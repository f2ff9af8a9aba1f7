"""The shape of a mapping file; docs/loading.md is the manual."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SettingModel(_Strict):
    """A constant of the mapping, `$name` in expressions; without `default` it must be given with --set."""

    default: str | int | float | bool | None = None
    help: str = ""


class LevelModel(_Strict):
    """A step into a JSON document: `$.a.b`, `[*]` for the items of a list, `{}` for the entries of an object."""

    each: str
    name: str = Field("", alias="as", pattern=r"^[a-z][a-z0-9_]*$|^$")


class RejectModel(_Strict):
    """Rows to reject, with the reason that is reported."""

    when: str
    reason: str
    column: str = ""


class NoteModel(_Strict):
    """Rows to count in a warning."""

    when: str
    text: str


class TargetModel(_Strict):
    """Rows of one contract table."""

    table: str
    columns: dict[str, Any]
    where: str | None = None
    key: list[str] | None = Field(None, min_length=1)
    group_by: str | list[str] | None = None
    order_by: str | None = None
    assumed: list[str] = []


class PartModel(_Strict):
    """How one shape of file is read."""

    rows: list[LevelModel] = []
    null_values: list[str] = []
    optional_columns: list[str] = []
    derive: dict[str, str] = {}
    reject: list[RejectModel] = []
    notes: list[NoteModel] = []
    targets: list[TargetModel] = Field(min_length=1)


class ColumnsModel(_Strict):
    """Columns that tell one shape of file from another."""

    columns: list[str] = Field(min_length=1)


class VariantModel(PartModel):
    """One of several shapes: the JSON document is an object or an array, or the file has these columns."""

    when: Literal["object", "array"] | ColumnsModel


class MappingModel(PartModel):
    """A whole mapping: either targets, or variants that each have some."""

    title: str = ""
    set: dict[str, SettingModel] = {}
    variants: list[VariantModel] = []
    targets: list[TargetModel] = []
