import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** PEM, and where the files are. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/**
 * Certificates made for one run, by OpenSSL: self-signed, or signed by an authority of the same folder. Subject
 * names are as OpenSSL has them: `DNS:localhost,IP:127.0.0.1`.
 */
export class Certificates {
  readonly #folder = mkdtempSync(join(tmpdir(), "deadheat-certificates-"));
  #made = 0;

  make(
    names: string,
    options: { readonly authority?: Certificate; readonly days?: number } = {},
  ): Certificate {
    const { authority, days = 2 } = options;
    const name = join(this.#folder, String(this.#made++));
    const [keyFile, certificateFile] = [`${name}.key`, `${name}.pem`];
    const signer = authority
      ? ["-CA", authority.certificateFile, "-CAkey", authority.keyFile]
      : ["-addext", "keyUsage=digitalSignature,keyCertSign"];
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        ...["-keyout", keyFile, "-out", certificateFile, "-days", String(days)],
        ...["-subj", `/CN=deadheat test ${this.#made}`, "-addext", `subjectAltName=${names}`],
        ...signer,
      ],
      { stdio: "pipe" },
    );
    return {
      certificate: readFileSync(certificateFile, "utf8"),
      key: readFileSync(keyFile, "utf8"),
      certificateFile,
      keyFile,
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
