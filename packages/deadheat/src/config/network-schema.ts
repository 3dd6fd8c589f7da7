import { z } from "zod";
import { secret } from "./text-schema.ts";

const HOST_NAME = /^(?![\d.]+$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;

export const network = z
  .strictObject({
    ca: z
      .string()
      .min(1)
      .describe("File with authorities (PEM) that are trusted beside the usual ones.")
      .optional(),
    certificate: z
      .string()
      .min(1)
      .describe("File with this client's certificate and its chain (PEM), for mutual TLS; needs key.")
      .optional(),
    key: z.string().min(1).describe("File with the private key of certificate (PEM).").optional(),
    passphrase: secret.describe("Of that key.").optional(),
    serverName: z
      .string()
      .regex(HOST_NAME, "is not a host name")
      .describe("Asked for in place of the target's name (SNI), and what its certificate has to be for.")
      .optional(),
    insecure: z.boolean().describe("Certificates are not checked. Every report says so.").optional(),
    proxy: z
      .strictObject({
        url: z
          .string()
          .describe("http:// or https:// (CONNECT) or socks5://, host and port; never with credentials."),
        username: z.string().min(1).describe("Who uses the proxy.").optional(),
        password: secret.describe("Of that user.").optional(),
      })
      .describe("Everything goes through it; the target then needs allow and --authorized wherever it is.")
      .optional(),
  })
  .describe("How connections are made: certificates and proxies.");

export type NetworkInput = z.infer<typeof network>;
