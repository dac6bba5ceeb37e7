"""What every part of a study file has in common: frozen, no unknown keys, no value of another type."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field


class Config(BaseModel):
    """Base of all settings. A wrong key, type or value raises `pydantic.ValidationError`."""

    code_version: ClassVar[str | None] = None
    """Of a plug-in, what its author raises when results change; where it is None, a digest of the source stands for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


Count = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Widths = Annotated[tuple[Count, ...], Field(min_length=1, strict=False)]  # a TOML list is accepted
