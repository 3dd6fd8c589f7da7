import { appwriteClient, appwriteServer } from "./appwrite.ts";
import { blockfrost } from "./blockfrost.ts";
import { figma } from "./figma.ts";
import { gitbook } from "./gitbook.ts";
import { github } from "./github.ts";
import { ixApi } from "./ix-api.ts";
import type { LabelledDocument } from "./label.ts";
import { mastodon } from "./mastodon.ts";
import { netlify } from "./netlify.ts";
import { probely } from "./probely.ts";
import { redo } from "./redo.ts";

/** Read by hand, before any rule was changed for them. */
export const documents: readonly LabelledDocument[] = [
  probely,
  ixApi,
  mastodon,
  appwriteClient,
  appwriteServer,
  netlify,
  gitbook,
  blockfrost,
  figma,
  redo,
  github,
];
