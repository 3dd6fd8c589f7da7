const { randomUUID } = require("node:crypto");

module.exports = () => ({
  "users-permissions": { config: { jwtSecret: randomUUID(), ratelimit: { enabled: false } } },
});
