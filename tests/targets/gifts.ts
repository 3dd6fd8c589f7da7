import { type Call, newToken } from "./api.ts";
import { denied, type Make, Tokens, use } from "./foreign.ts";

interface Member {
  credit: number;
}

/**
 * Joining answers the token directly, there is no login; gifts that may be taken three times and count
 * their takers badly; a voucher whose losers are told 200, as done before.
 */
export const gifts: Make = (racy) => {
  const tokens = new Tokens<Member>();
  const all = new Map<string, { used: number; takers: number; value: number }>();
  const make = (value: number) => {
    const code = newToken().slice(0, 10);
    all.set(code, { used: 0, takers: 0, value });
    return { status: 201, body: { result: { code, value } } };
  };
  const take = (most: number, again: number) => async (call: Call) => {
    const member = tokens.owner(call.token);
    if (!member) return denied;
    const gift = all.get(call.parameters.gift ?? "");
    if (!gift) return { status: 404, body: {} };
    const { takers } = gift;
    const taken = await use(
      gift,
      most,
      racy,
      () => true,
      () => {
        member.credit += gift.value;
        // The count of takers is itself a lost update: it alone would hide the overrun.
        gift.takers = Math.min(takers + 1, most);
      },
    );
    return { status: taken ? 200 : again, body: {} };
  };
  const show = (call: Call) => {
    const gift = all.get(call.parameters.gift ?? "");
    if (!tokens.owner(call.token)) return denied;
    return gift ? { status: 200, body: { takers: gift.takers } } : { status: 404, body: {} };
  };
  return {
    routes: {
      "POST /join": ({ body }) => {
        if (typeof body.pin !== "string" || body.name?.length > 8) return { status: 422, body: {} };
        return { status: 201, body: { session: { value: tokens.issue({ credit: 0 }) } } };
      },
      "GET /credit": ({ token }) => {
        const member = tokens.owner(token);
        return member ? { status: 200, body: { credit: { amount: member.credit } } } : denied;
      },
      "POST /gifts": ({ token, body }) => (tokens.owner(token) ? make(body.value) : denied),
      "GET /gifts/{gift}": show,
      "POST /gifts/{gift}/take": take(3, 409),
      "POST /vouchers": ({ token, body }) => (tokens.owner(token) ? make(body.value) : denied),
      "GET /vouchers/{gift}": show,
      "PUT /vouchers/{gift}/use": take(1, 200),
    },
    document: {
      openapi: "3.1.0",
      info: { title: "Gifts", version: "1" },
      components: {
        securitySchemes: { key: { type: "apiKey", in: "header", name: "Authorization" } },
      },
      paths: {
        "/join": {
          post: {
            requestBody: body({
              name: { type: "string", maxLength: 8 },
              born: { type: "string", format: "date" },
              pin: { type: "string" },
            }),
            responses: { 201: { description: "In." } },
          },
        },
        "/credit": {
          get: {
            security,
            responses: {
              200: answer({ credit: { type: "object", properties: { amount: { type: "integer" } } } }),
            },
          },
        },
        ...things("/gifts", "take", "post", 409),
        ...things("/vouchers", "use", "put", 200),
      },
    },
  };
};

const security = [{ key: [] }];
const body = (properties: object) => ({
  required: true,
  content: {
    "application/json": { schema: { type: "object", required: Object.keys(properties), properties } },
  },
});
const answer = (properties: object) => ({
  description: "OK",
  content: { "*/*": { schema: { type: "object", properties } } },
});
const things = (path: string, verb: string, method: string, again: number) => ({
  [path]: {
    post: {
      security,
      requestBody: body({ value: { type: "integer", minimum: 1, maximum: 50 } }),
      responses: {
        201: answer({
          result: { type: "object", properties: { value: { type: "integer" }, code: { type: "string" } } },
        }),
      },
    },
  },
  [`${path}/{gift}`]: {
    get: { security, parameters, responses: { 200: answer({ takers: { type: "integer" } }) } },
  },
  [`${path}/{gift}/${verb}`]: {
    [method]: { security, parameters, responses: { 200: answer({}), [again]: answer({}) } },
  },
});
const parameters = [{ name: "gift", in: "path", required: true, schema: { type: "string" } }];
