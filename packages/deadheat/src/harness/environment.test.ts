import { describe, expect, it } from "vitest";
import { madeUpValue, missingVariable } from "./environment.ts";

describe("missingVariable", () => {
  it.each([
    ["KeyError: 'DJANGO_SECRET'", "DJANGO_SECRET"],
    ["django.core.exceptions.ImproperlyConfigured: Set the STRIPE_KEY environment variable", "STRIPE_KEY"],
    [
      "decouple.UndefinedValueError: DB_HOST not found. Declare it as envvar or define a default value.",
      "DB_HOST",
    ],
    ["ValueError: environment variable API_URL is missing", "API_URL"],
    ["RuntimeError: SENTRY_DSN is not set", "SENTRY_DSN"],
    ["KeyError: 'name'", undefined],
    ["ImproperlyConfigured: settings are not configured. DJANGO_SETTINGS_MODULE is not set", undefined],
  ])("%s", (line, name) => {
    expect(missingVariable(["Traceback (most recent call last):", line])).toBe(name);
  });
});

describe("madeUpValue", () => {
  const url = "postgres://me:pass@127.0.0.1:5433/mine";
  it.each([
    ["DATABASE_URL", url],
    ["LAB_DATABASE", url],
    ["DB_HOST", "127.0.0.1"],
    ["POSTGRES_PASSWORD", "pass"],
    ["DB_NAME", "mine"],
    ["DEBUG", "False"],
    ["PAYMENTS_URL", "http://127.0.0.1:9"],
    ["MAX_UPLOAD_SIZE", "1"],
  ])("%s", (name, value) => {
    expect(madeUpValue(name, url).value).toBe(value);
  });

  it("gives a secret that nobody can know, and another one each time", () => {
    const [one, other] = [madeUpValue("JWT_SECRET", url).value, madeUpValue("JWT_SECRET", url).value];
    expect(one).toMatch(/^[\w-]{40,}$/);
    expect(one).not.toBe(other);
  });
});
