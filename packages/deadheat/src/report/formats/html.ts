import { reportPage } from "../page/index.ts";
import { whole } from "./whole.ts";

/** One file for people, which needs nothing but itself. */
export const html = whole("html", (report, { paths }) => reportPage(report, paths));
