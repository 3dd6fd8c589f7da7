import { DeadheatError } from "../../errors.ts";
import type { ProveReport } from "../../findings/prove-report.ts";
import { type OpenedProject, rowsScript, usersScript, type World } from "../../harness/index.ts";
import type { ObjectRecipe } from "../../plan/credential.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Route } from "../../source/index.ts";
import { type DatabaseInView, viewDatabase } from "../database.ts";
import type { CredentialNote } from "../events.ts";
import type { ScanOptions } from "../options.ts";
import { loadPlan, prepareTarget } from "../prepare.ts";
import type { LocatedGap } from "./correlate.ts";
import type { ProveEvent } from "./events.ts";
import { harmlessHere } from "./outside.ts";
import type { ProveOptions, Sourced } from "./prove.ts";
import { rowRecipes } from "./rows.ts";
import { recipesOf } from "./users.ts";

export interface Documented {
  readonly document: NonNullable<ProveReport["document"]>;
  readonly gaps: readonly LocatedGap[];
  /** `weakness METHOD path` where the source shows what keeps the race away. */
  readonly held: ReadonlySet<string>;
  readonly routes: readonly Route[];
  readonly omitted: ProveReport["omitted"];
}

/** What a project and its fixed copy are raced with. */
export interface Site {
  readonly options: Sourced;
  readonly world: World;
  readonly documented: Documented;
  readonly emit: (event: ProveEvent) => void;
}

export interface Running {
  readonly target: ScanOptions & { readonly database: DatabaseInView };
  readonly plan: Plan;
  readonly url: string;
  /** `gunicorn 2 × 8` */
  readonly server: string;
  /** Exceptions that the project has raised so far, each with how often. */
  errors(): readonly string[];
  /** Users that a script makes: a project may let one register, and no second one. */
  scripted(without: readonly CredentialNote[]): Promise<NonNullable<ScanOptions["principals"]>>;
}

/** Puts the proxy before the project's database, starts its server, finds tokens, and stops all of it after `work`. */
export async function running<T>(
  { options, world, documented, emit }: Site,
  project: OpenedProject,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  const document = documented.document.file;
  const database = await viewDatabase({ url: project.databaseUrl, clock: options.clock });
  try {
    const drafted = await loadPlan({ ...options, document });
    const objects = await rowsFor(options, document, drafted, emit);
    const server = await project.serve(database.port, { rows: objects.length > 0 });
    const target = {
      ...options,
      document,
      objects: [...(options.objects ?? []), ...objects],
      target: server.url,
      authorization: { allow: [] },
      mail: options.mail ?? { smtp: { port: world.mailPort } },
      optIn: [...options.optIn, ...harmlessHere(drafted, options.opened, documented.routes)],
      database,
    };
    const plan = await loadPlan(target);
    const principals = await principalsFor(target, plan, project, emit);
    return await work({
      target: { ...target, principals },
      plan,
      url: server.url,
      server: server.name,
      errors: () => server.errors(),
      scripted: (without) => withScript(target, plan, project, emit, without),
    });
  } finally {
    await database.close();
  }
}

/** Rows that paths name and no operation makes, where the script that makes them is allowed. */
async function rowsFor(
  options: Sourced & Pick<ProveOptions, "allowScript">,
  document: string,
  drafted: Plan,
  emit: Site["emit"],
): Promise<readonly ObjectRecipe[]> {
  const recipes = await rowRecipes(document, drafted);
  if (recipes.length === 0) return [];
  const named = recipes.map(({ path = "" }) => path).join(", ");
  if (!(await options.allowScript(rowsScript))) {
    emit({
      type: "note",
      text: `nothing makes the objects that ${named} names: allow the script that makes rows with --allow-script, or say under objects how they are made`,
    });
    return [];
  }
  emit({ type: "note", text: `the objects that ${named} names are rows made by a script` });
  return recipes;
}

const USERS = 3;

/** The user's own principals; where the project lets nobody register, users that a script makes, if that is allowed. */
async function principalsFor(
  target: ScanOptions & Pick<ProveOptions, "allowScript">,
  plan: Plan,
  project: OpenedProject,
  emit: Site["emit"],
): Promise<NonNullable<ScanOptions["principals"]>> {
  const given = target.principals ?? [];
  if (given.some((one) => !one.setUpOnly) || plan.credentials.length === 0) return given;
  // In front: behind it, a name of this one's would be one of the scan's that follows, once that has made enough.
  const prepared = await prepareTarget({ ...target, nonce: `p${target.nonce}` }, plan);
  await prepared.close();
  const without = prepared.notes.filter((one) => one.reason !== undefined);
  if (without.length === 0) return given;
  return withScript(target, plan, project, emit, without);
}

/** Users that a script makes, for schemes under which nobody can register; where that is allowed. */
async function withScript(
  target: ScanOptions & Pick<ProveOptions, "allowScript">,
  plan: Plan,
  project: OpenedProject,
  emit: Site["emit"],
  without: readonly CredentialNote[],
): Promise<NonNullable<ScanOptions["principals"]>> {
  const given = target.principals ?? [];
  for (const { scheme, reason } of without)
    emit({ type: "note", text: `no tokens for ${scheme} by the project's own endpoints: ${reason}` });
  if (!(await target.allowScript(usersScript))) {
    emit({
      type: "note",
      text: "the script that makes users was not run: allow it with --allow-script, or say under principals how users sign in",
    });
    return given;
  }
  const users = await project.makeUsers(USERS);
  emit({ type: "step", step: "users", text: `${users.length} users made by a script`, ms: 0 });
  const schemes = new Set(without.map(({ scheme }) => scheme));
  const all = [
    ...given,
    ...plan.credentials.filter((one) => schemes.has(one.scheme)).flatMap((one) => recipesOf(users, one)),
  ];
  const refusal = await refusalOf({ ...target, principals: all }, plan);
  if (refusal === undefined) return all;
  emit({ type: "note", text: `users that the script made are of no use: ${refusal}` });
  return given;
}

/** A user alone may be too little: a project may want a profile or an account beside it. */
async function refusalOf(target: ScanOptions, plan: Plan): Promise<string | undefined> {
  try {
    const prepared = await prepareTarget(target, plan);
    await prepared.close();
    return undefined;
  } catch (error) {
    if (error instanceof DeadheatError && error.code !== "interrupted") return error.message;
    throw error;
  }
}
