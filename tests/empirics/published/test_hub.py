"""Published margins fetched from a stand-in for the hub on this machine: only what is needed, kept, and scored."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np
import pytest

from ascentcheck.empirics.klom import klom
from ascentcheck.empirics.published.hub import REPOSITORIES, fetched
from ascentcheck.theory.console import UserError

pytest.importorskip("huggingface_hub")

SHA = "0123456789abcdef" * 2 + "01234567"
DRAW = np.random.default_rng(0)
TRAIN, VAL = DRAW.normal(size=(2, 6, 20)).astype(np.float32), DRAW.normal(size=(2, 6, 8)).astype(np.float32)
FORGET = np.array([3, 7, 19])
RETAIN = np.setdiff1d(np.arange(20), FORGET)


def easydub(root):
    """Write the files of the layout with a file for each model, and some that are not needed."""
    parts = {
        "pretrain/forget_2": TRAIN[0][:, FORGET],
        "pretrain/retain": TRAIN[0],
        "pretrain/val": VAL[0],
        "oracle/forget_2/forget": TRAIN[1][:, FORGET],
        "oracle/forget_2/retain": TRAIN[1][:, RETAIN],
        "oracle/forget_2/val": VAL[1],
        "oracle/forget_3/val": VAL[1],
    }
    for place, rows in parts.items():
        for i, row in enumerate(rows):
            save(root / f"margins/cifar10/{place}/resnet9/id_{i}_epoch_23.npy", row)
    save(root / "forget_sets/cifar10/forget_set_2.npy", FORGET)


def whole(root):
    """Write the files of the layout with one tensor for all models."""
    places = "full_models/CIFAR10", "oracle_models/CIFAR10/only_margins/forget_set_2"
    for place, train, val in zip(places, TRAIN, VAL, strict=True):
        save(root / place / "train_margins_all.pt", train)
        save(root / place / "val_margins_all.pt", val)
    save(root / "forget_set_indices/CIFAR10/forget_set_2.npy", FORGET)
    save(root / "full_models/CIFAR10/sd_0____epoch_23.pt", np.zeros(10))


def save(path, array):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".npy":
        np.save(path, array)
    else:
        import torch

        torch.save(torch.from_numpy(array), path)


class Hub(BaseHTTPRequestHandler):
    """What of the hub's interface a download needs."""

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = unquote(urlsplit(self.path).path)
        root, asked = self.server.root, self.server.asked
        kind, _, rest = path.removeprefix("/").partition(f"datasets/{self.server.repository}/")
        if not rest:
            self.answer(404, b"{}")
        elif kind == "api/" and rest.startswith("revision/"):
            self.answer(200, json.dumps({"id": self.server.repository, "sha": SHA, "siblings": []}).encode())
        elif kind == "api/" and rest.startswith("tree/"):
            files = [f for f in root.rglob("*") if f.is_file()]
            self.answer(200, json.dumps([entry(root, f) for f in files]).encode())
        elif (file := root / rest.removeprefix(f"resolve/{SHA}/")).is_file():
            asked.add(file.relative_to(root).as_posix())
            self.answer(200, file.read_bytes(), {"X-Repo-Commit": SHA, "ETag": f'"{oid(file)}"'})
        else:
            self.answer(404, b"{}", {"X-Error-Code": "EntryNotFound"})

    def answer(self, status, content, headers=()):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **dict(headers)}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


def oid(file):
    return hashlib.sha1(file.read_bytes()).hexdigest()


def entry(root, file):
    path = file.relative_to(root).as_posix()
    return {"type": "file", "path": path, "size": file.stat().st_size, "oid": oid(file)}


@pytest.fixture
def hub(tmp_path):
    """Return a function that serves a source's files, and one that runs the command against it."""
    servers = []

    def serve(source, write):
        root = tmp_path / "published"
        write(root)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
        server.root, server.asked, server.repository = root, set(), REPOSITORIES[source].name
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return server

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def run(tmp_path, port, *words):
    environment = {
        **os.environ,
        "HF_ENDPOINT": f"http://127.0.0.1:{port}",
        "HF_HOME": str(tmp_path / "cache"),
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_XET": "1",
        "NO_PROXY": "127.0.0.1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    command = [sys.executable, "-m", "ascentcheck", "published", *words]
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)


@pytest.mark.parametrize(("source", "write"), [("easydub", easydub), ("data-unlearning-bench", whole)])
def test_what_is_published_is_fetched_and_scored(hub, tmp_path, source, write):
    server = hub(source, write)
    port = server.server_address[1]
    done = run(tmp_path, port, source, "--forget-set", "2", "--models", "4", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["source"] == {"repository": REPOSITORIES[source].name, "revision": SHA}
    assert found["retain"]["p95"] == klom(TRAIN[1][:4, RETAIN], TRAIN[0][:4, RETAIN], "paper").p95
    assert found["validation"]["p95"] == klom(VAL[1][:4], VAL[0][:4], "paper").p95
    assert found["forget"]["models"] == {"oracle": 4, "unlearned": 4}
    assert not any("forget_3" in name or "id_4" in name or "sd_" in name for name in server.asked)
    assert len(server.asked) == (1 + 6 * 4 if source == "easydub" else 5)
    server.shutdown()
    server.server_close()
    again = run(
        tmp_path, port, source, "--forget-set", "2", "--models", "4"
    )  # from the cache, without a network
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith(f"{REPOSITORIES[source].name} at {SHA[:12]}, forget set 2\n")


def test_where_nothing_can_be_reached_one_line_says_so(hub, tmp_path):
    server = hub("easydub", whole)
    port = server.server_address[1]
    lacking = run(tmp_path, port, "easydub", "--forget-set", "2")
    assert (lacking.returncode, lacking.stdout) == (2, "")
    assert lacking.stderr.splitlines()[-1].startswith("ascentcheck: ")
    server.shutdown()
    server.server_close()
    gone = run(tmp_path, port, "data-unlearning-bench", "--forget-set", "2")
    assert (gone.returncode, gone.stdout) == (2, "")
    assert "data-unlearning-bench: royrin/KLOM-models cannot be fetched: " in gone.stderr.splitlines()[-1]


def test_a_source_that_is_none_is_refused():
    with pytest.raises(
        UserError, match="nowhere: is neither a folder nor one of easydub, data-unlearning-bench"
    ):
        fetched("nowhere", 1, 2)
