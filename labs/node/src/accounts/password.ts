import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
/** Far below what a real service should use: the lab's users live for seconds and are made by the dozen. */
const COST: ScryptOptions = { N: 1024, r: 8, p: 1 };
const LENGTH = 32;

export interface PasswordRecord {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

export async function hashPassword(password: string): Promise<PasswordRecord> {
  const salt = randomBytes(16);
  return { salt, hash: await derive(password, salt, LENGTH, COST) };
}

export async function passwordMatches(password: string, record: PasswordRecord): Promise<boolean> {
  return timingSafeEqual(await derive(password, record.salt, LENGTH, COST), record.hash);
}
