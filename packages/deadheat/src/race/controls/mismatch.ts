import type { ExchangeEvidence } from "../../findings/evidence.ts";
import type { Operation } from "../../plan/operation.ts";
import { operationName } from "../../plan/operation.ts";
import type { Principal } from "../credentials/index.ts";
import type { Fixture } from "../fixture.ts";
import type { Proof, Suspicion } from "./proof.ts";
import { readProof } from "./read-proof.ts";
import { writeProof } from "./write-proof.ts";

/** A declared control that was shown not to be in force. */
export interface Mismatch {
  readonly weakness: "control-mismatch" | "token-unverified";
  readonly operation: Operation;
  readonly severity: "high" | "medium" | "low";
  /** What the document says, in words. */
  readonly declared: string;
  /** Exhibits for the one mistake, the plainest first. */
  readonly evidence: readonly ExchangeEvidence[];
}

/** What the credential of a suspicion was let in to. */
export function prove(suspicion: Suspicion, fixture: Fixture, owner: Principal): Promise<Proof> {
  return suspicion.act.operation.method === "GET"
    ? readProof(suspicion, fixture)
    : writeProof(suspicion, owner);
}

export function exchangeEvidence(
  summary: string,
  proof: Proof,
  controls: readonly string[] = [],
): ExchangeEvidence {
  const { exchanges } = proof;
  return {
    kind: "runtime",
    form: "exchange",
    summary,
    exchanges,
    controls: [...controls, ...proof.controls],
  };
}

/** A call that is let in although the document demands a credential. */
export function notEnforced({ act, presented, scene }: Suspicion, proof: Proof): Mismatch {
  const { operation } = act;
  return {
    weakness: "control-mismatch",
    operation,
    severity: "high",
    declared: `declares ${scene.scheme}`,
    evidence: [
      exchangeEvidence(
        `${operationName(operation)} declares ${scene.scheme}; ${presented.does} it ${proof.note} all the same.`,
        proof,
        ["a good token works, before and after"],
      ),
    ],
  };
}
