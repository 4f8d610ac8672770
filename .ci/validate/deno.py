"""Deno accepts a bumped workspace with its lock frozen. What makes Deno write a lock file at all is an import from a server on this machine."""

import http.server
import json
import threading

from trial import Trial

SCRIPT = b"export const depth = 3;\n"


class Script(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/javascript")
        self.send_header("Content-Length", str(len(SCRIPT)))
        self.end_headers()
        self.wfile.write(SCRIPT)

    def log_message(self, *_):
        pass


def manifest(**fields):
    return json.dumps(fields, indent=2) + "\n"


def workspace(address):
    return {
        "relman.toml": """
[workspace]
members = ["packages/*"]

[dependents]
policy = "always"
""",
        "deno.json": manifest(workspace=["packages/tides", "packages/dash"], imports={"tides": "jsr:@harbor/tides@^0.4.0"}),
        "packages/tides/deno.json": manifest(name="@harbor/tides", version="0.4.0", exports="./mod.ts"),
        "packages/tides/mod.ts": f'export {{ depth }} from "http://{address}/depth.js";\n',
        "packages/dash/deno.jsonc": """
{
  // 1.0.0 since the harbour opened
  "name": "@harbor/dash",
  "version": "1.0.0",
  "exports": "./mod.ts",
  "imports": { "low": "jsr:@harbor/tides@~0.4.0", },
}
""",
        "packages/dash/mod.ts": 'import { depth } from "low";\nconsole.log(depth);\n',
    }


REQUESTS = [
    ("minor", "--all", "minor"),
    ("patch", "--all", "patch"),
    ("major", "-p", "@harbor/tides=major"),
    ("alpha", "--all", "minor", "alpha"),
]

with Trial("deno", DENO_NO_UPDATE_CHECK="1", RUST_BACKTRACE="0") as trial:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Script)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_address[1]}"
    trial.environment |= {"HOME": str(trial.folder), "DENO_DIR": f"{trial.folder}/cache"}
    run = ["deno", "run", f"--allow-import={address}"]
    main = "packages/dash/mod.ts"
    base = trial.repository("workspace", workspace(address), lambda root: trial.must(*run, main, cwd=root))
    written = (base / "deno.lock").read_text()
    trial.check("the sample has such a lock", '"jsr:@harbor/tides@0.4"' in written, written)
    for name, *request in REQUESTS:
        root = trial.copy(base, f"workspace-{name}")
        if trial.bump(root, *request) is None:
            continue
        trial.accepts(f"{root.name}: deno install, frozen", "deno", "install", "--frozen", cwd=root)
        trial.accepts(f"{root.name}: deno run, frozen", *run, "--frozen", main, cwd=root)
        trial.must(*run, main, cwd=root)
        changed = trial.must("git", "diff", "--", "deno.lock", cwd=root)
        trial.check(f"{root.name}: deno keeps every byte of the lock", changed == "", changed)
        trial.before(root, "deno.lock")
        trial.refuses(f"{root.name}: deno run with the old lock, frozen", *run, "--frozen", main, cwd=root)
    server.shutdown()
