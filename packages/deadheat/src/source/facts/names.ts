/** What names of libraries stand for, as data: the analysis knows no project, only Django and what goes with it. */

/** Opens a transaction: `transaction.atomic`, and wrappers that say so in their names. */
export const OPENS_TRANSACTION = /(^|[._])(?!non_)\w*(atomic|commit_on_success|transaction_with_\w+)\w*$/i;
export const NOT_A_TRANSACTION = /(non_atomic|on_commit|is_atomic|in_atomic|atomic_requests|rollback)/i;

/** A lock that is no row's. */
export const NAMED_LOCK =
  /(^|[._])(advisory_?lock|pg_?advisory\w*|redis_?lock|cache_?lock|dist(ributed)?_?lock|mutex|semaphore|global_lock|try_lock|acquire_lock|named_lock|\w*_lock|lock_\w+|lock|R?Lock)$/i;
export const NOT_A_LOCK =
  /(unlock|is_locked|block|clock|lockfile_name|lock_timeout|release|check_lock|has_lock|deadlock)/i;

/** Out of sight, but says that it reads under a lock. */
export const READS_LOCKED = /(select_for_update|for_update|with_lock|_locked\b|locked_|lock_for|lock_and)/i;

/** Leave the process: a rollback does not take them back. By dotted name, or by method name. */
export const EXTERNAL_CALL =
  /(^|\.)(send_mail|send_mass_mail|mail_admins|mail_managers|send_messages|urlopen|send_sms|send_push\w*|publish_message)$|^(requests|httpx|urllib3|smtplib|boto3|stripe|sendgrid|twilio)\.|(^|\.)(send_task)$/;
/** Made, not sent: what is called on it is what leaves, as if it were called on the module. */
export const CLIENT = /^(requests|httpx|boto3)\.(?:\w+\.)?(?:Async)?(?:[Ss]ession|[Cc]lient)$/;
/**
 * Asks somebody else and changes nothing there: once more is as good as once, and there is nothing to take back. (Classes,
 * too: `httpx.BasicAuth(…)` is made and not sent.)
 */
export const ASKS_ONLY =
  /^(requests|httpx)\.(get|head|options|mount|close|(headers|cookies|params|proxies|hooks|auth|adapters|exceptions|codes|utils)\b.*|[A-Z]\w*)$|^boto3\.client\.(get|list|describe|head|generate_presigned)_/;
/** Takes long: another request may come and go meanwhile. */
export const SLOW_CALL =
  /^((requests|httpx)\.(get|head|options|request)|subprocess\.(run|call|check_\w+|getoutput|Popen)|os\.(system|popen)|(time|asyncio)\.sleep|socket\.create_connection|shutil\.(copy\w*|move|\w+_archive)|boto3\.client\.\w+|(PIL\.)?Image\.open|tarfile\.open|(paramiko|ftplib|smtplib|imaplib|urllib\.request|pexpect)\.\w+|(openai|anthropic|litellm)\.[\w.]+)$/;
/** Leaves the process, and is back at once: somebody else does the work. */
export const QUEUES = /(^|\.)(delay|apply_async|send_async|group_send|enqueue|send_task|publish_message)$/;
export const EXTERNAL_METHOD = new Set([
  "delay",
  "apply_async",
  "send_async",
  "group_send",
  "email_user",
  "enqueue",
]);
/** Kafka, RabbitMQ: whoever listens may look for the row at once. */
export const PUBLISHES = /(^|[._])producer\.(produce|send)$|(^|\.)basic_publish$/i;
/** `X.send()` of these is mail or a message; of a signal it is a call in the process. */
export const SENDS = /(mail|message|msg|email|sms|notification|webhook|client)/i;

/** Compute in the database, not in Python. */
export const DATABASE_EXPRESSION = new Set([
  "F",
  "Concat",
  "Coalesce",
  "Greatest",
  "Least",
  "Case",
  "When",
  "Subquery",
  "OuterRef",
  "Func",
  "RawSQL",
  "ExpressionWrapper",
  "Now",
  "JSONObject",
  "Count",
  "Sum",
  "Max",
  "Min",
  "Avg",
  "Length",
  "Lower",
  "Upper",
]);

/** Managers that every model may have. */
export const MANAGER = /^(objects|_default_manager|_base_manager|all_objects|\w+_objects|\w*manager)$/;

export const CHAINS = new Set([
  "all",
  "filter",
  "exclude",
  "order_by",
  "select_related",
  "prefetch_related",
  "only",
  "defer",
  "annotate",
  "alias",
  "distinct",
  "using",
  "values",
  "values_list",
  "reverse",
  "none",
  "union",
  "intersection",
  "difference",
  "extra",
  "iterator",
  "select_for_update",
  "dates",
  "datetimes",
  "raw",
  "as_manager",
  "complex_filter",
  "cache",
]);
export const TERMINALS = new Set([
  "get",
  "first",
  "last",
  "latest",
  "earliest",
  "exists",
  "count",
  "aggregate",
  "update",
  "delete",
  "create",
  "get_or_create",
  "update_or_create",
  "bulk_create",
  "bulk_update",
  "in_bulk",
  "contains",
  "create_user",
  "create_superuser",
  "_raw_delete",
]);
/** Of a relation's manager. */
export const RELATION_WRITES = new Set(["add", "remove", "set", "clear"]);

/** Methods too common to be told from their names alone. */
export const COMMON_METHODS = new Set([
  "get",
  "set",
  "save",
  "delete",
  "update",
  "create",
  "add",
  "remove",
  "clear",
  "filter",
  "all",
  "first",
  "last",
  "exists",
  "count",
  "items",
  "keys",
  "values",
  "append",
  "extend",
  "pop",
  "format",
  "join",
  "split",
  "strip",
  "lower",
  "upper",
  "replace",
  "encode",
  "decode",
  "read",
  "write",
  "close",
  "open",
  "run",
  "start",
  "stop",
  "send",
  "handle",
  "process",
  "execute",
  "validate",
  "is_valid",
  "clean",
  "to_dict",
  "serialize",
  "render",
  "info",
  "debug",
  "warning",
  "error",
  "exception",
  "copy",
  "sort",
  "index",
  "find",
  "match",
  "search",
  "load",
  "dump",
  "loads",
  "dumps",
  "check",
  "connect",
  "call",
  "apply",
  "post",
  "put",
  "patch",
  "head",
  "options",
  "perform",
  "reset",
  "init",
  "setup",
  "log",
]);

/** Receivers of `save()` that are no rows. */
export const NOT_A_ROW =
  /(^|[._])(image|img|thumb|fig|plot|workbook|wb|book|document|docx|pdf|session|storage|cache|file|canvas|writer|config|conf|model_state|checkpoint|tree)$/i;
export const IS_FORM = /(^|_)form(set)?s?\d*$/i;
export const IS_SERIALIZER = /serializer\d*$/i;

/** Methods that retire a token for good (simplejwt's `blacklist`, django-oauth-toolkit's `revoke`). */
export const RETIRES_TOKEN = /^(blacklist|revoke|invalidate|retire)(_token)?$/;
/** `cache.invalidate()`, `buster.invalidate(key)`: what was computed is computed anew, and no token is meant. */
export const INVALIDATES_CACHE = /cach(e|ed|ing)|bust|memo/i;
/**
 * simplejwt's serializer, called by a view of one's own: looks whether the token was retired, and then retires it and
 * makes another (with BLACKLIST_AFTER_ROTATION; without it the old one is meant to go on).
 */
export const ROTATES_TOKEN = /(^|\.)TokenRefreshSerializer$/;
/** Make a new token (simplejwt: a new `jti` is a new token; knox and allauth: `create_token`). */
export const ISSUES_TOKEN =
  /^(set_jti|for_user|outstand|(_?(create|issue|generate|make|mint)_(\w+_)?tokens?))$/;

/** Columns that say when the row was changed, or something came for it. */
export const NOTES_TIME =
  /^((date|time|datetime)_)?(last_)?(modified|updated|changed|edited|synced|event|activity|message|seen)(_(at|on|time|date|ts|dt))?$|^(modified|modification|update|change)_?(date|time|timestamp)$/;

/** Of the clock, two requests at once hear the same whenever they ask. */
export const CLOCK = /\b(now|utcnow|today|localdate|monotonic|timedelta)\b/;

/** Base classes of trees in which each row knows the numbers between which all that hangs on it lies. */
export const KEEPS_NESTED_SETS = /^(mptt\.models\.MPTTModel|treebeard\.ns_tree\.NS_Node)$/;
