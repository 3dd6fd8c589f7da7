import { baseline } from "./baseline.ts";
import { check } from "./check.ts";
import { compare } from "./compare.ts";
import { completion } from "./completion.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { explain } from "./explain.ts";
import { fix } from "./fix.ts";
import { history } from "./history.ts";
import { init } from "./init.ts";
import { interleave } from "./interleave.ts";
import { lab } from "./lab.ts";
import { plan } from "./plan.ts";
import { prove } from "./prove.ts";
import { race } from "./race.ts";
import { replay } from "./replay.ts";
import { scan } from "./scan.ts";
import { verify } from "./verify.ts";

/** What there is, in the order in which --help tells it. What a command does is loaded when it is asked for. */
export const COMMANDS = [
  prove,
  scan,
  race,
  interleave,
  replay,
  verify,
  compare,
  baseline,
  doctor,
  init,
  plan,
  check,
  fix,
  explain,
  lab,
  demo,
  history,
  completion,
] as const;
