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
from tests.empirics.published import layouts
from tests.empirics.published.layouts import RETAIN, TRAIN, VAL, save

pytest.importorskip("huggingface_hub")

SHA = "0123456789abcdef" * 2 + "01234567"


def easydub(root):
    """Write margins with a file for each model, and one that is not needed."""
    layouts.by_model(root)
    save(root / "margins/cifar10/oracle/forget_3/val/resnet9/id_0_epoch_23.npy", VAL[1][0])


def bench(root):
    """Write margins with one tensor for all models, and a model, which is not needed."""
    layouts.whole(root)
    save(root / "full_models/CIFAR10/sd_0____epoch_23.pt", np.zeros(10))


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


@pytest.mark.parametrize(("source", "write"), [("easydub", easydub), ("data-unlearning-bench", bench)])
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
    server = hub("easydub", bench)
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
