import type {
  ExchangeEvidence,
  InterleavingEvidence,
  MeasuredEvidence,
  RecordedCall,
  RuntimeEvidence,
  SourceEvidence,
  SpecEvidence,
} from "../findings/evidence.ts";
import type { Finding, OperationRef, RaceOutcome } from "../findings/finding.ts";
import { gradeOf } from "../findings/grade.ts";
import type { Report } from "../findings/report.ts";

const score = { method: "POST", path: "/profile/score", operationId: "addScore" };
const redeem = { method: "POST", path: "/coupons/{code}/redeem" };
const profile = { method: "GET", path: "/profile" };
const nameOf = ({ method, path }: OperationRef) => `${method} ${path}`;

const added = (id: string, invoke: number, end?: number): RecordedCall => ({
  id,
  process: `c${id.slice(1)}`,
  operation: nameOf(score),
  does: "add 8",
  ...(end === undefined ? {} : { status: 200, return: end }),
  invoke,
  input: { type: "add", amount: 8 },
  outcome: end === undefined ? "unknown" : "ok",
  request: {
    method: "POST",
    path: score.path,
    headers: { authorization: "Bearer [redacted 1f2e3d4c]", "content-type": "application/json" },
    body: '{"score":8}',
  },
  ...(end === undefined ? {} : { answer: { status: 200, body: '{"score":8}' } }),
});

export const historyEvidence: RuntimeEvidence = {
  kind: "runtime",
  form: "history",
  summary:
    "3 concurrent requests, one token: 2 acknowledged × 8 should add 16; the value read back rose by 8.",
  model: "counter",
  transport: "http2",
  trial: 0,
  schedule: { transport: "http2", requests: 3, amount: 8, tokens: 1, offsetMs: 0 },
  history: [
    added("r1", -3.6, 26.1),
    added("r2", -2.9, 27.8),
    added("r3", -2.2),
    {
      id: "read",
      process: "observer",
      operation: nameOf(profile),
      does: "read /score",
      status: 200,
      invoke: 28.4,
      return: 35.1,
      input: { type: "read" },
      output: 8,
      outcome: "ok",
      request: {
        method: "GET",
        path: profile.path,
        headers: { authorization: "Bearer [redacted 1f2e3d4c]" },
      },
      answer: { status: 200, body: '{"username":"ann","score":8}' },
    },
  ],
  witness: ["r1", "r2", "read"],
  impossible: "read",
  explanation:
    "The longest legal order has 2 operations: 2 × add 8 → ok; state 16.\nNext would have to be read → 8, and cannot.\n- read → 8: is not a legal answer in this state.",
  order: {
    initial: "0",
    complete: true,
    steps: [
      { id: "r1", text: "add 8 → ok", state: "8" },
      { id: "r2", text: "add 8 → ok", state: "16" },
    ],
    left: [{ id: "read", text: "read → 8", why: "illegal" }],
  },
  controls: ["12 random operations one at a time fit counter", "the final state was the same 2 s later"],
  rate: { races: 9, trials: 10, low: 0.6, high: 0.98 },
};

const spec: SpecEvidence = {
  kind: "spec",
  location: { file: "openapi.yaml", line: 112, column: 5 },
  reasons: ["number /score is written here and read by GET /profile"],
};

const interleaving: InterleavingEvidence = {
  kind: "interleaving",
  summary: "Held before its UPDATE, the first request overwrote what the second had written.",
  preemption: { held: "first", before: 3 },
  statement: "UPDATE profiles SET score = $1 WHERE id = $2",
  names: ["add 8 (first)", "add 8 (second)"],
  steps: [
    { lane: "first", does: "statement", at: 0.2, text: "BEGIN", inTransaction: true },
    {
      lane: "first",
      does: "statement",
      at: 0.6,
      text: "SELECT score FROM profiles WHERE id = $1",
      inTransaction: true,
      tag: "SELECT 1",
    },
    { lane: "first", does: "held", at: 1, text: "UPDATE profiles SET score = $1 WHERE id = $2" },
    { lane: "second", does: "statement", at: 1.4, text: "BEGIN", inTransaction: true },
    {
      lane: "second",
      does: "statement",
      at: 1.8,
      text: "UPDATE profiles SET score = $1 WHERE id = $2",
      inTransaction: true,
      tag: "UPDATE 1",
    },
    { lane: "second", does: "statement", at: 2.2, text: "COMMIT", tag: "COMMIT" },
    { lane: "second", does: "finished", at: 2.6 },
    { lane: "first", does: "released", at: 2.8 },
    {
      lane: "first",
      does: "statement",
      at: 3.2,
      text: "UPDATE profiles SET score = $1 WHERE id = $2",
      inTransaction: true,
      tag: "UPDATE 1",
    },
    { lane: "first", does: "finished", at: 4.1 },
  ],
  diverged: [],
  found: 3,
  afterMs: 640,
  schedules: {
    planned: 7,
    realised: 3,
    unrealised: 0,
    skipped: 2,
    uncovered: [],
    unshown: [],
    deadlocks: 0,
    serializationFailures: 0,
    reasons: [],
  },
};

const source: SourceEvidence = {
  kind: "source",
  rule: "read-modify-write",
  summary: "profile.score is read and written back without a lock",
  file: "game/views.py",
  line: 41,
  endLine: 44,
  function: "ScoreView.post",
  path: [
    { file: "game/views.py", line: 12, role: "authentication", text: "authentication_classes = [TokenAuth]" },
    { file: "game/views.py", line: 41, role: "read", text: "profile = request.user.profile" },
    { file: "game/views.py", line: 43, role: "write", text: "profile.save()", note: "whole row" },
  ],
  interleaving: ["request 1 reads score 0", "request 2 reads score 0", "both write 8"],
  fix: "Profile.objects.filter(pk=…).update(score=F('score') + amount)",
};

const exchange: ExchangeEvidence = {
  kind: "runtime",
  form: "exchange",
  summary: "GET /profile answers without a token what it answers with one.",
  exchanges: [
    {
      does: "without a token",
      method: "GET",
      path: "/profile",
      credential: "none",
      status: 200,
      shows: "/score",
    },
    {
      does: "with the good token",
      method: "GET",
      path: "/profile",
      credential: "authorization: Bearer [1f2e3d4c]",
      status: 200,
      shows: "/score",
    },
  ],
  controls: ["with the good token before and after"],
};

const measured: MeasuredEvidence = {
  kind: "runtime",
  form: "measured",
  summary: "POST /logout waited for as long as a body of POST /profile/score was incomplete.",
  measurements: [300, 900].flatMap((heldMs) =>
    [1, 2, 3].map((n) => ({ heldMs, waitedMs: heldMs - 4 + n, otherWaitedMs: 3 })),
  ),
  controls: ["another user's logout stayed fast"],
};

const findings: Finding[] = [
  {
    id: "lost-update-post-profile-score",
    weakness: "lost-update",
    operation: score,
    status: "proven",
    severity: "high",
    evidence: [spec, historyEvidence, source, interleaving],
  },
  {
    id: "limit-overrun-post-coupons-code-redeem",
    weakness: "limit-overrun",
    operation: redeem,
    status: "proven",
    severity: "medium",
    evidence: [{ ...historyEvidence, summary: "2 took effect; the API alone allows 1.", model: "limit:1" }],
    accepted: { reason: "coupons end on 1 December", expires: "2099-12-01" },
  },
  {
    id: "control-mismatch-get-profile",
    weakness: "control-mismatch",
    operation: profile,
    status: "proven",
    severity: "high",
    evidence: [exchange],
  },
  {
    id: "lock-hold-post-profile-score",
    weakness: "lock-hold",
    operation: score,
    status: "proven",
    severity: "low",
    evidence: [measured],
  },
  {
    id: "missing-transaction-post-coupons-code-redeem",
    weakness: "missing-transaction",
    operation: redeem,
    status: "suspected",
    severity: "medium",
    evidence: [source],
  },
];

const outcomes: RaceOutcome[] = [
  ...findings
    .filter((one) => one.status === "proven")
    .map(({ weakness, operation }) => ({
      weakness,
      operation,
      status: "proven" as const,
      trials: 1,
      overlapped: 1,
    })),
  {
    weakness: "revocation-race",
    operation: score,
    status: "not-observed",
    trials: 60,
    overlapped: 60,
    bound: 0.04870291,
  },
  {
    weakness: "refresh-reuse",
    operation: { method: "POST", path: "/oauth/token" },
    status: "inconclusive",
    trials: 3,
    overlapped: 0,
    reason: "the API answered 429",
  },
  {
    weakness: "lost-update",
    operation: { method: "PUT", path: "/settings" },
    status: "not-applicable",
    trials: 0,
    overlapped: 0,
    reason: "changes no number that a read shows",
  },
];

const controls: Report["controls"] = [
  {
    operation: profile,
    declared: ["bearer"],
    optional: false,
    scheme: "bearer",
    enforced: {
      none: { answer: "accepted", status: 200, tested: "called without a token" },
      garbage: { answer: "refused", status: 401, tested: "called with a text that is no token" },
      expired: { answer: "not-tested", tested: "no token that ends can be had" },
    },
    challenge: "missing",
    atomic: "not known",
    remarks: [],
  },
  {
    operation: score,
    declared: ["bearer"],
    optional: false,
    scheme: "bearer",
    enforced: {
      none: { answer: "refused", status: 401, tested: "called without a token" },
      garbage: { answer: "refused", status: 401, tested: "called with a text that is no token" },
      revoked: { answer: "refused", status: 401, tested: "called after POST /logout" },
    },
    challenge: "proper",
    atomic: "no",
    remarks: ["answers 200 under two Authorization headers"],
  },
];

/** A report with one finding of each form of proof, and an outcome of each status. */
export const sampleReport: Report = {
  schema: "deadheat/scan/1",
  tool: { name: "deadheat", version: "0.1.0" },
  seed: "7f3a91",
  document: "openapi.yaml",
  target: { origin: "http://127.0.0.1:4010" },
  transports: {
    used: "http2",
    spoken: ["http2", "http1"],
    probe: [
      { name: "http2", mode: "HTTP/2 single-packet", bursts: 8, spreadMs: 0.4, overlap: 1 },
      { name: "http1", mode: "HTTP/1.1 last-byte", bursts: 8, spreadMs: 0.9, overlap: 1 },
    ],
    trials: [{ name: "http2", mode: "HTTP/2 single-packet", bursts: 61, spreadMs: 0.5, overlap: 0.98 }],
    degraded: [],
  },
  findings,
  outcomes,
  controls,
  cleanup: { removed: 12, left: [{ by: "POST /users", count: 2, reason: "DELETE answered 500" }] },
  ...gradeOf({ findings, outcomes, controls }),
  settings: {
    trials: 60,
    timeoutMs: 10_000,
    requestLimit: 50_000,
    database: true,
    allow: [],
    optIn: ["POST /mails"],
    omitted: [{ operation: "POST /payments", reason: "may move money" }],
  },
  requests: 1204,
  durationMs: 10_600,
};
