"""How many members are computed at once where nobody says."""

import sys

import pytest
import torch

from ascentcheck.empirics.data import Dataset
from ascentcheck.empirics.models import IN_CACHE, CnnConfig
from ascentcheck.empirics.study.session import open_session
from ascentcheck.empirics.study.workshop import workshop


@pytest.mark.parametrize(
    ("size", "device", "members"), [(8, "cpu", IN_CACHE), (32, "cpu", 1), (32, "meta", sys.maxsize)]
)
def test_convolutions_that_fill_the_caches_are_computed_one_member_at_a_time(
    small_study, tmp_path, size, device, members
):
    session = open_session(small_study, tmp_path / "store")
    model = CnnConfig(channels=[8, 16], first_kernel=5, head="flatten")
    images = torch.zeros(4, 3, size, size)
    labels = torch.zeros(4, dtype=torch.int64)
    dataset = Dataset("blank", images, labels, images, labels, 10, device=torch.device(device))
    study = session.study.model_copy(update={"model": model})
    assert workshop(study, dataset, session.store).room.members == members
    assert workshop(study, dataset, session.store, at_once=3).room.members == 3
