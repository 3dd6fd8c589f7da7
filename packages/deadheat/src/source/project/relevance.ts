/** Anything that reads or writes rows, or defines models or routes. */
const ROWS =
  /\bobjects\b|_manager\b|\.save\(|\.asave\(|\bmodels\.|\batomic\b|select_for_update|\.delete\(|get_or_create|update_or_create|\.update\(|\.create\(|\.filter\(|get_object|serializer|urlpatterns|\bModel\b|jwt|blacklist|\.revoke|self\.\w+ [-+]= |_set\.|AbstractUser|DATABASES|REST_FRAMEWORK|Manager|QuerySet|(site|admin)\.register\(/i;

/**
 * What a file may do for those that call it, without a word of the ORM: `def notify(order): mail_order.delay(order.pk)`
 * called inside of atomic(), a receiver, a lock, a look at the row or the user that was handed in.
 */
const FOR_CALLERS =
  /\.(?:delay|apply_async|enqueue|send_task|send_async)\(|\breceiver\b|\bSignal\(|on_commit|send_mail|EmailM|[._]lock\(|Lock\(|\brequests\.p|\btransaction\b|\bcache\.|\.pk\b|\.id\b|request\.user|refresh_from_db|IntegrityError|ValidationError|Permission/;

/** Files without any of it are not parsed. */
export function isRelevant(text: string, path: string): boolean {
  return ROWS.test(text) || FOR_CALLERS.test(text) || /(^|\/)(__init__|urls|settings\w*)\.py$/.test(path);
}
