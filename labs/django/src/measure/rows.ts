import type { Scheme, Side } from "../client/user.ts";
import { coupon, invitations, names, refresh, score, transfer } from "../experiments/bursts.ts";
import type { Experiment } from "../experiments/experiment.ts";
import { slowBody } from "../experiments/slow-body.ts";
import { demotion, ownership, revocation } from "../experiments/withdrawals.ts";
import type { LabSwitches } from "../options.ts";

/** One line of the table: what is done to which half of a lab with which switches. */
export interface Row {
  /** What it is called on the command line; unique. */
  readonly id: string;
  readonly switches: Partial<LabSwitches>;
  readonly scheme: Scheme;
  readonly half: Side["half"];
  readonly what: string;
  /** The trial's own; `at` runs from 0 to 1 over the trials, for what is swept. */
  experiment(at: number): Experiment;
}

/** No waiting in the handlers: the windows are the ones that the code itself has. */
const PLAIN: Partial<LabSwitches> = { think: 0 };
/** Wide enough for a whole logout and a read to fit between check and act. */
const SLOW: Partial<LabSwitches> = { think: 20 };

function row(
  id: string,
  what: string,
  half: Side["half"],
  experiment: Row["experiment"],
  switches = PLAIN,
  scheme: Scheme = "bearer",
): Row {
  return { id, what, half, experiment, switches, scheme };
}

const LISTINGS: readonly (readonly [string, string, string])[] = [
  ["listing-1", "listing 1, vulnerable", "vulnerable/"],
  ["listing-2", "listing 2, token lock", "token-lock/"],
  ["listing-3", "listing 3, DRF and atomic", "drf-atomic/"],
];

const listings = LISTINGS.flatMap(([id, name, path]) => [
  row(`${id}:one`, `${name}: 16 × score, one token`, "listings", () => score(path)),
  row(`${id}:two`, `${name}: 16 × score, two tokens`, "listings", () => score(path, 2)),
  row(`${id}:held`, `${name}: logout, held body`, "listings", () => revocation("held", path)),
]);
const slow = [500, 2000].map((ms) =>
  row(`listing-2:slow-${ms}`, `listing 2: logout while a body is held ${ms} ms`, "listings", () =>
    slowBody(ms, "token-lock/"),
  ),
);
const right = [
  row("right:one", "right half: 16 × score, one token", "right", () => score()),
  row("right:two", "right half: 16 × score, two tokens", "right", () => score("score/", 2)),
  row("right:held", "right half: logout, held body", "right", () => revocation("held")),
  row("right:slow-2000", "right half: logout while a body is held 2000 ms", "right", () => slowBody(2000)),
  row("right:offset", "right half: logout, by offset", "right", (at) => revocation(at * 12), SLOW),
  row("unlocked:held", "unlocked re-check: logout, held body", "unlocked", () => revocation("held")),
  row(
    "unlocked:offset",
    "unlocked re-check: logout, by offset",
    "unlocked",
    (at) => revocation(at * 12),
    SLOW,
  ),
];

const LEVELS = ["read-committed", "repeatable-read", "serializable"] as const;
const SHORT = { "read-committed": "rc", "repeatable-read": "rr", serializable: "ser" } as const;
const levels = LEVELS.flatMap((isolation) => {
  const switches = { ...PLAIN, isolation };
  const id = SHORT[isolation];
  return [
    row(
      `${id}:listing-1`,
      `${isolation}: listing 1 (not atomic)`,
      "listings",
      () => score("vulnerable/"),
      switches,
    ),
    row(
      `${id}:listing-2`,
      `${isolation}: listing 2, two tokens`,
      "listings",
      () => score("token-lock/", 2),
      switches,
    ),
    row(
      `${id}:listing-3`,
      `${isolation}: listing 3 (atomic)`,
      "listings",
      () => score("drf-atomic/"),
      switches,
    ),
    row(`${id}:racy`, `${isolation}: racy half (not atomic)`, "racy", () => score(), switches),
    row(`${id}:right`, `${isolation}: right half (retries)`, "right", () => score(), switches),
  ];
});
const atomicRequests = LEVELS.map((isolation) =>
  row(
    `atomic-requests:${SHORT[isolation]}`,
    `ATOMIC_REQUESTS, ${isolation}: racy half`,
    "racy",
    () => score(),
    { ...PLAIN, isolation, atomicRequests: true },
  ),
);

const ON_SQLITE = { ...PLAIN, database: "sqlite" } as const;
const sqlite = [
  row("sqlite:listing-1", "SQLite: listing 1", "listings", () => score("vulnerable/"), ON_SQLITE),
  row("sqlite:listing-2", "SQLite: listing 2, one token", "listings", () => score("token-lock/"), ON_SQLITE),
  row("sqlite:listing-3", "SQLite: listing 3", "listings", () => score("drf-atomic/"), ON_SQLITE),
  row(
    "sqlite:slow-2000",
    "SQLite: listing 2, logout while a body is held 2000 ms",
    "listings",
    () => slowBody(2000, "token-lock/"),
    ON_SQLITE,
  ),
  row("sqlite:right", "SQLite: right half", "right", () => score(), ON_SQLITE),
];

const SERVERS: readonly (readonly [string, string, Partial<LabSwitches>])[] = [
  ["gunicorn", "gunicorn 2 × 8", {}],
  ["nginx", "nginx, as it comes, before gunicorn", { front: "http1" }],
  ["nginx-unbuffered", "nginx, proxy_request_buffering off", { front: "http1", requestBuffering: false }],
  ["uvicorn", "uvicorn, 1 process", { server: "uvicorn", workers: 1 }],
  ["uvicorn-2", "uvicorn, 2 processes", { server: "uvicorn", workers: 2 }],
  ["one", "gunicorn 1 × 1", { workers: 1, threads: 1 }],
];
const servers = SERVERS.flatMap(([id, name, switches]) => [
  row(`${id}:score`, `${name}: listing 1, 16 × score`, "listings", () => score("vulnerable/"), {
    ...PLAIN,
    ...switches,
  }),
  row(
    `${id}:held`,
    `${name}: listing 1, logout, held body`,
    "listings",
    () => revocation("held", "vulnerable/"),
    { ...PLAIN, ...switches },
  ),
]);

const TWINS: readonly (readonly [string, Row["experiment"]])[] = [
  ["score", () => score()],
  ["coupon", () => coupon],
  ["transfer", () => transfer],
  ["invitations", () => invitations],
  ["names", () => names],
  ["refresh", () => refresh],
  ["ownership", () => ownership("held")],
  ["demotion", () => demotion("held")],
  ["logout", () => revocation("held")],
];
const twins = TWINS.flatMap(([id, experiment]) =>
  (["racy", "right"] as const).map((half) =>
    row(`twins:${id}:${half}`, `${half} ${experiment(0).name}`, half, experiment),
  ),
);

const stockRefresh = (["racy", "right"] as const).map((half) =>
  row(`twins:jwt-refresh:${half}`, `${half} refresh rotation, simplejwt`, half, () => refresh, PLAIN, "jwt"),
);

/** Tables by their names. */
export const TABLES: Readonly<Record<string, readonly Row[]>> = {
  "The three listings, and the right way": [...listings, ...slow, ...right],
  "Isolation levels": [...levels, ...atomicRequests],
  SQLite: sqlite,
  Servers: servers,
  "Racy and right": [...twins, ...stockRefresh],
};
