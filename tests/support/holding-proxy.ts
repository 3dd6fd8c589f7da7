/** A proxy in a process of its own that holds what updates `held`. Prints its port, then `held` once it holds. */
import { DatabaseProxy } from "../../packages/deadheat/src/interleave/proxy/proxy.ts";

const proxy = await DatabaseProxy.open({ database: process.env.DEADHEAT_DATABASE ?? "" });
proxy.observe({
  statement({ text }) {
    if (!text.includes("UPDATE held")) return undefined;
    console.log("held");
    return new Promise(() => {});
  },
  answered: () => {},
});
console.log(proxy.port);
