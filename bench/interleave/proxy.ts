/** The proxy in a process of its own, for as long as standard input stays open. Prints its port. */
import { DatabaseProxy } from "../../packages/deadheat/src/interleave/proxy/proxy.ts";

const proxy = await DatabaseProxy.open({ database: process.env.DEADHEAT_DATABASE ?? "" });
console.log(proxy.port);
process.stdin.resume().on("end", () => void proxy.close());
