const { randomUUID } = require("node:crypto");

module.exports = () => ({
  auth: { secret: randomUUID() },
  apiToken: { salt: randomUUID() },
  transfer: { token: { salt: randomUUID() } },
  secrets: { encryptionKey: randomUUID() },
  serveAdminPanel: false,
});
