// biome-ignore-all lint/suspicious/noTemplateCurlyInString: deadheat fills them, for each trial anew
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { openDatabase, race } from "deadheat";

const DATABASE_URL = process.env.DATABASE_URL ?? "postgres://127.0.0.1:5432/postgres";
/** Starts the API, which finds its database in DATABASE_URL and prints `shop` with its address. */
const SHOP_START = process.env.SHOP_START ?? "node server.js";

let database;
let shop;
let target;

beforeAll(async () => {
  database = await openDatabase({ url: DATABASE_URL });
  const through = new URL(DATABASE_URL);
  through.host = `127.0.0.1:${database.port}`;
  const [program, ...args] = SHOP_START.split(" ");
  shop = spawn(program, args, {
    env: { ...process.env, DATABASE_URL: through.href },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: shop.stdout })) {
    target = /shop\s+(http:\S+)/.exec(line)?.[1];
    if (target) break;
  }
}, 30_000);

afterAll(async () => {
  shop?.kill();
  await database?.close();
});

test("the last one in stock is sold once, whatever the order of the statements", async () => {
  const result = await race({
    database,
    target,
    principals: { customer: { register: { request: "POST /users", token: "$.token" } } },
    setUp: [{ as: "customer", request: "POST /products", json: { stock: 3 }, extract: { product: "$.id" } }],
    concurrent: [
      { as: "customer", request: "POST /products/${product}/orders", json: { quantity: 2 }, count: 2 },
    ],
    observe: [
      { as: "customer", request: "GET /products/${product}", extract: { stock: "$.stock", sold: "$.sold" } },
    ],
    invariant: ({ before, after }) => after.stock >= 0 && after.stock + after.sold === before.stock,
    trials: 2,
  });
  if (result.verdict !== "not-observed") throw new Error(String(result));
  const { planned, realised } = result.report.schedules;
  expect(planned).toBeGreaterThan(0);
  expect(realised).toBe(planned);
}, 60_000);
