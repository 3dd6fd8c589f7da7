import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isListening } from "./listening.ts";
import { freePort } from "./port.ts";

/** Answers what it was sent, with so many bytes as `size` of the query says where it says so. */
const APP = `
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    query = scope["query_string"]
    if query.startswith(b"size="):
        body = b'"' + b"x" * int(query[5:]) + b'"'
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-method", scope["method"].encode())]})
    await send({"type": "http.response.body", "body": body or b"null"})
`;

/** hypercorn (Debian: python3-hypercorn), which is built on an HTTP/2 of its own: the Python package h2. */
export async function startHypercorn(certificate: string, key: string) {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-hypercorn-"));
  writeFileSync(join(folder, "served.py"), APP);
  const port = await freePort();
  const child = spawn(
    "/usr/bin/python3",
    ["-m", "hypercorn", "--certfile", certificate, "--keyfile", key, "-b", `127.0.0.1:${port}`, "served:app"],
    { cwd: folder, stdio: ["ignore", "ignore", "ignore"] },
  );
  const stop = async () => {
    if (child.exitCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !(await isListening(port)); tries++) {
    if (tries > 500 || child.exitCode !== null) {
      await stop();
      throw new Error("hypercorn does not listen");
    }
    await sleep(20);
  }
  return { port, stop };
}
