import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { loadModules } from "../../packages/deadheat/src/source/load.ts";
import { findSources } from "../../packages/deadheat/src/source/project/files.ts";
import { Models } from "../../packages/deadheat/src/source/project/models.ts";
import { Project } from "../../packages/deadheat/src/source/project/project.ts";
import { fromPath, fromRegex, routesOf } from "../../packages/deadheat/src/source/project/routes.ts";
import { readSettings } from "../../packages/deadheat/src/source/project/settings.ts";

const here = dirname(fileURLToPath(import.meta.url));
const PYTHON = "/usr/bin/python3";
const DEBIAN = "/usr/lib/python3/dist-packages";

interface Introspection {
  /** By URLconf. */
  readonly routes: Readonly<
    Record<
      string,
      readonly {
        readonly route: readonly (readonly [string, string])[];
        readonly methods: readonly string[];
      }[]
    >
  >;
  readonly models: Readonly<
    Record<string, { readonly fields: readonly string[]; readonly unique: readonly (readonly string[])[] }>
  >;
}

const MODELS = [
  ["shop", join(here, "background", "shop"), ["Token", "Profile", "Badge"]],
  ["auth", join(DEBIAN, "django/contrib/auth"), ["Permission", "Group", "User"]],
  ["contenttypes", join(DEBIAN, "django/contrib/contenttypes"), ["ContentType"]],
  ["flatpages", join(DEBIAN, "django/contrib/flatpages"), ["FlatPage"]],
  [
    "token_blacklist",
    join(DEBIAN, "rest_framework_simplejwt/token_blacklist"),
    ["OutstandingToken", "BlacklistedToken"],
  ],
] as const;

const ROUTES = [
  ["urls", join(here, "background")],
  ["django.contrib.auth.urls", join(DEBIAN, "django/contrib/auth")],
  ["django.contrib.admindocs.urls", join(DEBIAN, "django/contrib/admindocs")],
  ["django.contrib.flatpages.urls", join(DEBIAN, "django/contrib/flatpages")],
] as const;

const APPLICATIONS = [
  "django.contrib.sites",
  "django.contrib.flatpages",
  "django.contrib.admindocs",
  "rest_framework_simplejwt.token_blacklist",
];

/** Asked once: Django takes seconds to start. */
function djangoSays(): Introspection {
  const labels = MODELS.map(([label]) => label).join();
  const urlconfs = ROUTES.map(([urlconf]) => urlconf).join();
  const out = execFileSync(
    PYTHON,
    [
      join(here, "introspect.py"),
      join(here, "background"),
      "settings",
      labels,
      APPLICATIONS.join(),
      urlconfs,
    ],
    { encoding: "utf8" },
  );
  return JSON.parse(out);
}

async function sourceSays(folder: string) {
  const { modules } = await loadModules(await findSources(folder));
  const project = new Project(modules, basename(folder));
  return { project, settings: readSettings(modules), models: new Models(project) };
}

/** The part of a route that is one of DRF's format suffixes is the framework's, not the project's. */
const isSuffix = (path: string) => path.includes("{format}");

const sorted = (sets: readonly (readonly string[])[]) =>
  [...new Set(sets.map((one) => [...one].sort().join()))].sort();

// Debian's python3-django, -djangorestframework and -simplejwt: where they are not installed there is nothing to compare with.
describe.skipIf(!existsSync(join(DEBIAN, "rest_framework_simplejwt")))(
  "the project model is Django's own",
  () => {
    let django: Introspection;
    beforeAll(() => {
      django = djangoSays();
    });

    it.each(MODELS)("unique sets and fields of %s", async (_, folder, names) => {
      const { models } = await sourceSays(folder);
      for (const name of names) {
        const model = models.named(name);
        const said = django.models[name]!;
        expect(model.definition, name).toBeDefined();
        expect([...models.fields(model).keys()].sort(), name).toEqual([...said.fields].sort());
        expect(sorted(models.uniqueSets(model).map((one) => one.fields)), name).toEqual(sorted(said.unique));
      }
    });

    it.each(ROUTES)("routes of %s", async (urlconf, folder) => {
      const said = django.routes[urlconf]!.flatMap(({ route, methods }) =>
        methods.map(
          (method) =>
            `${method.toUpperCase()} /${route.map(([kind, text]) => (kind === "RoutePattern" ? fromPath(text) : fromRegex(text))).join("")}`,
        ),
      ).filter((one) => !isSuffix(one) && one !== "GET /api/");
      expect(said.length).toBeGreaterThan(0);
      const { project, settings } = await sourceSays(folder);
      const found = routesOf(project, settings).map((one) => `${one.method} ${one.path}`);
      expect(found.sort()).toEqual(said.sort());
    });
  },
);
