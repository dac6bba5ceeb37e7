"""The pages of cards' runs are those of the records that are committed, and say what these say."""

import json
from pathlib import Path

import pytest

from ascentcheck.empirics.card.table import CONTROLS, read
from ascentcheck.figures import card

RESULTS = Path(__file__).parents[2] / "docs" / "results"
FOLDERS = sorted(path for path in (RESULTS / "card").glob("*") if path.is_dir())


@pytest.fixture(scope="module")
def cards():
    return [read(folder) for folder in FOLDERS]


def test_the_committed_pages_are_made_from_the_committed_records(cards, tmp_path):
    made = card.write(cards, tmp_path)
    assert {path.suffix for path in made} == {".md", ".png"}
    for path in made:
        if path.suffix == ".md":
            assert path.read_text() == (RESULTS / path.name).read_text(), path.name


def test_another_record_gives_another_page(cards, tmp_path):
    record = json.loads(json.dumps(cards[0].record))
    record["study"]["seconds"]["pretrained"] *= 10
    slower = type(cards[0])(cards[0].folder, record, cards[0].rows)
    assert card.records([slower]) != card.records(cards[:1])


def test_held_out_oracles_are_where_perfect_models_are(cards):
    for row in (row for found in cards for row in found.rows if row.name == CONTROLS[1]):
        for scored in (row.forget, row.retain, row.validation):
            assert abs(scored.energy) < 0.05
