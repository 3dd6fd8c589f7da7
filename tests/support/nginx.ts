import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isListening } from "./listening.ts";
import { freePort } from "./port.ts";

export interface Nginx {
  readonly port: number;
  stop(): Promise<void>;
}

/** nginx in front of `upstream`, which it speaks HTTP/1.1 to; HTTP/2 over TLS is offered. Debian: nginx-light. */
export async function startNginx(options: {
  readonly certificate: string;
  readonly key: string;
  /** `127.0.0.1:8000` */
  readonly upstream: string;
  readonly workers?: number;
  /** Directives of the server. */
  readonly server?: string;
  /** Directives of the upstream. */
  readonly pool?: string;
  /** Directives of the location. */
  readonly location?: string;
}): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-nginx-"));
  // Where root starts it, its workers are somebody else.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const { certificate, key, upstream, workers = 1, server = "", pool = "", location = "" } = options;
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join("\n  ");
  writeFileSync(
    join(folder, "nginx.conf"),
    `daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
worker_processes ${workers};
events { worker_connections 1024; }
http {
  access_log off;
  client_max_body_size 64m;
  ${temporary}
  upstream api { server ${upstream}; ${pool} }
  server {
    listen 127.0.0.1:${port} ssl http2;
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    ${server}
    location / { proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; ${location} }
  }
}
`,
  );
  const child: ChildProcess = spawn("nginx", ["-p", folder, "-c", join(folder, "nginx.conf")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const stop = async () => {
    if (child.exitCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; !(await isListening(port)); tries++) {
    if (tries > 100 || child.exitCode !== null) {
      await stop();
      throw new Error("nginx does not listen");
    }
    await sleep(20);
  }
  return { port, stop };
}
