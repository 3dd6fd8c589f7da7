import { type Api, type Handler, serve, think } from "../support/api.ts";

const TABLES = `
CREATE TABLE shows (id serial PRIMARY KEY);
CREATE TABLE bookings (
  id serial PRIMARY KEY,
  show integer NOT NULL REFERENCES shows ON DELETE CASCADE,
  seat integer NOT NULL,
  holder integer NOT NULL REFERENCES users ON DELETE CASCADE
);`;
const ONE_EACH = "ALTER TABLE bookings ADD UNIQUE (show, seat);";

/** Seats of a show, one holder each. Racy: looks whether the seat is free, thinks, and books it. */
export function startBooking(databaseUrl: string, { racy }: { readonly racy: boolean }): Promise<Api> {
  return serve(databaseUrl, racy ? TABLES : TABLES + ONE_EACH, {
    "POST /shows": async ({ database }) => {
      const { rows } = await database.query("INSERT INTO shows DEFAULT VALUES RETURNING id");
      return [201, rows[0]];
    },
    "GET /shows/{}": async ({ parameters, database }) => {
      const { rows } = await database.query(
        "SELECT seat, holder FROM bookings WHERE show = $1",
        parameters as string[],
      );
      return [200, { bookings: rows }];
    },
    "DELETE /shows/{}": async ({ parameters, database }) => {
      await database.query("DELETE FROM shows WHERE id = $1", [parameters[0]]);
      return [204];
    },
    "POST /shows/{}/seats/{}/booking": racy ? racyBooking : rightBooking,
  });
}

const racyBooking: Handler = async ({ parameters: [show, seat], user, database }) => {
  const taken = await database.query("SELECT 1 FROM bookings WHERE show = $1 AND seat = $2", [show, seat]);
  if (taken.rowCount) return [409, { error: "taken" }];
  await think();
  const { rows } = await database.query(
    "INSERT INTO bookings (show, seat, holder) VALUES ($1, $2, $3) RETURNING id",
    [show, seat, user],
  );
  return [201, rows[0]];
};

/** The unique constraint decides. */
const rightBooking: Handler = async ({ parameters: [show, seat], user, database }) => {
  await think();
  const { rows } = await database.query(
    "INSERT INTO bookings (show, seat, holder) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id",
    [show, seat, user],
  );
  return rows[0] ? [201, rows[0]] : [409, { error: "taken" }];
};
