import { describe, expect, it } from "vitest";
import { operationOf } from "./join.ts";

const operations = [
  { method: "GET", path: "/orders/{id}", operationId: "getOrder" },
  { method: "POST", path: "/orders/{id}/pay", operationId: "pay" },
  { method: "POST", path: "/v1/refunds/{id}", operationId: "refundV1" },
  { method: "POST", path: "/v2/refunds/{id}", operationId: "refundV2" },
];
const idOf = (method: string, path: string) => operationOf({ method, path }, operations)?.operationId;

describe("a route and an operation of the document", () => {
  it("are the same whatever the parameter is called and however the path ends", () => {
    expect(idOf("POST", "/orders/{pk}/pay/")).toBe("pay");
  });

  it("are the same below a prefix", () => {
    expect(idOf("POST", "/api/orders/{pk}/pay/")).toBe("pay");
  });

  it("of a view that answers every method are the one that the document has", () => {
    expect(idOf("ANY", "/orders/{pk}/")).toBe("getOrder");
  });

  it("are not the same with another method", () => {
    expect(idOf("DELETE", "/orders/{pk}/")).toBeUndefined();
  });

  it("are not tied where two fit", () => {
    expect(idOf("POST", "/refunds/{pk}/")).toBeUndefined();
  });

  it("are not the same because one name ends like another", () => {
    expect(idOf("POST", "/s/{pk}/pay/")).toBeUndefined();
  });
});
