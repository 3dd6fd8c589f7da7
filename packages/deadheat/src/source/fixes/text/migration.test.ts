import { expect, it } from "vitest";
import { migrationFor } from "./migration.ts";

const wanted = { model: "Slot", constraint: "models.UniqueConstraint(…)", name: "slot_hour_unique" };

function project(files: Readonly<Record<string, string>>) {
  return {
    read: (path: string) => files[path],
    list: (folder: string) =>
      Object.keys(files)
        .filter((one) => one.startsWith(`${folder}/`))
        .map((one) => one.slice(folder.length + 1)),
  };
}

const migration = (...dependencies: string[]) =>
  `class Migration(migrations.Migration):\n    dependencies = [${dependencies.join(", ")}]\n`;

it("comes after the newest, under the name that the application has for itself", () => {
  const files = {
    "shop/rooms/migrations/__init__.py": "",
    "shop/rooms/migrations/0001_initial.py": migration('("users", "0001_initial")'),
    "shop/rooms/migrations/0002_hours.py": migration('("rooms", "0001_initial")', '("users", "0002_hours")'),
  };
  const found = migrationFor(project(files), "shop/rooms/models/slot.py", wanted);
  const [[path, text]] = [...found.files] as [[string, string]];
  expect(path).toBe("shop/rooms/migrations/0003_slot_hour_unique.py");
  expect(text).toContain('("rooms", "0002_hours")');
  expect(text).toContain('model_name="slot"');
  expect(found.warnings).toEqual([]);
});

it("is left to makemigrations where there is none, or no single newest one", () => {
  expect(migrationFor(project({}), "rooms/models.py", wanted).warnings[0]).toContain("makemigrations");
  const two = {
    "rooms/migrations/0001_a.py": migration(),
    "rooms/migrations/0002_b.py": migration('("rooms", "0001_a")'),
    "rooms/migrations/0002_c.py": migration('("rooms", "0001_a")'),
  };
  const found = migrationFor(project(two), "rooms/models.py", wanted);
  expect(found.files.size).toBe(0);
  expect(found.warnings[0]).toContain("no single newest migration");
});
