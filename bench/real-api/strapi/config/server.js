const { randomUUID } = require("node:crypto");

module.exports = () => ({
  host: "127.0.0.1",
  port: Number(process.env.PORT),
  app: { keys: [randomUUID(), randomUUID()] },
  logger: { updates: { enabled: false }, startup: { enabled: false } },
});
