import type { Program } from "./effects/program.ts";
import type { Route } from "./project/routes.ts";
import { functionsBehind } from "./reach-routes.ts";

/** Leaves the machine: an HTTP client, a payment provider, a cloud. Mail does not: it is kept. */
const OUT =
  /\b(requests|httpx|urllib3|aiohttp)\.(get|post|put|patch|delete|request|Session|Client)\b|\burlopen\(|\b(stripe|twilio|boto3|sendgrid|paypal\w*|braintree|razorpay|firebase_admin)\./;

export function callsOut(program: Program, route: Route): boolean {
  return [...functionsBehind(program, route)].some((fn) => OUT.test(fn.text()));
}
