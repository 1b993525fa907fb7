"""watch.py BROWSER ADDRESS : checks the page of a run during and after training; prints what is wrong."""

import http.server
import re
import subprocess
import sys
import tempfile
import threading
import urllib.request

browser, address = sys.argv[1:]
faults = []


def look(address, folder):
    told = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}",
         "--virtual-time-budget=9000", "--enable-logging=stderr", "--v=0", "--dump-dom", address],
        capture_output=True, text=True, timeout=120)
    status = re.search(r'id="status">([^<]*)<', told.stdout)
    return told.stdout, status[1] if status else "", [
        line for line in told.stderr.splitlines() if "CONSOLE" in line and "ERR_" not in line]


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
    text, status, said = look(address, folder)
    faults += said
    if "Loss by epoch" not in text or status != "This page shows the run during training.":
        faults.append(f"the page: {status} {text[:200]}")

    # The same page from a server that has something new the second time, and then ends.
    page = urllib.request.urlopen(address).read().decode()
    answers = [page, page.replace("Loss by epoch", "Second answer")]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path != "/" or not answers:
                self.send_error(404)
                return
            body = answers.pop(0).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    text, status, _ = look(f"http://127.0.0.1:{server.server_port}/", folder)
    if "Second answer" not in text:
        faults.append("the page does not ask for itself")
    if status != "The program has ended; this is the last state.":
        faults.append(f"after its end: {status}")

print("\n".join(faults) or "well")
