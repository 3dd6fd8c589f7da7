export const INSERT_DOCUMENT = `
INSERT INTO documents (owner_id, title, content) VALUES ($1, $2, $3) RETURNING id::text, title, content`;
