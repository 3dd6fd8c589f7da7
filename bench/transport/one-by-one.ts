import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";

/** A proxy that takes HTTP/2 and HTTP/1.1, and passes the requests of one connection on one after the other. */
export async function startOneByOne(options: {
  readonly certificate: string;
  readonly key: string;
  readonly upstreamPort: number;
}): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const last = new WeakMap<object, Promise<void>>();
  const server = createSecureServer(
    { cert: readFileSync(options.certificate), key: readFileSync(options.key), allowHTTP1: true },
    async (request, answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as unknown as AsyncIterable<Buffer>) chunks.push(chunk);
      const connection =
        request.stream && "session" in request.stream ? request.stream.session : request.socket;
      const before = last.get(connection as object) ?? Promise.resolve();
      const passed = before.then(() => passOn(options.upstreamPort, request, Buffer.concat(chunks), answer));
      last.set(connection as object, passed);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { port, stop: async () => void server.close() };
}

function passOn(
  port: number,
  { method, url, headers }: IncomingMessage | Http2ServerRequest,
  body: Buffer,
  answer: ServerResponse | Http2ServerResponse,
): Promise<void> {
  return new Promise((resolve) => {
    const onward = httpRequest({
      port,
      method,
      path: url,
      headers: { burst: headers.burst, "content-length": body.length },
    });
    onward.once("error", () => resolve());
    onward.once("response", (reply) => {
      answer.statusCode = reply.statusCode ?? 502;
      reply.resume();
      reply.once("end", () => {
        answer.end();
        resolve();
      });
    });
    onward.end(body);
  });
}
