import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDjangoLab } from "../../labs/django/src/index.ts";
import { startLab } from "../../labs/node/src/index.ts";
import { documentOf, optInFor, type Part } from "../../tests/targets/django.ts";
import { halfOf } from "../../tests/targets/guarded-half.ts";

/** A lab on a database that is reached through a proxy, and the part of its document that is scanned. */
export interface Subject {
  readonly url: string;
  readonly document: string;
  /** Operations that may be called although their words say that they send mail or move money. */
  readonly optIn: readonly string[];
  stop(): Promise<void>;
}

export const LABS = ["node", "tokens", "resources", "token", "bearer", "jwt", "listings"] as const;
export type LabName = (typeof LABS)[number];
export type HalfName = "racy" | "right" | "both";

export async function startSubject(name: LabName, half: HalfName, databaseUrl: string): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), "deadheat-interleave-"));
  const started =
    name === "node" || name === "tokens" || name === "resources"
      ? await nodeLab(name, half, databaseUrl, folder)
      : await djangoLab(name, half, databaseUrl, folder);
  return {
    ...started,
    async stop() {
      await started.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function nodeLab(
  name: "node" | "tokens" | "resources",
  half: HalfName,
  databaseUrl: string,
  folder: string,
): Promise<Subject> {
  const lab = await startLab({ databaseUrl, ...(name === "node" ? {} : { suites: [name] }) });
  const whole = name === "node" ? lab.document : (lab.suiteDocuments[0] as string);
  const document = half === "both" ? whole : halfOf(whole, half === "racy" ? "racy" : "guarded", folder);
  const optIn = ["invitations", "invitations/{id}/accept", "payments"].map((path) => `POST /racy/${path}`);
  return {
    url: lab.url,
    document,
    optIn: name === "resources" ? [...optIn, ...optIn.map((one) => one.replace("racy", "guarded"))] : [],
    stop: () => lab.stop(),
  };
}

async function djangoLab(
  scheme: Part["scheme"],
  half: HalfName,
  databaseUrl: string,
  folder: string,
): Promise<Subject> {
  const lab = await startDjangoLab({ databaseUrl });
  const part: Part = { scheme, half: half === "right" ? "right" : "racy" };
  const document = half === "both" ? lab.documents[scheme] : documentOf(lab, part, folder);
  return { url: lab.url, document, optIn: half === "both" ? [] : optInFor(part), stop: () => lab.stop() };
}
