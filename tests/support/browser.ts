import { type Browser, chromium } from "playwright-core";
import { lacking } from "./debian.ts";

const PROGRAM = process.env.CHROMIUM ?? "chromium";

/** Why there is no Chromium here, or `false`. In CI that is a failure; elsewhere tests are skipped by name. */
export const browserMissing: string | false = (await lacking({ chromium: [PROGRAM, "--version"] })) ?? false;

/** Debian's Chromium, or the one that CHROMIUM names. Its sandbox does not work for root. */
export function startBrowser(): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: pathOf(PROGRAM), args });
}

function pathOf(program: string): string {
  if (program.includes("/")) return program;
  return `/usr/bin/${program}`;
}
