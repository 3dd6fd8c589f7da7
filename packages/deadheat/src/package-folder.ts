/**
 * The package's own folder, where files lie that are no code: its manifest, the grammar, pages. Who needs one of them
 * asks here: in the published program modules are joined into few files, beside `src` and `dist`, and none of them lies
 * where it was written.
 */
export const PACKAGE_FOLDER = new URL("../", import.meta.url);
