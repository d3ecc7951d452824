// Webhooks from the request to the receiver: the openai package asks, and verifies what the gateway sends.
import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import OpenAI from "openai";
import { LocalRun } from "./support/local-run.mjs";
import { capital, numbers } from "./support/requests.mjs";
import { WebhookReceiver } from "./support/webhook-receiver.mjs";

const types = ["response.queued", "response.in_progress", "response.completed"];

let run;
let client;
let receiver;
let seen; // what GET said while the delivery was under way, by event id

before(async () => {
  run = await LocalRun.start({
    options: ["--stores", "local"],
    change: (config) => (config.webhooks = { allowPrivateTargets: true }),
  });
  client = new OpenAI({ baseURL: run.baseURL, apiKey: run.keys.acme, maxRetries: 0 });
});

after(async () => {
  assert.equal(await run?.stop(), 0, "SIGTERM must end the local run with exit code 0");
});

describe("webhook deliveries", () => {
  before(async () => {
    seen = {};
    receiver = await WebhookReceiver.start(async (event) => (seen[event.id] ??= (await client.responses.retrieve(event.data.id)).status));
  });

  after(() => receiver.stop());

  const ask = (more) => client.responses.create({ ...capital, background: true, webhook_url: receiver.url, ...more });
  const of = (id) => (delivery) => delivery.event.data.id === id;

  for (const [kind, secret] of [["text", "a secret of this test"], ["whsec_", `whsec_${randomBytes(24).toString("base64")}`]]) {
    test(`every status arrives, signed with a secret of kind ${kind}`, async () => {
      const { id } = await ask({ webhook_secret: secret });
      for (const { event, body, headers } of await receiver.all(types, of(id))) {
        assert.deepEqual(await client.webhooks.unwrap(body, headers, secret), event);
        assert.equal(headers["webhook-id"], event.id);
        assert.equal(headers["x-webhook-signature"], `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`);
        assert.equal(event.type, `response.${event.data.status}`);

        const flipped = Buffer.from(body);
        flipped[flipped.length >> 1] ^= 1;
        await assert.rejects(client.webhooks.unwrap(flipped.toString(), headers, secret), OpenAI.InvalidWebhookSignatureError);
        await assert.rejects(client.webhooks.unwrap(body, headers, "another secret"), OpenAI.InvalidWebhookSignatureError);
      }
    });
  }

  test("who hears that it is completed can retrieve it completed", async () => {
    const { id } = await ask({});
    const [completed] = await receiver.all(["response.completed"], of(id));
    assert.equal(seen[completed.event.id], "completed");
  });

  test("a run cut short is told as incomplete", async () => {
    const { id } = await ask({ max_output_tokens: 2 });
    const [incomplete] = await receiver.all(["response.incomplete"], of(id));
    assert.equal(seen[incomplete.event.id], "incomplete");
  });

  test("a cancelled run is told as cancelled", async () => {
    const { id } = await ask({ ...numbers(600) });
    await client.responses.cancel(id);
    await receiver.all(["response.cancelled"], of(id));
  });

  test("without a secret there is no signature", async () => {
    const { id } = await ask({});
    for (const { headers } of await receiver.all(types, of(id))) {
      assert.ok(headers["webhook-id"]);
      assert.equal(headers["webhook-signature"], undefined);
      assert.equal(headers["x-webhook-signature"], undefined);
    }
  });

  test("the url needs a background response", async () => {
    await assert.rejects(client.responses.create({ ...capital, webhook_url: receiver.url }), OpenAI.BadRequestError);
  });
});
