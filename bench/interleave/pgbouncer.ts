import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** pgbouncer before a server, one server connection for each client as deadheat has it. */
export async function startPgbouncer(server: URL): Promise<{ port: number; stop(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), "deadheat-pgbouncer-"));
  const port = await freePort();
  const password = decodeURIComponent(server.password);
  await writeFile(join(home, "users.txt"), `"${server.username}" "${password}"\n`);
  const config = [
    "[databases]",
    `* = host=127.0.0.1 port=${server.port}`,
    "[pgbouncer]",
    `listen_addr = 127.0.0.1\nlisten_port = ${port}`,
    `auth_type = scram-sha-256\nauth_file = ${home}/users.txt`,
    "pool_mode = session\ndefault_pool_size = 20\nlogfile = /dev/null\nunix_socket_dir =",
  ];
  await writeFile(join(home, "pgbouncer.ini"), `${config.join("\n")}\n`);
  await chmod(home, 0o755);
  // It refuses to run as root.
  const asUser = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const child = spawn("/usr/sbin/pgbouncer", ["-q", ...asUser, join(home, "pgbouncer.ini")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await answering(child, port);
  return {
    port,
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) throw new Error("pgbouncer ended; is it installed?");
    const socket = connect({ host: "127.0.0.1", port });
    const open = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
  throw new Error("pgbouncer does not answer");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
