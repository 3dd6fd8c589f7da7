/** An API server of others', on PostgreSQL and with bearer tokens. */
export interface Subject {
  /** The folder here that holds its start and its deadheat.yaml. */
  readonly name: string;
  /** What is installed: names and exact versions; the first is what is asked about. */
  readonly packages: readonly string[];
  /** Where it offers an API document of its own; absent where one stands in the folder. */
  readonly document?: string;
  /** What of that is asked about: the rest is for its web pages and for machines. Default: all. */
  readonly paths?: RegExp;
}

export const subjects: readonly Subject[] = [
  {
    name: "unleash",
    packages: ["unleash-server@7.5.1"],
    document: "/docs/openapi.json",
    paths:
      /^\/api\/admin\/(segments|context|tag-types|projects\/\{projectId\}\/features(\/\{featureName\}(\/tags|\/favorites)?)?$)/,
  },
  {
    name: "strapi",
    packages: [
      "@strapi/strapi@5.54.0",
      "@strapi/plugin-users-permissions@5.54.0",
      "pg@8.23.1",
      "react@18.3.1",
      "react-dom@18.3.1",
      "react-router-dom@6.30.3",
      "styled-components@6.1.19",
    ],
  },
];
