// Evaluates JSONata in a thread of its own, so that what does not end can be ended from outside. JavaScript, so that
// it starts as quickly from a checkout as from a package. The protocol: src/race/custom/expression/protocol.ts.
import { parentPort } from "node:worker_threads";
import jsonata from "jsonata";

parentPort.on("message", async ({ id, expression, input }) => {
  parentPort.postMessage({ id, ...(await answer(expression, input)) });
});
parentPort.postMessage({ id: 0, value: true, readAnswers: false });

async function answer(expression, input) {
  let readAnswers = false;
  if (typeof input === "object" && input !== null && Object.hasOwn(input, "answers")) {
    const { answers } = input;
    const get = () => {
      readAnswers = true;
      return answers;
    };
    Object.defineProperty(input, "answers", { enumerable: true, get });
  }
  try {
    const value = await jsonata(expression).evaluate(input);
    // Results of JSONata carry marks of its own, and functions cannot be sent.
    const plain = value === undefined ? undefined : JSON.parse(JSON.stringify(value) ?? "null");
    return { value: plain, readAnswers };
  } catch ({ code, position }) {
    // The library's own messages quote values, and values may be secret.
    const at = position === undefined ? "" : ` at character ${position}`;
    return { problem: `cannot be evaluated${at} (JSONata ${code ?? "error"})` };
  }
}
