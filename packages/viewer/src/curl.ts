import type { RecordedCall } from "./types.ts";

/**
 * The request as a command for a POSIX shell. Nothing of it is read by the shell but `$DEADHEAT_TOKEN`, which stands
 * where a credential was; other secrets stay the marks that they are in the report.
 */
export function curlOf(origin: string, request: NonNullable<RecordedCall["request"]>): string {
  const { method, path, headers, body } = request;
  const parts = [
    `curl -X ${quoted(method)} ${quoted(origin + path)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${header(name, value)}`),
    ...(body === undefined ? [] : [`--data-binary ${quoted(body)}`]),
  ];
  return parts.join(" \\\n  ");
}

function header(name: string, value: string): string {
  const [before, ...after] = value.split(/\[redacted [0-9a-f]{8}\]/);
  if (after.length === 0) return quoted(`${name}: ${value}`);
  return `${quoted(`${name}: ${before}`)}"$DEADHEAT_TOKEN"${after.join("") === "" ? "" : quoted(after.join(""))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
