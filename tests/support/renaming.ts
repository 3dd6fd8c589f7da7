import { readFileSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import { parse } from "yaml";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One made-up name for each name, the same in the document and in the traffic. */
export class Dictionary {
  readonly #forward = new Map<string, string>();
  readonly #back = new Map<string, string>();

  forward(name: string): string {
    const known = this.#forward.get(name);
    if (known !== undefined) return known;
    const made = `zq${(this.#forward.size + 11).toString(36)}`;
    this.#forward.set(name, made);
    this.#back.set(made, name);
    return made;
  }

  back(name: string): string {
    return this.#back.get(name) ?? name;
  }
}

/** Everything that could still say what something is. */
const TELLING = [
  "example",
  "examples",
  "externalDocs",
  "operationId",
  "summary",
  "description",
  "tags",
  "title",
];

/** An OpenAPI document in which all path segments, path parameters and field names are others. */
export function renameDocument(file: string, names: Dictionary): Json {
  const walk = (node: Json): Json => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    const parameter = node.in === "path" && typeof node.name === "string";
    return Object.fromEntries(
      Object.entries(node)
        .filter(([key]) => !TELLING.includes(key) || (key === "description" && "content" in node))
        .map(([key, value]): [string, Json] => {
          if (key === "paths") return [key, renameKeys(value, renamePath)];
          if (key === "properties") return [key, renameKeys(value, (name) => names.forward(name))];
          if (key === "required" && Array.isArray(value))
            return [key, value.map((name) => names.forward(String(name)))];
          if (key === "name" && parameter) return [key, names.forward(String(value))];
          return [key, walk(value)];
        }),
    );
  };
  const renameKeys = (value: Json, rename: (key: string) => string): Json =>
    Object.fromEntries(
      Object.entries(value as object).map(([key, inner]) => [rename(key), walk(inner as Json)]),
    );
  const renamePath = (path: string) =>
    path
      .split("/")
      .map((part) =>
        part === ""
          ? ""
          : part.startsWith("{")
            ? `{${names.forward(part.slice(1, -1))}}`
            : names.forward(part),
      )
      .join("/");
  return walk(parse(readFileSync(file, "utf8")) as Json);
}

/** A reverse proxy that speaks the new names to its clients and the old ones to the target. */
export async function renamingProxy(
  target: string,
  names: Dictionary,
): Promise<{ url: string; server: Server }> {
  const translate = (text: string, rename: (name: string) => string): string => {
    const walk = (node: Json): Json => {
      if (Array.isArray(node)) return node.map(walk);
      if (typeof node !== "object" || node === null) return node;
      return Object.fromEntries(Object.entries(node).map(([key, value]) => [rename(key), walk(value)]));
    };
    try {
      return JSON.stringify(walk(JSON.parse(text) as Json));
    } catch {
      return text;
    }
  };
  const server = createServer(async (incoming, answer) => {
    const body = translate(await textOf(incoming), (name) => names.back(name));
    const path = (incoming.url ?? "/")
      .split("/")
      .map((part) => names.back(part))
      .join("/");
    const { "content-length": _length, "transfer-encoding": _encoding, ...headers } = incoming.headers;
    const outgoing = httpRequest(new URL(path, target), {
      method: incoming.method ?? "GET",
      headers: { ...headers, ...(body === "" ? {} : { "content-length": Buffer.byteLength(body) }) },
    });
    outgoing.once("error", () => answer.destroy());
    outgoing.once("response", async (reply) => {
      const text = translate(await textOf(reply), (name) => names.forward(name));
      const { "content-length": _size, "transfer-encoding": _coding, ...replied } = reply.headers;
      answer.writeHead(reply.statusCode ?? 502, replied).end(text);
    });
    outgoing.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, server };
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
