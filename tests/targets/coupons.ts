import {
  type AccountsTarget,
  accountsDocument,
  accountsTarget,
  credential,
  unauthorized,
} from "./accounts.ts";
import { newToken, type Routes, serve, sleep, type Target } from "./api.ts";

export interface CouponTarget extends AccountsTarget {
  /** Makes and removes coupons as well, on an origin of its own. */
  readonly backOffice: Target;
  readonly admin: string;
  /** Coupons that were ever made. */
  made(): number;
  /** Coupons that are still there. */
  left(): string[];
}

/** Coupons that only an administrator makes, by calls that the document does not show; redeemed too often. */
export async function couponTarget(): Promise<CouponTarget> {
  const admin = newToken();
  const coupons = new Map<string, { redeemed: boolean }>([["somebody else's", { redeemed: false }]]);
  let made = 0;
  const redeem = {
    post: {
      security: [{ tokenAuth: [] }],
      parameters: [{ name: "code", in: "path", required: true, schema: { type: "string" } }],
      responses: { 200: { description: "Yours." }, 409: { description: "Somebody else's by now." } },
    },
  };
  const administration: Routes = {
    "POST /admin/coupons": (call) => {
      if (credential(call) !== admin) return { status: 403, body: {} };
      const code = `c${++made}`;
      coupons.set(code, { redeemed: false });
      return { status: 201, body: { code } };
    },
    "DELETE /admin/coupons/{code}": (call) => {
      if (credential(call) !== admin) return { status: 403, body: {} };
      return coupons.delete(call.parameters.code ?? "") ? { status: 204 } : { status: 404, body: {} };
    },
  };
  const backOffice = await serve(administration, {});
  const target = await accountsTarget({
    document: accountsDocument(undefined, { "/coupons/{code}/redeem": redeem }),
    routes: (accounts): Routes => ({
      "POST /join": ({ body }) =>
        accounts.add(body.username, body.password) ? { status: 201, body: {} } : { status: 409, body: {} },
      "POST /enter": ({ body }) => {
        const account = accounts.check(body.username, body.password);
        return account ? { status: 200, body: { token: accounts.issue(account) } } : unauthorized;
      },
      ...administration,
      "POST /coupons/{code}/redeem": async (call) => {
        const account = accounts.holder(credential(call));
        const coupon = coupons.get(call.parameters.code ?? "");
        if (!account) return unauthorized;
        if (!coupon) return { status: 404, body: {} };
        if (coupon.redeemed) return { status: 409, body: {} };
        await sleep(15);
        coupon.redeemed = true;
        account.points += 10;
        return { status: 200, body: {} };
      },
    }),
  });
  // An administrator has no points, but is let in.
  target.accounts.issued.set(admin, {
    account: { name: "admin", points: 0 },
    ends: Number.POSITIVE_INFINITY,
  });
  const stop = async () => {
    await target.stop();
    await backOffice.stop();
  };
  return { ...target, stop, backOffice, admin, made: () => made, left: () => [...coupons.keys()] };
}
