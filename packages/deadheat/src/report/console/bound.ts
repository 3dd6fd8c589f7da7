import type { GoneBound } from "../../findings/verify-report.ts";

/** `14 of 14 orders of SQL statements and 24 overlapped trials (< 11.8 %)` */
export function boundText({ schedules, overlapped, chance }: GoneBound): string {
  const bound = chance === undefined ? "" : ` (< ${(Math.ceil(chance * 1000) / 10).toFixed(1)} %)`;
  return [
    ...(schedules ? [`${schedules.realised} of ${schedules.planned} orders of SQL statements`] : []),
    ...(overlapped > 0 ? [`${overlapped} overlapped trials${bound}`] : []),
  ].join(" and ");
}
