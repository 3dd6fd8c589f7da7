import { type Client, PASSWORD } from "./client.ts";

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const SECRET = /_token$|^code$/;

export interface People {
  readonly ada: { readonly id: string; readonly token: string; readonly refresh_token: string };
  readonly bob: { readonly id: string; readonly token: string };
}
/** What is said of one subject. */
export type Chapter = (say: Client["call"], people: People) => Promise<void>;

/** What two people and the API say to each other, one call at a time, without what differs each time. */
export async function chapterOf({ call }: Client, chapter: Chapter): Promise<string[]> {
  const said: string[] = [];
  const say: Client["call"] = async (method, path, body, token, headers) => {
    const answer = await call(method, path, body, token, headers);
    const shown = JSON.stringify(answer.body, (key, value) =>
      SECRET.test(key) && key !== "error" ? "…" : value,
    );
    const challenge = answer.headers.get("www-authenticate") ? " challenge" : "";
    said.push(`${method} ${path} ${answer.status}${challenge} ${shown}`.replace(UUID, "UUID"));
    return answer;
  };
  const person = async (username: string) => {
    const credentials = { username, password: PASSWORD };
    const { id } = (await call("POST", "/users", credentials)).body;
    const { access_token, refresh_token } = (await call("POST", "/sessions", credentials)).body;
    return { id, token: access_token, refresh_token };
  };
  const people = { ada: await person("ada"), bob: await person("bob") };
  await chapter(say, people);
  for (const { token } of Object.values(people)) await call("DELETE", "/users/me", undefined, token);
  return said;
}
