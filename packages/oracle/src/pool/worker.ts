import { parentPort } from "node:worker_threads";
import { check } from "../check.ts";
import { OracleError } from "../errors.ts";
import { type PoolReply, type PoolTask, resolveModel } from "./task.ts";

async function answer({ model, history, options }: PoolTask): Promise<PoolReply> {
  try {
    const now = () => performance.now();
    return { result: check(await resolveModel(model), history, { ...options, now }) };
  } catch (error) {
    if (!(error instanceof OracleError)) throw error;
    return { error: { code: error.code, message: error.message, operation: error.operation } };
  }
}

parentPort?.once("message", async (task: PoolTask) => {
  parentPort?.postMessage(await answer(task));
  parentPort?.close();
});
