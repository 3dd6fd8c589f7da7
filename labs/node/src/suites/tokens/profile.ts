/** The profile with what this suite adds to it. */
export const SELECT_PROFILE = `
SELECT username, score, balance, points, stamps, about
  FROM profiles JOIN users ON users.id = user_id WHERE user_id = $1`;
