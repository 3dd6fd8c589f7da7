import type { LabelledDocument } from "./label.ts";

export const blockfrost: LabelledDocument = {
  source: "@blockfrost/openapi@0.1.93",
  file: "openapi.yaml",
  labels: [
    ["GET /accounts/{stake_address}", "read", null, { stake_address: null }],
    ["GET /addresses/{address}", "read", null, { address: null }],
    ["GET /blocks/{hash_or_number}", "read", null, { hash_or_number: null }],
    ["GET /epochs/{number}", "read", null, { number: null }],
    ["GET /pools/{pool_id}", "read", null, { pool_id: null }],
    ["POST /tx/submit", "action", null],
    ["POST /utils/txs/evaluate", "read", null],
    ["POST /ipfs/add", "create", null],
    ["GET /ipfs/pin/list", "read", null],
  ],
};
