import type { PrincipalRecipe } from "../../plan/credential.ts";
import { SetupFailed } from "../credentials/credentials.ts";
import { Holder } from "../credentials/holder.ts";
import {
  type Issued,
  issue,
  issuedAs,
  presented,
  type RecipeContext,
  variablesOf,
} from "../credentials/issue.ts";
import { assertIdentity } from "../credentials/supplied.ts";
import type { Variables } from "../recipe.ts";
import type { Token } from "../token.ts";

/** Everybody whom a scenario names, for the whole run: who exists keeps the token while it works. */
export class Cast {
  readonly #context: RecipeContext;
  readonly #recipes: ReadonlyMap<string, PrincipalRecipe>;
  readonly #holders = new Map<string, Holder>();
  /** Every token and password that was ever in use: none may be shown. */
  readonly #secrets = new Set<string>();
  readonly #identified = new Set<string>();

  constructor(context: RecipeContext, recipes: readonly PrincipalRecipe[]) {
    this.#context = context;
    this.#recipes = new Map(recipes.map((one) => [one.name, one]));
  }

  /** Those of one trial. */
  begin(): People {
    return new People(this);
  }

  keepsSecret(text: string): boolean {
    return [...this.#secrets].some((one) => text.includes(one));
  }

  hide(text: string): void {
    if (text.length >= 4) this.#secrets.add(text);
  }

  /** A new principal where the recipe registers one. Throws SetupFailed, DeadheatError. */
  async appear(name: string): Promise<Presence> {
    const recipe = this.#recipes.get(name);
    if (!recipe) throw new Error(`${name} was not compiled`);
    const presence = recipe.register.length > 0 ? await this.#registered(recipe) : this.#existing(recipe);
    const checked = async (index: number): Promise<Token> => {
      const { issued, variables } = await presence.token(index);
      const { header = "authorization", keyword = "Bearer" } = recipe;
      const token = presented(issued, { header, keyword });
      for (const secret of [issued.value, issued.refresh, variables.get("password")])
        if (secret) this.hide(secret);
      if (!this.#identified.has(name)) await assertIdentity(this.#context, recipe, token, variables);
      this.#identified.add(name);
      return token;
    };
    return { registeredBy: presence.registeredBy, token: checked };
  }

  async #registered(recipe: PrincipalRecipe) {
    const variables = await variablesOf(this.#context, recipe);
    await this.#context.recipes.run(recipe.register, variables);
    const [step] = recipe.register;
    const token = async (index: number): Promise<Possession> => {
      const own = index === 1 ? variables : new Map(variables);
      if (index > 1 && recipe.login.length === 0)
        throw new SetupFailed(`${recipe.name} has no login, so there is no token ${index}`);
      return { issued: await issue(this.#context, recipe, recipe.login, own), variables: own };
    };
    return { registeredBy: `${step?.request.method} ${step?.request.path}`, token };
  }

  #existing(recipe: PrincipalRecipe) {
    const holder = this.#holders.get(recipe.name) ?? new Holder(this.#context, recipe);
    this.#holders.set(recipe.name, holder);
    const token = async (index: number): Promise<Possession> => {
      const variables = await holder.variables();
      if (index === 1) return { issued: await holder.current(), variables };
      if (recipe.login.length > 0) return { issued: await holder.another(), variables };
      const supplied = recipe.tokens[index - 1];
      if (!supplied) throw new SetupFailed(`${recipe.name} has no token ${index}`);
      return { issued: issuedAs(this.#context, recipe, (await supplied()).trim(), variables), variables };
    };
    return { registeredBy: undefined, token };
  }
}

interface Possession {
  readonly issued: Issued;
  readonly variables: Variables;
}

interface Presence {
  /** `POST /users`, where it was made for this trial. */
  readonly registeredBy: string | undefined;
  token(index: number): Promise<Token>;
}

/** The principals of one trial and their tokens. */
export class People {
  readonly #cast: Cast;
  readonly #present = new Map<string, Presence>();
  readonly #tokens = new Map<string, Token>();

  constructor(cast: Cast) {
    this.#cast = cast;
  }

  /** Throws SetupFailed, DeadheatError. */
  async token(name: string, index: number): Promise<Token> {
    const key = `${name} ${index}`;
    const known = this.#tokens.get(key);
    if (known) return known;
    const presence = this.#present.get(name) ?? (await this.#cast.appear(name));
    this.#present.set(name, presence);
    const token = await presence.token(index);
    this.#tokens.set(key, token);
    return token;
  }

  /** Whether it was needed by now: who never came has made nothing. */
  has(name: string): boolean {
    return this.#present.has(name);
  }

  /** Those that were made for this trial, and by which call. */
  registered(): readonly { readonly name: string; readonly by: string }[] {
    return [...this.#present].flatMap(([name, { registeredBy }]) =>
      registeredBy === undefined ? [] : [{ name, by: registeredBy }],
    );
  }
}
