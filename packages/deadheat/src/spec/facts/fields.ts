import { isObject, type Json, type JsonObject } from "../document/json.ts";
import type { OpenApiDocument } from "../document/load.ts";
import { resolveObject } from "../document/resolve.ts";
import type { DocumentedOperation } from "../operations.ts";
import { flatten, typeOf } from "../schema.ts";
import type { Parameter } from "./described.ts";
import { plain } from "./words.ts";

/** A scalar that a body or an answer has somewhere, through wrappers and lists. */
export interface Field {
  readonly name: string;
  /** The name without case and separators. */
  readonly plain: string;
  /** JSON Pointer (RFC 6901); the first item stands for a list's. */
  readonly pointer: string;
  /** The objects around it, as `plain` is; lists do not count. */
  readonly wrapper: readonly string[];
  /** As the schema has it; `undefined` where it says none. */
  readonly type: string | undefined;
  readonly required: boolean;
  /** Objects and lists around it. */
  readonly depth: number;
  readonly schema: JsonObject;
}

/** What is only read is not sent, and what is only written is not answered (OpenAPI 3.1 §4.8.24). */
type Direction = "readOnly" | "writeOnly";

const MOST_DEPTH = 3;
const MOST_FIELDS = 150;

/** Reads the fields of schemas, each schema once. */
export class FieldReader {
  readonly #document: OpenApiDocument;
  readonly #known = {
    readOnly: new WeakMap<JsonObject, readonly Field[]>(),
    writeOnly: new WeakMap<JsonObject, readonly Field[]>(),
  };

  constructor(document: OpenApiDocument) {
    this.#document = document;
  }

  /** Of what an operation takes in its body, whatever the media type. */
  ofRequest(operation: JsonObject): readonly Field[] {
    const content = resolveObject(this.#document, operation.requestBody)?.content;
    return this.#ofContent(content, "readOnly");
  }

  /** Of what it answers when it succeeds; `undefined` where the document describes no such answer. */
  ofAnswer(operation: JsonObject): readonly Field[] | undefined {
    for (const response of this.answers(operation)) {
      const fields = this.#ofContent(response.content, "writeOnly");
      if (fields.length > 0) return fields;
    }
    return undefined;
  }

  /** Whether its body is one text and no object: an API key, a password. */
  takesText(operation: JsonObject): boolean {
    return this.#isText(resolveObject(this.#document, operation.requestBody)?.content);
  }

  /** Whether an answer by which it succeeds is one text. */
  givesText(operation: JsonObject): boolean {
    return this.answers(operation).some((answer) => this.#isText(answer.content));
  }

  /** The answers by which it succeeds. */
  answers(operation: JsonObject): JsonObject[] {
    const responses = isObject(operation.responses) ? operation.responses : {};
    const succeeding = Object.keys(responses).filter((status) => /^2/.test(status));
    return succeeding
      .map((status) => resolveObject(this.#document, responses[status]))
      .filter((one): one is JsonObject => one !== undefined);
  }

  /** Of its path, query, headers and cookies, those of its path item with them. */
  parameters({ node, pointer }: Pick<DocumentedOperation, "node" | "pointer">): readonly Parameter[] {
    const paths = this.#document.root.paths;
    const item = resolveObject(this.#document, isObject(paths) ? paths[pointer[1] ?? ""] : undefined);
    return [item?.parameters, node.parameters]
      .flatMap((list) => (Array.isArray(list) ? list : []))
      .map((one) => resolveObject(this.#document, one))
      .filter((one): one is JsonObject => one !== undefined)
      .map((one) => ({ name: String(one.name), place: String(one.in), required: one.required === true }));
  }

  #ofContent(content: Json | undefined, without: Direction): readonly Field[] {
    const schema = this.#schemaIn(content);
    return schema === undefined ? [] : this.#ofSchema(schema, without);
  }

  #isText(content: Json | undefined): boolean {
    const schema = this.#schemaIn(content);
    if (schema === undefined) return false;
    const { type, format } = flatten(this.#document, schema);
    return type === "string" && format !== "binary";
  }

  #schemaIn(content: Json | undefined): Json | undefined {
    if (!isObject(content)) return undefined;
    const types = Object.keys(content);
    const json = types.find((type) => /[/+]json\b|^\*/.test(type)) ?? types[0];
    return json === undefined ? undefined : resolveObject(this.#document, content[json])?.schema;
  }

  #ofSchema(node: Json | undefined, without: Direction): readonly Field[] {
    const schema = flatten(this.#document, node);
    const known = this.#known[without].get(schema);
    if (known) return known;
    const found: Field[] = [];
    this.#visit(schema, { name: "", pointer: "", required: true, depth: 0, around: [] }, found, without);
    this.#known[without].set(schema, found);
    return found;
  }

  #visit(
    schema: JsonObject,
    place: Omit<Field, "plain" | "type" | "schema" | "wrapper"> & { readonly around: readonly string[] },
    found: Field[],
    without: Direction,
  ): void {
    if (found.length >= MOST_FIELDS) return;
    const type = typeOf(schema);
    const { name, pointer, depth, around } = place;
    if (type === "array" || type === "object") {
      if (depth > MOST_DEPTH) return;
      if (type === "array")
        this.#visit(
          flatten(this.#document, schema.items),
          { name, pointer: `${pointer}/0`, required: place.required, depth: depth + 1, around },
          found,
          without,
        );
      if (type === "array" || !isObject(schema.properties)) return;
      const inside = name === "" ? around : [...around, plain(name)];
      const required = new Set(Array.isArray(schema.required) ? schema.required : []);
      const inner = Object.entries(schema.properties)
        .map(([key, property]) => [key, flatten(this.#document, property)] as const)
        .filter(([, property]) => property[without] !== true);
      // Scalars first: of a large object its own are worth more than those of what it holds.
      const isScalar = ([, one]: (typeof inner)[number]) => !/^(array|object)$/.test(typeOf(one) ?? "");
      for (const [key, property] of [...inner.filter(isScalar), ...inner.filter((one) => !isScalar(one))])
        this.#visit(
          property,
          {
            name: key,
            pointer: `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
            required: place.required && required.has(key),
            depth: depth + 1,
            around: inside,
          },
          found,
          without,
        );
    } else if (name !== "") {
      const { around: wrapper, ...rest } = place;
      found.push({ ...rest, wrapper, plain: plain(name), type, schema });
    }
  }
}
