/** Source analysis as commands see it (DESIGN §3: `cli` sees `engine`). */
export * from "../source/index.ts";
