/** The tables of this suite in one half, beside the lab's own. All of a user's goes with the user. */
export const TABLES = `
ALTER TABLE profiles
  ADD COLUMN points integer NOT NULL DEFAULT 0,
  ADD COLUMN stamps integer NOT NULL DEFAULT 0,
  ADD COLUMN about  text NOT NULL DEFAULT '';
CREATE TABLE teams (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  founder_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name       text NOT NULL,
  budget     integer NOT NULL DEFAULT 0
);
CREATE INDEX teams_founder ON teams (founder_id);
CREATE TABLE memberships (
  team_id bigint REFERENCES teams (id) ON DELETE CASCADE,
  user_id bigint REFERENCES users (id) ON DELETE CASCADE,
  role    text NOT NULL CHECK (role IN ('member', 'manager', 'admin')),
  PRIMARY KEY (team_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);
CREATE TABLE documents (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  title    text NOT NULL,
  content  text NOT NULL
);
CREATE INDEX documents_owner ON documents (owner_id);
CREATE TABLE deposits (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  amount  integer NOT NULL
);
CREATE INDEX deposits_user ON deposits (user_id);
`;
