/** Anything that reads or writes rows, defines models or routes, or could be called by what does. */
const RELEVANT =
  /\bobjects\b|_manager\b|\.save\(|\.asave\(|\bmodels\.|\batomic\b|select_for_update|\.delete\(|get_or_create|update_or_create|\.update\(|\.filter\(|get_object|serializer|urlpatterns|\bModel\b|jwt|blacklist|\.revoke|self\.\w+ [-+]= |_set\.|AbstractUser|DATABASES|REST_FRAMEWORK|Manager|QuerySet|(site|admin)\.register\(/i;

/** Files without any of it are not parsed. */
export function isRelevant(text: string, path: string): boolean {
  return RELEVANT.test(text) || /(^|\/)(__init__|urls|settings\w*)\.py$/.test(path);
}
