import type { Guard } from "@deadheat/guard";
import type { Endpoints } from "../endpoints.ts";
import type { Half } from "../half.ts";
import type { MailServer } from "../mail.ts";
import type { WayName } from "./resources/ways/index.ts";

/** What a suite adds to the lab, in both halves alike. Makes its tables on the half that it is given. */
export interface Suite {
  racy(half: Half): Promise<Endpoints>;
  guarded(guard: Guard, half: Half): Promise<Endpoints>;
}

export interface SuiteOptions {
  /** Where mail is sent. Default: nowhere. */
  readonly mail?: MailServer;
  /** How the guarded half of `resources` is made right, where that makes sense. Default: each in its own way. */
  readonly right?: WayName;
}
