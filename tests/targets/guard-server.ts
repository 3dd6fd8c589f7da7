/**
 * The API of docs/guard as a process of its own, which a test may kill: `guard-server.ts DATABASE_URL PORT [pipeline]`.
 */
import { buildApi } from "../../docs/guard/api.ts";

const [databaseUrl = "", port = "0", pipeline] = process.argv.slice(2);
const { app } = await buildApi(databaseUrl, { pipeline: pipeline !== undefined });
await app.listen({ host: "127.0.0.1", port: Number(port) });
// Nothing outlives the test.
process.stdin.on("end", () => process.exit()).resume();
