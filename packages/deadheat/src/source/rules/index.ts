import { atomicWithoutLock } from "./atomic-without-lock.ts";
import { bearerUnlocked } from "./bearer-unlocked.ts";
import { cachedValue } from "./cached-value.ts";
import { checkThenAct } from "./check-then-act.ts";
import { claimUnchecked } from "./claim-unchecked.ts";
import { conflictWithoutSavepoint } from "./conflict-without-savepoint.ts";
import { effectBeforeCommit } from "./effect-before-commit.ts";
import { existsThenClaim } from "./exists-then-claim.ts";
import { existsThenCreate } from "./exists-then-create.ts";
import { getOrCreateWithoutUnique } from "./get-or-create-without-unique.ts";
import { jsonInPython } from "./json-in-python.ts";
import { jwtUnverified } from "./jwt-unverified.ts";
import { limitThenCreate } from "./limit-then-create.ts";
import { lockNeverEvaluated } from "./lock-never-evaluated.ts";
import { lockOrder } from "./lock-order.ts";
import { lockOrderRows } from "./lock-order-rows.ts";
import { lockOutsideAtomic } from "./lock-outside-atomic.ts";
import { lockReleasedEarly } from "./lock-released-early.ts";
import { lockWrongRow } from "./lock-wrong-row.ts";
import { lostPut } from "./lost-put.ts";
import { nextValue } from "./next-value.ts";
import { pythonCounter } from "./python-counter.ts";
import { readModifyWrite } from "./read-modify-write-rule.ts";
import { refreshRotation } from "./refresh-rotation.ts";
import { relatedWrites } from "./related-writes.ts";
import type { SourceRule } from "./rule.ts";
import { singleUse } from "./single-use.ts";
import { staleAfterLock } from "./stale-after-lock.ts";
import { validationOutside } from "./validation-outside.ts";
import { versionInPython } from "./version-in-python.ts";
import { wholeRowSave } from "./whole-row-save.ts";

/** All rules. Of several at one write with the same severity, the first speaks. */
export const rules: readonly SourceRule[] = [
  lockWrongRow,
  lockReleasedEarly,
  lockOutsideAtomic,
  lockNeverEvaluated,
  staleAfterLock,
  pythonCounter,
  lostPut,
  versionInPython,
  atomicWithoutLock,
  limitThenCreate,
  refreshRotation,
  singleUse,
  jsonInPython,
  checkThenAct,
  validationOutside,
  existsThenCreate,
  existsThenClaim,
  nextValue,
  getOrCreateWithoutUnique,
  readModifyWrite,
  claimUnchecked,
  effectBeforeCommit,
  conflictWithoutSavepoint,
  bearerUnlocked,
  jwtUnverified,
  lockOrder,
  lockOrderRows,
  cachedValue,
  wholeRowSave,
  relatedWrites,
];
