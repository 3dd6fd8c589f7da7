import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { DjangoLab } from "../../labs/django/src/index.ts";
import type { Report } from "../../packages/deadheat/src/index.ts";

/** What one scan of the Django lab is about: a half under one way to authenticate, or the listings. */
export interface Part {
  readonly scheme: "bearer" | "token" | "jwt" | "listings";
  readonly half: "racy" | "right";
}

/** Halves of the lab that are scanned with one of the two: what is racy in its own way, and what looks it. */
const BESIDE = { racy: ["racy", "unlocked", "grace"], right: ["right"] } as const;

/** The part of the lab's document that is about `part`, as a file in `folder`. */
export function documentOf(lab: DjangoLab, { scheme, half }: Part, folder: string): string {
  if (scheme === "listings") return lab.documents.listings;
  const { paths, ...rest } = parse(readFileSync(lab.documents[scheme], "utf8"));
  const own = Object.entries(paths).filter(([path]) =>
    BESIDE[half].some((name) => path.startsWith(`/${scheme}/${name}/`)),
  );
  const file = join(folder, `${scheme}-${half}.json`);
  writeFileSync(file, JSON.stringify({ ...rest, paths: Object.fromEntries(own) }));
  return file;
}

/** An invitation of the lab's goes to nobody, which its name does not say. */
export function optInFor({ scheme, half }: Part): string[] {
  const path = `/${scheme}/${half}/invitations/`;
  return scheme === "listings" ? [] : [`POST ${path}`, `DELETE ${path}{id}/`];
}

/** The nine pairs: score, coupon, transfer, invite limit, unique create, logout, ownership, demotion, rotation. */
function pairs(scheme: Part["scheme"], half: Part["half"]): string[] {
  const at = (weakness: string, method: string, path: string) =>
    `${weakness} ${method} /${scheme}/${half}/${path}`;
  return [
    at("lost-update", "POST", "score/"),
    at("limit-overrun", "POST", "coupons/{code}/redeem/"),
    at("lost-update", "POST", "transfers/"),
    at("limit-overrun", "POST", "invitations/"),
    at("limit-overrun", "POST", "names/"),
    at("revocation-race", "POST", "score/"),
    at("ownership-race", "PUT", "documents/{id}/"),
    at("demotion-race", "POST", "teams/{id}/notices/"),
    // DRF's authtoken has no refresh token.
    ...(scheme === "token" ? [] : [at("refresh-reuse", "POST", "refresh/")]),
  ];
}

const listing = (weakness: string, name: string) => `${weakness} POST /listings/${name}/`;

/** What a scan of `part` has to prove, as `weakness METHOD path`. */
export function racyIn({ scheme, half }: Part): string[] {
  if (scheme === "listings")
    return [
      listing("lost-update", "vulnerable"),
      listing("revocation-race", "vulnerable"),
      listing("lost-update", "token-lock"),
      listing("lost-update", "drf-atomic"),
      listing("revocation-race", "drf-atomic"),
    ];
  if (half === "right") return [];
  return [...pairs(scheme, "racy"), `revocation-race POST /${scheme}/unlocked/score/`];
}

/** What a scan of `part` has to have raced without seeing anything. */
export function rightIn({ scheme, half }: Part): string[] {
  // A logout waits for whoever has locked the token's row: slow, and right.
  if (scheme === "listings") return [listing("revocation-race", "token-lock")];
  if (half === "right") return pairs(scheme, "right");
  return [
    `lost-update POST /${scheme}/unlocked/score/`,
    ...(scheme === "bearer" ? ["refresh-reuse POST /bearer/grace/refresh/"] : []),
  ];
}

/** What else may be proven: all of a racy half, what an unlocked check lets through, and a slow body's lock. */
const ALSO_TRUE = /\/racy\/|^revocation-race POST \/\w+\/unlocked\/|^lock-hold POST \/listings\/token-lock\//;

export interface Judgement {
  readonly proven: number;
  readonly missed: readonly string[];
  readonly clean: number;
  readonly unclean: readonly string[];
  readonly falsely: readonly string[];
}

/** A report against what is known of the lab. */
export function judgementOf(report: Report, part: Part): Judgement {
  const found = report.findings.map(nameOf);
  const silent = report.outcomes.filter((one) => one.status === "not-observed").map(nameOf);
  const missed = racyIn(part).filter((one) => !found.includes(one));
  const unclean = rightIn(part).filter((one) => !silent.includes(one));
  const expected = racyIn(part);
  return {
    proven: expected.length - missed.length,
    missed,
    clean: rightIn(part).length - unclean.length,
    unclean,
    falsely: found.filter((one) => !expected.includes(one) && !ALSO_TRUE.test(one)),
  };
}

function nameOf({ weakness, operation }: Report["outcomes"][number] | Report["findings"][number]): string {
  return `${weakness} ${operation.method} ${operation.path}`;
}
