// The openai package verifies what the gateway signs. The signatures are those that WebhookSignatureTests holds the gateway to,
// so that no gateway need run here.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import OpenAI from "openai";

const cases = JSON.parse(readFileSync(new URL("../fixtures/webhook-signatures.json", import.meta.url), "utf8"));
const client = new OpenAI({ apiKey: "not used" });
const anyAge = Number.MAX_SAFE_INTEGER;

describe("webhook signatures", () => {
  for (const { name, secret, body, headers } of cases) {
    test(`${name}: unwrap accepts it and gives the event`, async () => {
      assert.deepEqual(await client.webhooks.unwrap(body, headers, secret, anyAge), JSON.parse(body));
    });

    test(`${name}: unwrap refuses a changed body, id, timestamp, signature and secret`, async () => {
      const wrong = [
        [body + " ", headers, secret],
        [body, { ...headers, "webhook-id": headers["webhook-id"].replace("0", "1") }, secret],
        [body, { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) }, secret],
        [body, { ...headers, "webhook-signature": "v1," + Buffer.alloc(32).toString("base64") }, secret],
        [body, headers, "another secret than that one"],
      ];
      for (const args of wrong)
        await assert.rejects(client.webhooks.unwrap(...args, anyAge), OpenAI.InvalidWebhookSignatureError);
    });

    test(`${name}: unwrap refuses it when it is old`, async () => {
      await assert.rejects(client.webhooks.unwrap(body, headers, secret), OpenAI.InvalidWebhookSignatureError);
    });
  }
});
