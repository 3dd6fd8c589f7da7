import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** Bytes of each TCP segment with data that went to `port` during `work`, with its time (epoch, ms); tcpdump, loopback. */
export async function segmentsTo(
  port: number,
  work: () => Promise<unknown>,
): Promise<{ readonly at: number; readonly bytes: number }[] | undefined> {
  const filter = `tcp dst port ${port}`;
  const tcpdump = spawn("tcpdump", ["-i", "lo", "-tt", "-n", "-l", "--immediate-mode", filter]);
  let output = "";
  let ready = false;
  let failed = false;
  tcpdump.stdout.on("data", (chunk) => {
    output += chunk;
  });
  tcpdump.stderr.on("data", (chunk) => {
    ready ||= String(chunk).includes("listening on");
  });
  tcpdump.once("error", () => {
    failed = true;
  });
  tcpdump.once("exit", () => {
    failed = true;
  });
  for (let tries = 0; !ready && !failed && tries < 100; tries++) await sleep(50);
  if (!ready) return undefined;
  await work();
  await sleep(300);
  tcpdump.kill("SIGINT");
  return [...output.matchAll(/^(\d+\.\d+) IP.* length (\d+)/gm)]
    .map(([, at, bytes]) => ({ at: 1000 * Number(at), bytes: Number(bytes) }))
    .filter(({ bytes }) => bytes > 0);
}
