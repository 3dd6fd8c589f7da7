/** What a library's authenticator asks the database before the handler runs. */
export interface LibraryAuthenticator {
  /** Last part of its dotted name. */
  readonly name: RegExp;
  /** Its dotted name, where the last part alone means several. */
  readonly from?: RegExp;
  /** Table that says whether the credential is still good; absent where nothing but a signature says so. */
  readonly table?: string;
  readonly does: string;
}

/**
 * Authenticators that clients of an API present a token to, as their sources are: each reads its row in autocommit and
 * takes no lock. DRF 3.15 `authentication.py`, knox 5.0 `auth.py`, django-oauth-toolkit 2.4 `oauth2_validators.py`,
 * simplejwt 5.3 `authentication.py`.
 */
export const LIBRARY_AUTHENTICATORS: readonly LibraryAuthenticator[] = [
  {
    name: /^TokenAuthentication$/,
    from: /knox/,
    table: "AuthToken",
    does: "looks the token up by its digest",
  },
  { name: /^TokenAuthentication$/, table: "Token", does: "looks the token up by its key" },
  { name: /^OAuth2Authentication$/, table: "AccessToken", does: "looks the access token up" },
  { name: /^JWT(Stateless|TokenUser|Cookie)?(User)?Authentication$/, does: "verifies the signature" },
];

export function libraryAuthenticator(dotted: string): LibraryAuthenticator | undefined {
  const last = dotted.split(".").at(-1) as string;
  return LIBRARY_AUTHENTICATORS.find((one) => one.name.test(last) && (!one.from || one.from.test(dotted)));
}

/** Columns of a user that say who it is, and not what it may do. */
export const SAYS_WHO = /^(pk|id|is_authenticated|is_anonymous|username|email|password)$/;
