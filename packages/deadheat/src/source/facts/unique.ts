/** Columns that tables of libraries keep unique, by where the table is imported from. Other than these none are. */
export const LIBRARY_UNIQUE: Readonly<
  Record<string, { readonly from: RegExp; readonly sets: readonly (readonly string[])[] }>
> = {
  Group: { from: /^django\.contrib\.auth\b/, sets: [["name"]] },
  User: { from: /^django\.contrib\.auth\b/, sets: [["username"]] },
  Permission: { from: /^django\.contrib\.auth\b/, sets: [["content_type", "codename"]] },
  ContentType: { from: /^django\.contrib\.contenttypes\b/, sets: [["app_label", "model"]] },
  Site: { from: /^django\.contrib\.sites\b/, sets: [["domain"]] },
  AccessToken: {
    from: /^oauth2_provider\b/,
    sets: [["token"], ["source_refresh_token"], ["id_token"]],
  },
  Token: { from: /^rest_framework\.authtoken\b/, sets: [["user"], ["key"]] },
};

/** Abstract models of libraries that add columns, and nothing that is unique. */
export const ADDS_NOTHING_UNIQUE =
  /^(django_extensions\.db\.models\.(TimeStampedModel|TitleDescriptionModel|ActivatorModel)|model_utils\.models\.(TimeStampedModel|TimeFramedModel|StatusModel|SoftDeletableModel)|mptt\.models\.MPTTModel|dirtyfields(\.dirtyfields)?\.DirtyFieldsMixin)$/;
