/**
 * The tables of this suite in one half, without what would keep a resource right: each way brings its own. All
 * of a user's goes with the user.
 */
const OWNED = `
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  version  integer NOT NULL DEFAULT 0`;

const owned = (name: string, columns: string) =>
  `CREATE TABLE ${name} (${OWNED}, ${columns}); CREATE INDEX ${name}_owner ON ${name} (owner_id);`;

export const TABLES = [
  "ALTER TABLE users ADD COLUMN version integer NOT NULL DEFAULT 0;",
  "ALTER TABLE profiles ADD COLUMN credit integer NOT NULL DEFAULT 1000, ADD COLUMN spent integer NOT NULL DEFAULT 0;",
  owned("meters", "name text NOT NULL, reading integer NOT NULL DEFAULT 0"),
  owned("pages", "title text NOT NULL, body text NOT NULL, revision integer NOT NULL DEFAULT 1"),
  owned("contacts", "data jsonb NOT NULL"),
  owned("articles", "text text NOT NULL, edition integer NOT NULL DEFAULT 1"),
  owned("vouchers", "value integer NOT NULL, used boolean NOT NULL DEFAULT false"),
  owned("events", "places integer NOT NULL, taken integer NOT NULL DEFAULT 0"),
  owned("reports", "title text NOT NULL"),
  owned("invitations", "seats integer NOT NULL"),
  "CREATE TABLE guests (invitation_id bigint NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,",
  "user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE, seat integer NOT NULL);",
  "CREATE INDEX guests_invitation ON guests (invitation_id); CREATE INDEX guests_user ON guests (user_id);",
  owned(
    "products",
    "stock integer NOT NULL, reserved integer NOT NULL DEFAULT 0, sold integer NOT NULL DEFAULT 0",
  ),
  owned("channels", "slug text NOT NULL"),
  "CREATE INDEX channels_slug ON channels (slug);",
  owned("tags", "name text NOT NULL"),
  owned("wallets", "balance integer NOT NULL"),
  owned("transfers", "source bigint NOT NULL, target bigint NOT NULL, amount integer NOT NULL"),
  `CREATE TABLE budgets (${OWNED}); CREATE INDEX budgets_owner ON budgets (owner_id);`,
  "CREATE TABLE pots (budget_id bigint NOT NULL REFERENCES budgets (id) ON DELETE CASCADE,",
  "kind text NOT NULL, amount integer NOT NULL, PRIMARY KEY (budget_id, kind));",
  owned("plans", "name text NOT NULL"),
  "CREATE TABLE shares (plan_id bigint NOT NULL REFERENCES plans (id) ON DELETE CASCADE,",
  "name text NOT NULL, percent integer NOT NULL, PRIMARY KEY (plan_id, name));",
  owned("folders", "name text NOT NULL"),
  owned("notes", "folder_id bigint NOT NULL, text text NOT NULL"),
  "CREATE INDEX notes_folder ON notes (folder_id);",
  owned("campaigns", "title text NOT NULL"),
  owned("donations", "campaign_id bigint, amount integer NOT NULL"),
  "CREATE INDEX donations_campaign ON donations (campaign_id);",
  owned("payments", "amount integer NOT NULL"),
  "CREATE TABLE payment_keys (user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,",
  "key text NOT NULL, amount integer NOT NULL, answer jsonb);",
  "CREATE INDEX payment_keys_key ON payment_keys (user_id, key);",
].join("\n");
