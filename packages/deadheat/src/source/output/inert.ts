// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones meant
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Text from analysed files, so that it does nothing to a terminal. */
export function inert(text: string): string {
  return text.replace(CONTROL, "�").replaceAll("\n", " ");
}
