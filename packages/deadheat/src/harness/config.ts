/** `prove:` of deadheat.yaml: what a project needs beyond what is found. */
export interface HarnessConfig {
  /** Interpreter that has the project's requirements; from the project's folder. */
  readonly python?: string;
  /** Settings module, `shop.settings.local`. */
  readonly settings?: string;
  /** Environment variables. Nothing but PATH, HOME and the language is taken from the user's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings that are replaced, by name. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** Commands that are started first and stopped last: a Redis, an S3. */
  readonly services?: readonly string[];
  /** Commands that are run once the tables are there. */
  readonly before?: readonly string[];
  /** Names for `manage.py loaddata`. */
  readonly fixtures?: readonly string[];
  /** Commands that test the project: a fixed copy has to pass what the original passes. */
  readonly tests?: readonly string[];
  /** In place of gunicorn; has to listen on 127.0.0.1:$PORT. */
  readonly command?: string;
  /** Tables from the models instead of through the migrations. */
  readonly tables?: "migrations" | "models";
}
