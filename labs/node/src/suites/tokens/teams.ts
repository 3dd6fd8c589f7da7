export type Role = "member" | "manager" | "admin";

/** Who founds a team is its admin, from the same moment on. */
export const INSERT_TEAM = `
WITH team AS (
  INSERT INTO teams (founder_id, name) VALUES ($1, $2) RETURNING id, name, budget
), founder AS (
  INSERT INTO memberships (team_id, user_id, role) SELECT id, $1, 'admin' FROM team RETURNING role
)
SELECT id::text, name, budget, role FROM team, founder`;

/** For its members alone, with the role of the one who asks. */
export const SELECT_TEAM = `
SELECT id::text, name, budget, role FROM teams JOIN memberships ON team_id = id WHERE id = $1 AND user_id = $2`;

export const SELECT_USER_ID = "SELECT FROM users WHERE id = $1";

export function mayManage(role: Role): boolean {
  return role === "manager" || role === "admin";
}
