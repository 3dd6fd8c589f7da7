import type { FunctionDefinition, Module } from "./definitions.ts";

/** By which call a function receives a signal, where no decorator says so. */
export interface Connection {
  readonly signal: string;
  /** Name of the model whose rows it is about. */
  readonly sender?: string;
}

/**
 * `signals.post_save.connect(handlers.on_entry, sender=Entry)`, `connect(on_entry, sender=apps.get_model("app", "Entry"))`:
 * wherever it stands, in `ready()` most often.
 */
const CONNECTS =
  /\b(\w+)\.connect\(\s*(?:receiver\s*=\s*)?([\w.]+)\s*(?:,\s*sender\s*=\s*([\w.]+(?:\([^()]*\))?))?/g;
const LAST_NAME = /(\w+)\W*$/;

/** Functions that are connected to a signal, each with the first that it is connected to. */
export function connectionsIn(modules: readonly Module[]): ReadonlyMap<FunctionDefinition, Connection> {
  const found = new Map<FunctionDefinition, Connection>();
  let byName: ReadonlyMap<string, readonly FunctionDefinition[]> | undefined;
  for (const module of modules) {
    const { text } = module.source;
    if (!text.includes(".connect(")) continue;
    for (const [, signal, handler, sender] of text.matchAll(CONNECTS)) {
      byName ??= functionsByName(modules);
      const fn = methodOf(module, handler as string) ?? nearest(byName.get(lastOf(handler)) ?? [], module);
      if (!fn || found.has(fn)) continue;
      const model = sender && senderOf(sender);
      found.set(fn, { signal: signal as string, ...(model ? { sender: model } : {}) });
    }
  }
  return found;
}

/** (A variable, as in a loop over models, stands for any of them.) */
function senderOf(text: string): string | undefined {
  if (/\bget_user_model\(|\bAUTH_USER_MODEL$/.test(text)) return "User";
  const name = LAST_NAME.exec(text)?.[1];
  return name && /^[A-Z]/.test(name) ? name : undefined;
}

/** `connect(self.on_saved)`, `connect(Index.on_saved)`, with the class in the same file. */
function methodOf({ all }: Module, handler: string): FunctionDefinition | undefined {
  const [holder, name, more] = handler.split(".");
  if (!holder || !name || more) return undefined;
  const isOwn = /^(self|cls)$/.test(holder);
  const found = all.filter((fn) => fn.owner && fn.name === name && (isOwn || fn.owner.name === holder));
  return found.length === 1 ? found[0] : undefined;
}

function lastOf(handler: string | undefined): string {
  return handler?.split(".").at(-1) ?? "";
}

function functionsByName(modules: readonly Module[]): ReadonlyMap<string, readonly FunctionDefinition[]> {
  const found = new Map<string, FunctionDefinition[]>();
  for (const { all } of modules)
    for (const fn of all)
      if (!fn.owner && fn.qualified === fn.name) {
        const known = found.get(fn.name);
        if (known) known.push(fn);
        else found.set(fn.name, [fn]);
      }
  return found;
}

/** Of several of a name, the one in the same file, else the only one in the same folder. */
function nearest(found: readonly FunctionDefinition[], { path }: Module): FunctionDefinition | undefined {
  if (found.length < 2) return found[0];
  const own = found.find((one) => one.module.path === path);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const near = found.filter((one) => one.module.path.startsWith(folder));
  return own ?? (near.length === 1 ? near[0] : undefined);
}
