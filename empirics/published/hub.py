"""Published margins fetched from where they are published, only the files that one forget set needs.

Files are kept in the cache of `huggingface_hub` (`HF_HOME`), and a second call takes them from there, without a network too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ascentcheck.empirics.npy import some
from ascentcheck.theory.console import UserError, one_line


@dataclass(frozen=True)
class Repository:
    """A data set on the hub, and which of its files a forget set K needs of the first models i."""

    name: str
    once: tuple[str, ...]
    per_model: tuple[str, ...] = ()

    def patterns(self, forget_set: int, models: int) -> list[str]:
        """Return the files, an epoch's number left open."""
        own = [one.format(k=forget_set) for one in self.once]
        return own + [one.format(k=forget_set, i=i) for i in range(models) for one in self.per_model]


REPOSITORIES = {
    "easydub": Repository(
        "easydub/EasyDUB-dataset",
        ("forget_sets/cifar10/forget_set_{k}.npy",),
        tuple(
            f"margins/cifar10/{place}/resnet9/id_{{i}}_epoch_*.npy"
            for place in (
                *("pretrain/forget_{k}", "pretrain/retain", "pretrain/val"),
                *(f"oracle/forget_{{k}}/{split}" for split in ("forget", "retain", "val")),
            )
        ),
    ),
    "data-unlearning-bench": Repository(
        "royrin/KLOM-models",
        (
            "forget_set_indices/CIFAR10/forget_set_{k}.npy",
            *(f"full_models/CIFAR10/{part}_margins_all.pt" for part in ("train", "val")),
            *(
                f"oracle_models/CIFAR10/only_margins/forget_set_{{k}}/{part}_margins_all.pt"
                for part in ("train", "val")
            ),
        ),
    ),
}
"""Where margins are published, by the name that the command knows."""


def fetched(source: str, forget_set: int, models: int) -> Path:
    """Return the folder with what `source` publishes for a forget set, of the first `models` models where they are apart.

    The folder's name is the revision. Raises UserError, in one line, for a source that is not known, or cannot be reached and
    is not in the cache; ModuleNotFoundError without huggingface_hub.
    """
    if source not in REPOSITORIES:
        raise UserError(
            f"{source}: is neither a folder nor one of {some(list(REPOSITORIES))}, which are fetched"
        )
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    repository = REPOSITORIES[source]
    try:
        folder = snapshot_download(
            repository.name,
            repo_type="dataset",
            allow_patterns=repository.patterns(forget_set, models),
            library_name="ascentcheck",
        )
    except LocalEntryNotFoundError:
        raise UserError(
            f"{source}: {repository.name} cannot be fetched: the hub cannot be reached, and what forget set {forget_set} "
            "needs is not in its cache; the folder of a copy of it will do, too"
        ) from None
    except Exception as error:  # its network library has errors of its own
        reason = one_line(str(error)).partition(". ")[0] or type(error).__name__
        raise UserError(f"{source}: {repository.name} cannot be fetched: {reason}") from None
    return Path(folder)
