import type { SuiteName, WayName } from "../../labs/node/src/index.ts";

/** What is scanned again and again, and what has to come out each time. */
export interface Subject {
  readonly name: string;
  readonly words: string;
  readonly suite?: SuiteName;
  readonly half: "whole" | "guarded";
  /** The ways in which the guarded half is right, one a scan, in turn. Default: each endpoint in its usual one. */
  readonly right?: readonly WayName[];
  /** Weaknesses that are looked for. Default: all. */
  readonly only?: readonly string[];
  /** Operations that may be called although their words say that they move money or send mail. */
  readonly optIn?: readonly string[];
  /** Proven at every racy twin: `weakness METHOD /path`. */
  readonly racy: readonly string[];
  /** Judged, and nothing observed, at every guarded twin. */
  readonly clean: readonly string[];
  readonly exit: number;
  /** Of one scan, where an issue sets a limit. */
  readonly mostSeconds?: number;
  /** Requests that one scan may send, where the default is too few for so many operations. */
  readonly mostRequests?: number;
}

const LAB = [
  "lost-update POST /racy/profile/score",
  "limit-overrun POST /racy/coupons/{code}/redeem",
  "revocation-race POST /racy/profile/score",
  "revocation-race POST /racy/coupons/{code}/redeem",
  "use-after-delete POST /racy/coupons/{code}/redeem",
];

/** One line for each row of the table in labs/node/README.md. */
const TOKENS = [
  "refresh-reuse POST /racy/tokens/refresh",
  "single-use-code POST /racy/codes/{id}/redeem",
  "demotion-race POST /racy/teams/{team}/budget",
  "ownership-race PATCH /racy/documents/{id}",
  "idempotency-race POST /racy/deposits",
  "expiry-race POST /racy/profile/points",
  "revocation-race POST /racy/profile/points",
  "lost-update POST /racy/profile/stamps",
  "lock-hold PUT /racy/profile/about",
  "token-unverified GET /racy/jwt/profile",
  "control-mismatch POST /racy/jwt/logout",
];
/** At least one line for each row of the table in labs/node/README.md. */
const RESOURCES = [
  "lost-update POST /racy/meters/{id}/add",
  "lost-update PUT /racy/pages/{id}",
  "lost-update PATCH /racy/contacts/{id}",
  "lost-update PUT /racy/articles/{id}",
  "limit-overrun POST /racy/vouchers/{id}/use",
  "limit-overrun POST /racy/events/{id}/join",
  "limit-overrun POST /racy/reports",
  "limit-overrun POST /racy/invitations/{id}/accept",
  "limit-overrun POST /racy/products/{id}/reserve",
  "limit-overrun POST /racy/products/{id}/buy",
  "duplicate-create POST /racy/channels",
  "duplicate-create POST /racy/tags",
  "write-skew POST /racy/transfers",
  "write-skew POST /racy/budgets/{id}/cash",
  "write-skew POST /racy/budgets/{id}/card",
  "write-skew PUT /racy/plans/{id}/shares/{name}",
  "missing-transaction PUT /racy/pages/{id}",
  "use-after-delete POST /racy/folders/{id}/notes",
  "use-after-delete POST /racy/campaigns/{id}/donations",
  "idempotency-race POST /racy/payments",
];
/** Tokens are the matter of the other suite. */
const OF_RESOURCES = [...new Set(RESOURCES.map((one) => one.split(" ")[0] as string))];
const HARMLESS_HERE = ["invitations", "invitations/{id}/accept", "payments"].flatMap((path) => [
  `POST /racy/${path}`,
  `POST /guarded/${path}`,
]);
const RIGHT: readonly WayName[] = [
  "row-lock",
  "conditional-update",
  "constraint",
  "serializable",
  "version",
  "advisory-lock",
  "queue",
];
/** The matrix says of the guarded half what it refuses; only races have an outcome of silence there. */
const OF_CONTROLS = /^(token-unverified|control-mismatch) /;

const guarded = (names: readonly string[]) =>
  names.filter((one) => !OF_CONTROLS.test(one)).map((one) => one.replace("/racy/", "/guarded/"));

export const SUBJECTS: Readonly<Record<string, readonly Subject[]>> = {
  lab: [
    {
      name: "whole",
      words: "labs/node",
      half: "whole",
      racy: LAB,
      clean: guarded(LAB),
      exit: 1,
      mostSeconds: 90,
    },
    {
      name: "guarded",
      words: "its guarded half",
      half: "guarded",
      racy: [],
      clean: guarded(LAB),
      exit: 0,
      mostSeconds: 90,
    },
  ],
  tokens: [
    {
      name: "tokens",
      words: "labs/node --suite tokens",
      suite: "tokens",
      half: "whole",
      racy: TOKENS,
      clean: guarded(TOKENS),
      exit: 1,
    },
  ],
  resources: [
    {
      name: "resources",
      words: "labs/node --suite resources",
      suite: "resources",
      only: OF_RESOURCES,
      optIn: HARMLESS_HERE,
      half: "whole",
      racy: RESOURCES,
      clean: guarded(RESOURCES),
      exit: 1,
      mostRequests: 100_000,
    },
    {
      name: "right",
      words: "its guarded half, right in another way each time",
      suite: "resources",
      only: OF_RESOURCES,
      optIn: HARMLESS_HERE,
      half: "guarded",
      right: RIGHT,
      racy: [],
      clean: guarded(RESOURCES),
      exit: 0,
      mostRequests: 100_000,
    },
  ],
};
