import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { nginx } from "../debian/requirements.ts";
import { LabError } from "../errors.ts";
import type { LabSwitches } from "../options.ts";
import { type Server, startServer } from "./child.ts";
import { freePort, waitForPort } from "./port.ts";

const run = promisify(execFile);
const ATTEMPTS = 5;

export interface Front {
  readonly server: Server;
  readonly url: string;
  /** What a client of the TLS front has to trust. */
  readonly certificate: string | undefined;
}

/** nginx as it comes, with nothing changed but where it listens and what it passes on to. */
export async function startNginx(
  switches: LabSwitches,
  upstream: number,
  home: string,
  log: (line: string) => void,
): Promise<Front> {
  const file = await nginx();
  if (file === undefined) throw new LabError("missing-packages", "the Django lab needs nginx");
  const certificate = switches.front === "h2" ? await selfSigned(home) : undefined;
  await mkdir(join(home, "nginx"), { mode: 0o711 });
  for (let attempt = 1; ; attempt++) {
    const port = switches.port || (await freePort());
    const config = join(home, "nginx.conf");
    await writeFile(config, configuration(switches, port, upstream, home));
    const server = startServer({
      ...{ file, args: ["-e", "stderr", "-p", join(home, "nginx"), "-c", config], cwd: home },
      ...{ env: { PATH: process.env.PATH ?? "" }, stopSignal: "SIGTERM", log },
    });
    if (await waitForPort(port, server.gone, 10_000)) {
      return { server, url: `${certificate ? "https" : "http"}://127.0.0.1:${port}`, certificate };
    }
    await server.stop();
    // Somebody was quicker to take a port that had been free.
    if (attempt === ATTEMPTS || switches.port) {
      throw new LabError("start-failed", `nginx did not start on port ${port}`);
    }
  }
}

function configuration(switches: LabSwitches, port: number, upstream: number, home: string): string {
  const listen = { http1: "", h2: " ssl http2", h2c: " http2", none: "" }[switches.front];
  const folder = join(home, "nginx");
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path ${join(folder, name)};`,
  );
  const tls = `
    ssl_certificate ${join(home, "certificate.pem")};
    ssl_certificate_key ${join(home, "key.pem")};`;
  return `daemon off;
worker_processes 1;
pid ${join(folder, "pid")};
error_log stderr;
events {}
http {
${paths.join("\n")}
  access_log off;
  server {
    listen 127.0.0.1:${port}${listen};${switches.front === "h2" ? tls : ""}
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_set_header Host $host;
      proxy_http_version 1.1;
      proxy_request_buffering ${switches.requestBuffering ? "on" : "off"};
    }
  }
}
`;
}

async function selfSigned(home: string): Promise<string> {
  const [certificate, key] = [join(home, "certificate.pem"), join(home, "key.pem")];
  await run("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", key, "-out", certificate, "-days", "30", "-subj", "/CN=127.0.0.1"],
    ...["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
  ]);
  return certificate;
}
