/** A client of one half of the lab, in the fewest words. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the lab says
  readonly body: any;
  readonly headers: Headers;
}

export interface Client {
  call(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Signs up and logs in: a token. */
  login(username?: string): Promise<string>;
  /** Signs up and logs in: the user's id, and all that the log-in answered. */
  register(username?: string): Promise<Registered>;
}

export interface Registered {
  readonly id: string;
  readonly username: string;
  readonly access_token: string;
  /** Where the lab has the suite `tokens`. */
  readonly refresh_token: string;
}

export const PASSWORD = "correct horse battery";
let users = 0;

export function client(base: string): Client {
  const call: Client["call"] = async (method, path, body, token, headers) => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers };
  };
  return {
    call,
    async login(username = `user-${++users}`) {
      await call("POST", "/users", { username, password: PASSWORD });
      const session = await call("POST", "/sessions", { username, password: PASSWORD });
      return session.body.access_token;
    },
    async register(username = `user-${++users}`) {
      const user = await call("POST", "/users", { username, password: PASSWORD });
      const session = await call("POST", "/sessions", { username, password: PASSWORD });
      return { ...user.body, ...session.body };
    },
  };
}
