// Starts a PostgreSQL server and the three APIs on it, racy or right: node --import tsx -C source examples/serve.ts racy
// With DATABASE_URL it is that server.
import { startPostgres } from "@deadheat/lab/postgres";
import { startBank } from "./bank/server.ts";
import { startBooking } from "./booking/server.ts";
import { startShop } from "./shop/server.ts";

const racy = process.argv[2] === "racy";
const given = process.env.DATABASE_URL;
const postgres = given === undefined ? await startPostgres() : { url: given, stop: async () => {} };
const start = { shop: startShop, booking: startBooking, bank: startBank };
for (const [name, open] of Object.entries(start)) {
  const { url } = await open(postgres.url, { racy });
  console.log(`${name.padEnd(7)} ${url}`);
}
console.log("Ctrl-C stops all of it.");
process.once("SIGINT", () => void postgres.stop().then(() => process.exit(0)));
