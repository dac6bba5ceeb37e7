"""What a plan says beforehand, against what was counted afterwards."""

import pytest

from ascentcheck.empirics.study.drain import drain, workshop
from ascentcheck.empirics.study.plan import estimate, unlearning_passes
from ascentcheck.empirics.study.session import open_session
from tests.small_study import study_text

METHODS = {
    "ga": "learning_rate = 0.01",
    "gda": "learning_rate = 0.01\nascent_epochs = 1",
    "scrub": "learning_rate = 0.001\nascent_epochs = 1",
    "fine-tune": "learning_rate = 0.01",
    "descent-ascent": "learning_rate = 0.01\nforget_batch = 32",
    "neg-grad-plus": "learning_rate = 0.01\nforget_batch = 32",
    "npo": "learning_rate = 0.01",
    "rewind": "rewind_epochs = 2\nnoise = 0.01",
    "noisy-descent": "learning_rate = 0.01\nnoise = 0.01",
    "oracle-matching": "learning_rate = 0.001\nretain_share = 0.5",
    "do-nothing": "",
    "statistics-only": "ascent_epochs = 1",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    path = tmp_path_factory.mktemp("study") / "small.toml"
    tables = [f'[[method]]\nkind = "{kind}"\nepochs = [1, 2]\n{more}\n' for kind, more in METHODS.items()]
    path.write_text(study_text("".join(tables), n_models=2, hidden=4, size=50))
    session = open_session(path, path.parent / "store")
    drain(workshop(session.study, session.dataset, session.store), session.plan)
    return session


@pytest.mark.parametrize("kind", METHODS)
def test_passes_of_unlearning_are_those_that_will_be_counted(session, kind):
    (job,) = [job for job in session.plan if job.name == kind]
    counted = session.store.get(job.digest).record["passes"]["2"]
    planned = unlearning_passes(session.study, job.trajectory, 1387, 50)
    assert planned == tuple(counted)
    whole = estimate(session.study, session.dataset, [job])
    assert (whole.forward, whole.backward, whole.scored) == (2 * planned[0], 2 * planned[1], 2 * 2 * 1797)


def test_checkpoints_cost_nothing_of_their_own(session):
    with_, without = (
        [job for job in session.plan if job.kind == "pretrained" or (job.kind == "checkpoint" and kept)]
        for kept in (True, False)
    )
    assert len(with_) == len(without) + 1
    whole, bare = (estimate(session.study, session.dataset, jobs) for jobs in (with_, without))
    assert (whole.passes, whole.models) == (bare.passes, bare.models)
