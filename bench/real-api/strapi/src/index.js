/** Whoever has signed up may do with products what Strapi offers; so it is set in its admin panel otherwise. */
const ACTIONS = ["find", "findOne", "create", "update"];

module.exports = {
  register() {},
  async bootstrap({ strapi }) {
    const role = await strapi.db
      .query("plugin::users-permissions.role")
      .findOne({ where: { type: "authenticated" } });
    for (const action of ACTIONS)
      await strapi.db
        .query("plugin::users-permissions.permission")
        .create({ data: { action: `api::product.product.${action}`, role: role.id } });
  },
};
