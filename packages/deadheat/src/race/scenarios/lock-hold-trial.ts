import type { Operation } from "../../plan/operation.ts";
import type { Act } from "../../plan/plan.ts";
import { aside } from "../aside.ts";
import { amountsOf, call } from "../call.ts";
import type { RaceContext } from "../context.ts";
import { type Principal, SetupFailed } from "../credentials/index.ts";
import { type HttpRequest, succeeded } from "../exchange.ts";
import { type Fixture, setUp } from "../fixture.ts";
import { revokersOf } from "../revocation.ts";
import { holdBack, sendTogether } from "../together.ts";
import type { Token } from "../token.ts";
import type { Burst } from "../transport/index.ts";

/** Between the head of the held request and the others, ms: the server has begun with it. */
const HEAD_START_MS = 30;
const AMOUNT = 2;

/** A call made while another is held, and the same of another user's at the same time. */
export interface WaitingCall {
  /** In words: `POST /logout under its token`. */
  readonly does: string;
  readonly waitedMs: number;
  readonly otherWaitedMs: number;
  /** Answered only after the last byte of the held request had left. */
  readonly afterRelease: boolean;
  readonly otherAfterRelease: boolean;
}

export interface Held {
  readonly heldMs: number;
  /** The held request was not answered before its last byte left. */
  readonly pending: boolean;
  readonly calls: readonly WaitingCall[];
}

/** A user with a token that is held on to and another one. */
interface Side {
  readonly fixture: Fixture;
  readonly held: Token;
  readonly other: Token;
}

/** Holds one request, and measures what waits for it. Text: why it cannot be done. */
export async function holdOnce(
  context: RaceContext,
  act: Act,
  revokers: readonly Operation[],
  heldMs: number,
): Promise<Held | string> {
  const { clock, signal } = context;
  const transport = context.transports.find((one) => one.name === "http1") ?? context.transports[0];
  if (!transport) return "no transport";
  const { mine, others } = await aside(context, async () => ({
    mine: await sideOf(context, act, 0),
    others: await sideOf(context, act, 1),
  }));
  if (typeof mine === "string") return mine;
  if (typeof others === "string" || others.held.value === mine.held.value)
    return "there is no second user to compare with";
  const request = call(context, act, mine.fixture, amountsOf(act, AMOUNT), mine.held);
  if ((request.body?.length ?? 0) < 2) return "it has no body that could be held";
  const planned = await Promise.all([mine, others].map((side) => callsOf(context, act, side, revokers)));
  const held = await holdBack(context, transport, request);
  try {
    const began = clock.now();
    let answered = false;
    const done = held.done.then((exchange) => {
      answered = true;
      return exchange;
    });
    await clock.sleep(HEAD_START_MS, signal);
    // On connections of their own: one that is kept alive may belong to the worker that is held up.
    const burst = sendTogether(
      context,
      transport,
      planned.flat().map((one) => ({ request: one.request, offsetMs: 0 })),
    );
    await Promise.race([burst, clock.sleep(Math.max(0, began + heldMs - clock.now()), signal)]);
    const pending = !answered;
    const released = clock.now();
    held.release();
    const result = await burst;
    await done;
    return { heldMs, pending, calls: waitsOf(result, planned as [Planned[], Planned[]], released) };
  } finally {
    held.close();
  }
}

interface Planned {
  readonly does: string;
  readonly request: HttpRequest;
}

/** The revocation of the held token, and the same call under the other one. */
async function callsOf(
  context: RaceContext,
  act: Act,
  side: Side,
  operations: readonly Operation[],
): Promise<Planned[]> {
  const [revoker] = revokersOf(context, act.scheme, operations);
  const end = await revoker?.request(side.fixture.principal, side.held);
  // At another origin nothing of this API's waits for it.
  const here = end !== undefined && end.origin === undefined;
  const write = call(context, act, side.fixture, amountsOf(act, AMOUNT + 1), side.other);
  return [
    ...(revoker && here ? [{ does: `${revoker.name} under the same token`, request: end }] : []),
    { does: "the same call under another token of the user", request: write },
  ];
}

function waitsOf(
  { release, exchanges }: Burst,
  [mine]: [Planned[], Planned[]],
  released: number,
): WaitingCall[] {
  return mine.flatMap(({ does }, index) => {
    const own = exchanges[index];
    const others = exchanges[index + mine.length];
    // One that is not answered, or refused, was not done: how long it took says nothing.
    if (own?.return === undefined || others?.return === undefined || !succeeded(own) || !succeeded(others))
      return [];
    return [
      {
        does,
        waitedMs: own.return - release,
        otherWaitedMs: others.return - release,
        afterRelease: own.return >= released,
        otherAfterRelease: others.return >= released,
      },
    ];
  });
}

/** The `user`-th principal: of one that others use as well, the token that they use is not the one to be revoked. */
async function sideOf(context: RaceContext, act: Act, user: number): Promise<Side | string> {
  const credentials = context.credentials.get(act.scheme);
  if (!credentials) throw new SetupFailed(`no credential for ${act.scheme}`);
  if (!credentials.renewable) return "a token that is revoked cannot be had again";
  if (credentials.users <= user) return "there is no second user to compare with";
  const principal: Principal = await credentials.mint(user);
  const another = await principal.login?.();
  if (!another || another.value === principal.token.value)
    return "no second token of the same user can be had";
  const [held, other] = credentials.fresh ? [principal.token, another] : [another, principal.token];
  return { fixture: await setUp(context, act, { ...principal, token: other }), held, other };
}
