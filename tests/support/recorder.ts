import { createServer, request as httpRequest, type Server } from "node:http";

export interface Recorder {
  readonly url: string;
  /** Every token and password that went by. */
  readonly secrets: Set<string>;
  readonly server: Server;
}

const IN_BODIES = /"(?:access_token|refresh_token|access|refresh|token|password)":\s*"([\w.~+/!-]{12,}=*)"/g;
/** What everybody knows is none, and headers that are malformed on purpose hold none. */
const IN_HEADERS = /^[\w.~+/-]{20,}=*$/;

/** A reverse proxy that passes everything on and notes every token and password that goes by. */
export async function recordSecrets(target: string): Promise<Recorder> {
  const secrets = new Set<string>();
  const note = (text: string) => {
    for (const match of text.matchAll(IN_BODIES)) secrets.add(match[1] as string);
  };
  const server = createServer((incoming, answer) => {
    const token = incoming.headers.authorization?.replace(/^(Bearer|Token) /, "");
    if (token && IN_HEADERS.test(token) && !token.includes("not-a-token")) secrets.add(token);
    const { method, headers } = incoming;
    const outgoing = httpRequest(new URL(incoming.url ?? "/", target), { method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.on("data", (chunk: Buffer) => note(chunk.toString("utf8")));
      reply.pipe(answer);
    });
    outgoing.once("error", () => answer.destroy());
    incoming.on("data", (chunk: Buffer) => note(chunk.toString("utf8")));
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, secrets, server };
}
