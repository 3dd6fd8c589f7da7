import { readFile } from "node:fs/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { DeadheatError } from "../../errors.ts";
import { sslRequest } from "../wire/startup.ts";
import type { Upstream } from "./address.ts";

const CONNECT_MS = 10_000;
const YES = 0x53;

/** Opens one connection to the server, TLS done where it was asked for. Rejects with a plain Error. */
export async function connectUpstream(upstream: Upstream): Promise<Socket> {
  const socket = connectTcp(
    upstream.socketPath === undefined
      ? { host: upstream.host, port: upstream.port }
      : { path: upstream.socketPath },
  );
  socket.setNoDelay(true);
  try {
    await within(socket, "connect");
    return upstream.tls === "off" ? socket : await secured(socket, upstream);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function secured(socket: Socket, upstream: Upstream): Promise<Socket> {
  socket.write(sslRequest());
  const [answer] = await within<[Buffer]>(socket, "data");
  // More than one byte would be somebody else's, spoken in clear before the handshake (CVE-2021-23222).
  if (answer.length !== 1) throw new Error("the server said more than it was asked before TLS");
  if (answer[0] !== YES) throw new Error("the server does not speak TLS; set sslmode=disable in --database");
  const options: ConnectionOptions = {
    socket,
    // libpq's `require` encrypts and verifies nothing.
    rejectUnauthorized: upstream.tls === "verified",
    ...(upstream.hostname && isIP(upstream.hostname) === 0 ? { servername: upstream.hostname } : {}),
    ...(upstream.rootCertificate === undefined ? {} : { ca: await certificate(upstream.rootCertificate) }),
  };
  const secure = connectTls(options);
  await within(secure, "secureConnect");
  return secure;
}

async function certificate(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new DeadheatError("database-invalid", `sslrootcert: ${file} cannot be read`, "Correct it.", cause);
  }
}

/** The next event of this name, or what went wrong. */
function within<T>(socket: Socket, event: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new Error("timeout")), CONNECT_MS);
    const failed = (error: Error) => end(error);
    const closed = () => end(new Error("closed by the server"));
    const done = (...values: unknown[]) => end(undefined, values as T);
    function end(error: Error | undefined, values?: T) {
      clearTimeout(timer);
      socket.off("error", failed).off("close", closed).off(event, done);
      if (event === "data") socket.pause();
      if (error) reject(error);
      else resolve(values as T);
    }
    socket.once("error", failed).once("close", closed).once(event, done);
  });
}
