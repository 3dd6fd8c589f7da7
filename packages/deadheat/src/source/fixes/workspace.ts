import { Program } from "../effects/program.ts";
import { type Judged, judge } from "../judge.ts";
import type { Grammar } from "../parse/grammar.ts";
import { parsePython } from "../parse/parse.ts";
import type { Module } from "../project/definitions.ts";
import { Models } from "../project/models.ts";
import { Project } from "../project/project.ts";
import { scanModule } from "../project/scan.ts";
import { readSettings } from "../project/settings.ts";

/** A project's texts as they are and as they would be. Nothing is written to where they came from. */
export interface State {
  readonly texts: ReadonlyMap<string, string>;
  readonly modules: ReadonlyMap<string, Module>;
  readonly program: Program;
  readonly judged: Judged;
  /** Files that have a place which is no Python. */
  readonly broken: ReadonlySet<string>;
}

interface Scanned {
  readonly text: string;
  readonly module: Module;
  readonly isBroken: boolean;
}

export class Workspace {
  readonly #grammar: Grammar;
  readonly #name: string;
  readonly #scanned = new Map<string, Scanned>();

  constructor(grammar: Grammar, name: string) {
    this.#grammar = grammar;
    this.#name = name;
  }

  /** Analyses all of `texts`; what has not changed since is not parsed again. */
  state(texts: ReadonlyMap<string, string>): State {
    const modules = new Map<string, Module>();
    const broken = new Set<string>();
    for (const [path, text] of texts) {
      const { module, isBroken } = this.scan(path, text);
      modules.set(path, module);
      if (isBroken) broken.add(path);
    }
    const list = [...modules.values()];
    const project = new Project(list, this.#name);
    const settings = readSettings(list);
    const program = new Program(project, new Models(project, settings.userModel), settings);
    const judged = judge(program, { keep: true });
    for (const module of list) if (module.misread.length > 0) broken.add(module.path);
    return { texts, modules, program, judged, broken };
  }

  private scan(path: string, text: string): Scanned {
    const known = this.#scanned.get(path);
    if (known?.text === text) return known;
    const scanned = this.parse(path, text);
    this.#scanned.set(path, scanned);
    return scanned;
  }

  private parse(path: string, text: string): Scanned {
    const parsed = parsePython(text, this.#grammar);
    return { text, module: scanModule(path, text, parsed), isBroken: parsed.errors.length > 0 };
  }
}
