/** The statements that only the guarded half has: each decides and changes in one, or locks what it decides by. */
export const ADD_POINTS = "UPDATE profiles SET points = points + $2 WHERE user_id = $1";
export const LOCK_STAMPS = "SELECT stamps FROM profiles WHERE user_id = $1 FOR UPDATE";
export const SAVE_STAMPS = "UPDATE profiles SET stamps = $2 WHERE user_id = $1";
export const SAVE_ABOUT = "UPDATE profiles SET about = $2 WHERE user_id = $1";

/**
 * Not FOR SHARE: those who hold it together would let a demotion starve, and all of them are about to wait for
 * the row of the team anyway.
 */
export const LOCK_ROLE = `
SELECT role FROM memberships WHERE team_id = $1 AND user_id = $2 FOR NO KEY UPDATE`;
export const ADD_BUDGET = "UPDATE teams SET budget = budget + $2 WHERE id = $1";
/** Waits for what is in flight under the old role. No row where it is an admin's. */
export const SAVE_ROLE = `
INSERT INTO memberships (team_id, user_id, role) VALUES ($1, $2, $3)
ON CONFLICT (team_id, user_id) DO UPDATE SET role = excluded.role WHERE memberships.role <> 'admin'`;

export const SELECT_OWN = "SELECT id::text, title, content FROM documents WHERE id = $1 AND owner_id = $2";
export const SAVE_CONTENT = "UPDATE documents SET content = $3 WHERE id = $1 AND owner_id = $2";
export const GIVE_AWAY = "UPDATE documents SET owner_id = $3 WHERE id = $1 AND owner_id = $2";
