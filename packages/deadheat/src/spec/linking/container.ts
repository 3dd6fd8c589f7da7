import { identifierIn, namedInRequest } from "./identifier.ts";
import type { Catalogue, Found, LinkSource, Wanted } from "./request.ts";

/** `POST /keys` makes what `/keys/{id}` names: its answer says so, or it says nothing at all. */
export const fromContainer: LinkSource = (wanted, catalogue) => {
  const maker = catalogue.at("POST", wanted.container) ?? catalogue.at("PUT", wanted.container);
  if (!maker || maker === wanted.consumer) return undefined;
  if (catalogue.kindOf(maker) !== "create")
    return { reason: `${maker.operation.method} ${maker.template} does not seem to make one` };
  return identified(maker, wanted);
};

/** `PUT /secrets/{name}`: its caller chooses the name under which others find it. */
export const fromChosenName: LinkSource = (wanted, catalogue) => {
  const { consumer, key, parameter } = wanted;
  const put = catalogue.at("PUT", `${wanted.container}/{}`);
  if (
    !put ||
    put === consumer ||
    /^(id|uuid|guid|number|pk|token|hash|sha)$/.test(key) ||
    /id$/i.test(parameter)
  )
    return undefined;
  const upserts = /\b(upsert|create|add|put|register|set)\b/.test(put.words) || put.succeeds.includes("201");
  return upserts && hasBody(put, catalogue) ? { producer: put, via: "chosen-name" } : undefined;
};

function hasBody(one: Parameters<Catalogue["kindOf"]>[0], _catalogue: Catalogue): boolean {
  return one.node.requestBody !== undefined || one.succeeds.includes("201");
}

export function identified(maker: Found["producer"], wanted: Wanted): Found | { readonly reason: string } {
  const field = identifierIn(maker, wanted);
  if (field) return { producer: maker, via: maker.locates ? "location" : "response", pointer: field.pointer };
  if (maker.locates) return { producer: maker, via: "location" };
  const named = namedInRequest(maker, wanted);
  if (named) return { producer: maker, via: "request", pointer: named.pointer };
  if (maker.gives === undefined) return { producer: maker, via: "container" };
  return { reason: `the answer of ${maker.operation.method} ${maker.template} shows no identifier` };
}
