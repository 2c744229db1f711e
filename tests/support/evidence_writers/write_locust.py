"""Locust: the statistics of two seconds of requests to a server of this machine, as CSV and JSON."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

USERS = """
from locust import HttpUser, task, constant

class Caller(HttpUser):
    wait_time = constant(0.01)

    @task(9)
    def predict(self):
        self.client.get("/predict")

    @task(1)
    def explain(self):
        self.client.get("/explain")
"""


class Answering(BaseHTTPRequestHandler):
    """Answers at once."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


out = Path(sys.argv[1])
server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory() as folder:
    Path(folder, "users.py").write_text(USERS)
    command = [
        *(sys.executable, "-m", "locust", "-f", "users.py", "--headless", "-u", "4", "-r", "4", "-t", "3s"),
        *("--host", f"http://127.0.0.1:{server.server_port}", "--csv", f"{folder}/out", "--json", "--only-summary"),
    ]
    found = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)
    (out / "stats.csv").write_bytes(Path(folder, "out_stats.csv").read_bytes())
    (out / "stats.json").write_text(found.stdout[found.stdout.index("[") :])
server.shutdown()
