import type { FunctionDefinition } from "../project/definitions.ts";
import type { Project } from "../project/project.ts";

const HOOKS =
  /^((before|after)_(import(_row|_instance)?|save_instance|delete_instance|init_instance)|(do_)?save_instance|save_m2m|import_(row|field))$/;
const IS_RESOURCE = /(^|\.)(Model)?Resource$/;

/**
 * django-import-export puts an import into one transaction, unless the settings say otherwise: since 3.0. (Before 4.0 its
 * hooks are told, by `using_transactions`; those say nothing of the version.)
 */
export function isHookOfImport(project: Project, fn: FunctionDefinition): boolean {
  if (fn.owner === undefined || !HOOKS.test(fn.name)) return false;
  if (!project.lineage(fn.owner).external.some((one) => IS_RESOURCE.test(one))) return false;
  return !fn.signature().parameters.some((one) => one.name === "using_transactions");
}
