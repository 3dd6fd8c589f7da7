import type { LabelledDocument } from "./label.ts";

const STORE = { storeId: null };
const ORDER = { ...STORE, orderId: "POST /stores/{storeId}/orders" };
const RETURN = { returnId: "POST /stores/{storeId}/returns" };
const WEBHOOK = { webhookId: "POST /stores/{storeId}/webhooks" };

export const redo: LabelledDocument = {
  source: "@redotech/redo-api-schema@2.2.693",
  file: "lib/openapi.yaml",
  labels: [
    ["POST /stores/{storeId}/coverage-products", "read", null, STORE],
    ["PUT /stores/{storeId}/customers", "replace", null, STORE],
    [
      "GET /stores/{storeId}/inbound-shipments/{inboundShipmentId}",
      "read",
      null,
      { ...STORE, inboundShipmentId: null },
    ],
    [
      "GET /stores/{storeId}/inventory-items/{inventoryItemId}",
      "read",
      null,
      { ...STORE, inventoryItemId: null },
    ],
    ["GET /invoices/{invoiceId}/items.csv", "read", null, { invoiceId: null }],
    ["POST /stores/{storeId}/orders", "create", null, STORE],
    ["GET /stores/{storeId}/orders/{orderId}", "read", null, ORDER],
    ["DELETE /stores/{storeId}/orders/{orderId}", "delete", null, ORDER],
    ["POST /stores/{storeId}/orders/{orderId}/fulfillments", "create", null, ORDER],
    [
      "POST /stores/{storeId}/orders/{orderId}/fulfillments/{fulfillmentId}/shipment-status",
      "action",
      null,
      { ...ORDER, fulfillmentId: "POST /stores/{storeId}/orders/{orderId}/fulfillments" },
    ],
    ["GET /returns/{returnId}", "read", null, RETURN],
    ["POST /returns/{returnId}/comments", "create", null, RETURN],
    ["POST /returns/{returnId}/process", "action", null, RETURN],
    ["PUT /returns/{returnId}/status", "replace", null, RETURN],
    ["POST /stores/{storeId}/returns", "create", null, STORE],
    [
      "DELETE /stores/{storeId}/return-tags/{name}",
      "delete",
      null,
      { ...STORE, name: "PUT /stores/{storeId}/return-tags/{name}" },
    ],
    ["POST /stores/{storeId}/webhooks", "create", null, STORE],
    ["GET /webhooks/{webhookId}", "read", null, WEBHOOK],
    ["PUT /webhooks/{webhookId}", "replace", null, WEBHOOK],
    ["DELETE /webhooks/{webhookId}", "delete", null, WEBHOOK],
    ["POST /webhooks/{webhookId}/replay", "action", null, WEBHOOK],
  ],
};
