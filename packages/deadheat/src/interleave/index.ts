export { type OpenInterleaver, openInterleaver } from "./explore/interleaver.ts";
export { DatabaseProxy, type ProxyOptions } from "./proxy/proxy.ts";
export { tablesWritten, transactionReport } from "./report/transactions.ts";
