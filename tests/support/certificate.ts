import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
 * Certificates made for one run, by OpenSSL: self-signed, or signed by an authority of the same folder, or by one and
 * expired a day ago. Subject names are as OpenSSL has them: `DNS:localhost,IP:127.0.0.1`.
 */
export class Certificates {
  readonly #folder = mkdtempSync(join(tmpdir(), "deadheat-certificates-"));
  #count = 0;

  make(names: string, { authority }: { readonly authority?: Certificate } = {}): Certificate {
    const signer = authority
      ? ["-CA", authority.certificateFile, "-CAkey", authority.keyFile]
      : ["-addext", "keyUsage=digitalSignature,keyCertSign"];
    return this.#made(({ keyFile, certificateFile, subject }) =>
      openssl([
        ...["req", "-x509", ...NEW_KEY, "-keyout", keyFile, "-out", certificateFile, "-days", "2"],
        ...["-subj", subject, "-addext", `subjectAltName=${names}`, ...signer],
      ]),
    );
  }

  /** `openssl req` refuses to make one that has expired already; `openssl x509` does it. */
  expired(names: string, authority: Certificate): Certificate {
    return this.#made(({ keyFile, certificateFile, subject }) => {
      const [request, extensions] = [`${certificateFile}.request`, `${certificateFile}.extensions`];
      openssl(["req", "-new", ...NEW_KEY, "-keyout", keyFile, "-out", request, "-subj", subject]);
      writeFileSync(extensions, `subjectAltName=${names}\n`);
      openssl([
        ...["x509", "-req", "-in", request, "-out", certificateFile, "-days", "-1", "-extfile", extensions],
        ...[
          "-CA",
          authority.certificateFile,
          "-CAkey",
          authority.keyFile,
          "-set_serial",
          String(this.#count),
        ],
      ]);
    });
  }

  #made(make: (to: { keyFile: string; certificateFile: string; subject: string }) => void): Certificate {
    const name = join(this.#folder, String(this.#count++));
    const [keyFile, certificateFile] = [`${name}.key`, `${name}.pem`];
    make({ keyFile, certificateFile, subject: `/CN=deadheat test ${this.#count}` });
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

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function openssl(args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}
