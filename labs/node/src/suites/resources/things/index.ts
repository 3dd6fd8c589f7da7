import type { Resource } from "../resource.ts";
import { articles } from "./articles.ts";
import { budgets } from "./budgets.ts";
import { campaigns } from "./campaigns.ts";
import { channels } from "./channels.ts";
import { contacts } from "./contacts.ts";
import { events } from "./events.ts";
import { folders } from "./folders.ts";
import { invitations } from "./invitations.ts";
import { meters } from "./meters.ts";
import { pages } from "./pages.ts";
import { payments } from "./payments.ts";
import { plans } from "./plans.ts";
import { products } from "./products.ts";
import { reports } from "./reports.ts";
import { tags } from "./tags.ts";
import { vouchers } from "./vouchers.ts";
import { wallets } from "./wallets.ts";

const saved = { meters, pages, contacts, articles };
const limited = { vouchers, events, reports, invitations, products };
const unique = { channels, tags, payments };
const together = { wallets, budgets, plans };
const below = { folders, campaigns };

export const RESOURCES = { ...saved, ...limited, ...unique, ...together, ...below } as const satisfies Record<
  string,
  Resource
>;
