/** A JSON Schema as the document carries it. */
export type Schema = { readonly [key: string]: unknown };

export interface ObjectSchema extends Schema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

export const STRING: Schema = { type: "string" };
export const INTEGER: Schema = { type: "integer" };
export const NUMBER: Schema = { type: "number" };
export const BOOLEAN: Schema = { type: "boolean" };

export function objectOf(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []) {
  return { type: "object", properties, ...(required.length > 0 ? { required } : {}) } as ObjectSchema;
}

/** The type of a column or of a serializer's field, by the name of its class. */
export function schemaOfType(type: string): Schema {
  if (/^(Big|Small|Positive)*(Integer|Auto)Field$/.test(type)) return INTEGER;
  if (/^(Float)Field$/.test(type)) return NUMBER;
  // DRF writes decimals as text (COERCE_DECIMAL_TO_STRING) and reads both.
  if (type === "DecimalField") return { type: "string", format: "decimal" };
  if (/^(Null)?BooleanField$/.test(type)) return BOOLEAN;
  if (type === "EmailField") return { type: "string", format: "email" };
  if (type === "DateTimeField") return { type: "string", format: "date-time" };
  if (type === "DateField") return { type: "string", format: "date" };
  if (type === "UUIDField") return { type: "string", format: "uuid" };
  if (type === "URLField") return { type: "string", format: "uri" };
  if (/^(Image|File)Field$/.test(type)) return { type: "string", format: "binary" };
  if (/^(List|Array)Field$/.test(type)) return { type: "array", items: STRING };
  if (/^(JSON|Dict|HStore)Field$/.test(type)) return { type: "object" };
  return STRING;
}

/** The type of a value of which nothing but its name is known. */
export function schemaOfName(name: string): Schema {
  if (/passw(or)?d|passphrase/i.test(name)) return { type: "string", format: "password", writeOnly: true };
  if (/e_?mail$/i.test(name)) return { type: "string", format: "email" };
  if (/^(is|has|can)_|^(active|enabled|done|success|ok)$/i.test(name)) return BOOLEAN;
  if (
    /^(id|pk)$|_id$|(^|_)(count|quantity|qty|score|points|amount|balance|price|total|age|stock|seats|credits?)$/i.test(
      name,
    )
  )
    return INTEGER;
  return STRING;
}
