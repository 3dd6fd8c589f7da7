import type { PrincipalRecipe } from "../../plan/credential.ts";
import type { Variables } from "../recipe.ts";
import { SetupFailed } from "./credentials.ts";
import { type Issued, issue, issuedAs, livesOnRefresh, type RecipeContext, variablesOf } from "./issue.ts";

/** A token that ends sooner than this is renewed before a trial, ms; at most half of its life. */
const MARGIN_MS = 15_000;

/**
 * One principal that exists, and its token while it works. There is one holder for each in a scan, whatever
 * schemes it serves: a refresh token that is replaced at each use is lost where two follow it.
 */
export class Holder {
  readonly #context: RecipeContext;
  readonly #recipe: PrincipalRecipe;
  #held: { readonly issued: Issued; readonly renewAt: number } | undefined;
  #variables: Variables | undefined;

  constructor(context: RecipeContext, recipe: PrincipalRecipe) {
    this.#context = context;
    this.#recipe = recipe;
  }

  /** The token that is held, or another where it has ended: by its own time, or as `works` says. */
  async current(works: (issued: Issued) => Promise<boolean> = async () => true): Promise<Issued> {
    const { clock } = this.#context;
    if (this.#held && clock.now() < this.#held.renewAt && (await works(this.#held.issued)))
      return this.#held.issued;
    const issued = (await this.#refreshed()) ?? (await this.#signedIn(0));
    const life = (issued.expires ?? Number.POSITIVE_INFINITY) - clock.now();
    this.#held = { issued, renewAt: clock.now() + life - Math.min(MARGIN_MS, life / 2) };
    return issued;
  }

  /** Another token of the same principal; the one that is held stays as it is. */
  async another(): Promise<Issued> {
    return this.#signedIn(1);
  }

  /** What its recipe knows by now. */
  async variables(): Promise<Variables> {
    this.#variables ??= await variablesOf(this.#context, this.#recipe);
    return this.#variables;
  }

  async #signedIn(index: number): Promise<Issued> {
    const { login, tokens } = this.#recipe;
    const variables = await this.variables();
    if (login.length > 0) {
      const own = livesOnRefresh(this.#recipe) ? variables : new Map(variables);
      const issued = await issue(this.#context, this.#recipe, login, own);
      if (index === 0) for (const [name, value] of own) variables.set(name, value);
      return issued;
    }
    const supplied = tokens[index];
    if (!supplied) throw new SetupFailed(`${this.#recipe.name} has no other token`);
    const value = (await supplied()).trim();
    if (index === 0) variables.set("token", value);
    return issuedAs(this.#context, this.#recipe, value, variables);
  }

  async #refreshed(): Promise<Issued | undefined> {
    const { refresh, login } = this.#recipe;
    const variables = await this.variables();
    if (!this.#held || refresh.length === 0 || !variables.has("refresh_token")) return undefined;
    try {
      return await issue(this.#context, this.#recipe, refresh, variables);
    } catch (error) {
      // A refresh token may have ended too: then the principal signs in again.
      if (!(error instanceof SetupFailed) || login.length === 0 || livesOnRefresh(this.#recipe)) throw error;
      variables.delete("refresh_token");
      return undefined;
    }
  }
}
