// What the openai package does with what is kept, unchanged, against two gateways that share Postgres and Redis.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import OpenAI from "openai";
import { LocalRun } from "./support/local-run.mjs";
import { capital, model, numbers } from "./support/requests.mjs";

const server = "mka1-mini-dense";
const patience = 60_000;

// Takes the model longer than any test needs to cut, follow or cancel it.
const long = numbers(600);
const longAnswer = { numbers: Array(600).fill(7) };

let run;
let client; // of the first gateway
let other; // of the second
let stranger; // another tenant
let user; // of the first tenant, for one of its end users

before(async () => {
  run = await LocalRun.start({ options: ["--stores", "local", "--replicas", "2"] });
  assert.equal(run.addresses.length, 2);
  const connect = (replica, key, more) => new OpenAI({ baseURL: run.baseURLOf(replica), apiKey: key, maxRetries: 0, ...more });
  client = connect(0, run.keys.acme);
  other = connect(1, run.keys.acme);
  stranger = connect(0, run.keys.globex);
  user = connect(0, run.keys.acme, { defaultHeaders: { "X-On-Behalf-Of": "user-42" } });
});

after(async () => {
  assert.equal(await run?.stop(), 0, "SIGTERM must end the local run with exit code 0");
});

const refusal = async (promise) => promise.then(() => assert.fail("It was not refused."), (error) => error);

/** Polls as a client of a background response does. */
async function until(id, seen, from = client) {
  for (const end = Date.now() + patience; ; await new Promise((next) => setTimeout(next, 20))) {
    const response = await from.responses.retrieve(id);
    if (seen(response.status)) return response;
    if (Date.now() > end) assert.fail(`The response stayed ${response.status}.`);
  }
}

const ended = (status) => status !== "queued" && status !== "in_progress";

/** The events of a stream: all, or only until `enough`, after which the connection is cut. */
async function read(stream, enough = () => false) {
  const events = [];
  for await (const event of await stream) {
    events.push(event);
    if (enough(events)) break;
  }
  return events;
}

const deltas = (events) => events.filter((event) => event.type === "response.output_text.delta");
const textOf = (events) => deltas(events).map((event) => event.delta).join("");
const assertNumbered = (events) => assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));

describe("stored responses", () => {
  test("retrieve gives what create gave, from either gateway", async () => {
    const created = await client.responses.create({ ...capital, metadata: { colour: "blue" } });
    assert.equal(created.store, true);
    assert.match(created.output_text, /Paris/);
    assert.deepEqual(await client.responses.retrieve(created.id), created);
    assert.deepEqual(await other.responses.retrieve(created.id), created);
  });

  test("retrieve gives what a stream ended with", async () => {
    const events = await read(client.responses.create({ ...capital, stream: true }));
    const final = events.at(-1).response;
    assert.deepEqual(await other.responses.retrieve(final.id), final);
    assert.equal(final.output_text, textOf(events));
  });

  test("U+0000 and characters beyond the first plane are kept", async () => {
    const text = "a\u0000b فرانس 😀";
    const created = await client.responses.create({ ...capital, input: text, metadata: { note: text }, max_output_tokens: 3 });
    assert.equal((await other.responses.retrieve(created.id)).metadata.note, text);
    assert.equal((await other.responses.inputItems.list(created.id)).data[0].content[0].text, text);
  });

  test("delete is told to both gateways", async () => {
    const { id } = await client.responses.create(capital);
    await client.responses.delete(id);
    for (const from of [client, other]) {
      await assert.rejects(from.responses.retrieve(id), OpenAI.NotFoundError);
      await assert.rejects(from.responses.retrieve(id, { stream: true }), OpenAI.NotFoundError);
      await assert.rejects(from.responses.inputItems.list(id), OpenAI.NotFoundError);
      await assert.rejects(from.responses.delete(id), OpenAI.NotFoundError);
    }
  });

  test("metadata is replaced", async () => {
    const created = await client.responses.create({ ...capital, metadata: { colour: "blue" } });
    await client.post(`/responses/${created.id}`, { body: { metadata: { size: "small" } } });
    assert.deepEqual(await other.responses.retrieve(created.id), { ...created, metadata: { size: "small" } });
  });

  test("input items are listed page by page, in both orders", async () => {
    const texts = ["one", "two", "three", "four", "five"];
    const input = texts.map((content) => ({ role: "user", content }));
    const { id } = await client.responses.create({ ...capital, input, max_output_tokens: 3 });
    const listed = async (query) => {
      const items = [];
      for await (const item of other.responses.inputItems.list(id, query)) items.push(item);
      assert.equal(new Set(items.map((item) => item.id)).size, items.length);
      return items.map((item) => item.content[0].text);
    };
    assert.deepEqual(await listed({ order: "asc", limit: 2 }), texts);
    assert.deepEqual(await listed({ order: "desc", limit: 2 }), texts.toReversed());
    assert.deepEqual(await listed({}), texts.toReversed());

    const first = await client.responses.inputItems.list(id, { order: "asc", limit: 2 });
    assert.equal(first.has_more, true);
    assert.deepEqual(await listed({ order: "asc", after: first.data[1].id }), texts.slice(2));
  });

  test("include brings back what is left out without it", async () => {
    const include = ["message.output_text.logprobs"];
    const created = await client.responses.create({ ...capital, include, top_logprobs: 2 });
    assert.ok(created.output.at(-1).content[0].logprobs.length > 0);
    assert.deepEqual((await client.responses.retrieve(created.id)).output.at(-1).content[0].logprobs, []);
    assert.deepEqual(await client.responses.retrieve(created.id, { include }), created);
    const wrong = await refusal(client.responses.retrieve(created.id, { include: ["everything"] }));
    assert.ok(wrong instanceof OpenAI.BadRequestError);
    assert.equal(wrong.param, "include");
  });

  test("an Idempotency-Key makes a repeat the same response, whichever gateway it goes to", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const [one, two] = await Promise.all([client.responses.create(capital, { headers }), other.responses.create(capital, { headers })]);
    assert.deepEqual(two, one);
    assert.deepEqual(await client.responses.create(capital, { headers }), one);
    assert.notEqual((await client.responses.create(capital)).id, one.id);
    assert.equal((await refusal(client.responses.create({ ...capital, temperature: 1 }, { headers }))).code, "idempotency_key_reused");
  });

  test("so does the option of the package, once it is told the header's name", async () => {
    class Keyed extends OpenAI {
      idempotencyHeader = "Idempotency-Key";
    }
    const keyed = new Keyed({ baseURL: run.baseURL, apiKey: run.keys.acme, maxRetries: 0 });
    const idempotencyKey = randomUUID();
    const first = await keyed.responses.create(capital, { idempotencyKey });
    assert.deepEqual(await keyed.responses.create(capital, { idempotencyKey }), first);
    assert.notEqual((await keyed.responses.create(capital)).id, first.id);
  });
});

describe("background", () => {
  test("create answers at once and polling finds the answer", async () => {
    const queued = await client.responses.create({ ...capital, background: true });
    assert.equal(queued.status, "queued");
    assert.equal(queued.background, true);
    const done = await until(queued.id, ended, other);
    assert.equal(done.status, "completed");
    assert.match(done.output_text, /Paris/);
  });

  test("cancel stops the model, once and for all", async () => {
    const { id } = await client.responses.create({ ...long, background: true });
    await until(id, (status) => status === "in_progress");
    const cancelled = await other.responses.cancel(id);
    assert.equal(cancelled.status, "cancelled");
    assert.deepEqual(await client.responses.cancel(id), cancelled);
    assert.deepEqual(await client.responses.retrieve(id), cancelled);
    await run.healthUntil(server, (health) => health.active === 0, "an idle model server after the cancellation");
    assert.deepEqual(await client.responses.retrieve(id), cancelled);
  });

  test("cancel of what has ended changes nothing", async () => {
    const { id } = await client.responses.create({ ...capital, background: true });
    const done = await until(id, ended);
    assert.deepEqual(await client.responses.cancel(id), done);
  });

  test("cancel of what is not in the background is a BadRequestError", async () => {
    const { id } = await client.responses.create(capital);
    await assert.rejects(client.responses.cancel(id), OpenAI.BadRequestError);
  });

  test("a deleted run stops the model", async () => {
    const { id } = await client.responses.create({ ...long, background: true });
    await until(id, (status) => status === "in_progress");
    await other.responses.delete(id);
    await assert.rejects(client.responses.retrieve(id), OpenAI.NotFoundError);
    await run.healthUntil(server, (health) => health.active === 0, "an idle model server after the deletion");
  });

  test("it cannot be had without being stored", async () => {
    await assert.rejects(client.responses.create({ ...capital, background: true, store: false }), OpenAI.BadRequestError);
  });
});

describe("streams by id", () => {
  test("starting_after gives exactly the rest, from the other gateway", async () => {
    const events = await read(client.responses.create({ ...capital, stream: true }));
    const { id } = events[0].response;
    assertNumbered(events);
    assert.deepEqual(await read(other.responses.retrieve(id, { stream: true })), events);
    for (const after of [0, 3, events.length - 2])
      assert.deepEqual(await read(other.responses.retrieve(id, { stream: true, starting_after: after })), events.slice(after + 1));
    assert.deepEqual(await read(other.responses.retrieve(id, { stream: true, starting_after: events.length - 1 })), []);
  });

  test("a stream that is cut goes on and is followed live on the other gateway", async () => {
    const begin = await read(client.responses.create({ ...long, stream: true }), (events) => deltas(events).length === 20);
    const { id } = begin[0].response;
    const rest = await read(other.responses.retrieve(id, { stream: true, starting_after: begin.at(-1).sequence_number }));
    const events = [...begin, ...rest];
    assertNumbered(events);
    assert.equal(events.at(-1).type, "response.completed");
    assert.deepEqual(JSON.parse(textOf(events)), longAnswer);
    assert.equal((await client.responses.retrieve(id)).output_text, textOf(events));
  });

  test("so is one in the background, however often it is cut", async () => {
    const events = await read(client.responses.create({ ...long, background: true, stream: true }), ({ length }) => length === 5);
    assert.equal(events[0].response.status, "queued");
    const { id } = events[0].response;
    for (const [from, count] of [[other, 30], [client, 100], [other, Infinity]]) {
      const stream = from.responses.retrieve(id, { stream: true, starting_after: events.at(-1).sequence_number });
      events.push(...(await read(stream, ({ length }) => length === count)));
    }
    assertNumbered(events);
    assert.equal(events.at(-1).type, "response.completed");
    assert.deepEqual(JSON.parse(textOf(events)), longAnswer);
    assert.equal((await client.responses.retrieve(id)).output_text, textOf(events));
  });

  test("the helper responses.stream({response_id}) takes up a run in progress", async () => {
    const { id } = await client.responses.create({ ...long, background: true, stream: false });
    const heard = [];
    const stream = other.responses.stream({ response_id: id, starting_after: 10 }).on("event", (event) => heard.push(event.sequence_number));
    const final = await stream.finalResponse();
    assert.equal(heard[0], 11);
    assert.deepEqual(JSON.parse(final.output_text), longAnswer);
    assert.equal(final.output_text, (await client.responses.retrieve(id)).output_text);
  });

  test("readers see the same events", async () => {
    const { id } = await client.responses.create({ ...long, background: true });
    const [one, ...more] = await Promise.all([client, other, client, other].map((from) => read(from.responses.retrieve(id, { stream: true }))));
    assertNumbered(one);
    for (const events of more) assert.deepEqual(events, one);
  });

  test("cancel ends a stream with the cancelled response", async () => {
    const { id } = await client.responses.create({ ...long, background: true });
    const [events] = await Promise.all([
      read(other.responses.retrieve(id, { stream: true })),
      until(id, (status) => status === "in_progress").then(() => client.responses.cancel(id)),
    ]);
    assertNumbered(events);
    assert.equal(events.at(-1).type, "response.incomplete");
    assert.deepEqual(events.at(-1).response, await client.responses.retrieve(id));
    assert.equal(events.at(-1).response.status, "cancelled");
    assert.deepEqual(await read(client.responses.retrieve(id, { stream: true })), events);
  });

  test("include_obfuscation pads what a reader asked to have padded", async () => {
    const plain = await read(client.responses.create({ ...capital, stream: true, stream_options: { include_obfuscation: false } }));
    const { id } = plain[0].response;
    assert.ok(deltas(plain).every((event) => event.obfuscation === undefined));
    const padded = await read(other.responses.retrieve(id, { stream: true, include_obfuscation: true }));
    assert.ok(deltas(padded).length > 0 && deltas(padded).every((event) => typeof event.obfuscation === "string"));
    assert.deepEqual(padded.map(({ obfuscation, ...event }) => event), plain);
    assert.deepEqual(await read(client.responses.retrieve(id, { stream: true, include_obfuscation: false })), plain);
  });
});

describe("conversations", () => {
  const said = (content) => ({ type: "message", role: "user", content });
  const textsOf = (items) => items.map((item) => item.content[0].text);

  test("create, retrieve, update and delete", async () => {
    const created = await client.conversations.create({ metadata: { topic: "demo" } });
    assert.equal(created.object, "conversation");
    assert.deepEqual(await other.conversations.retrieve(created.id), created);
    const updated = await other.conversations.update(created.id, { metadata: { topic: "changed" } });
    assert.deepEqual(updated, { ...created, metadata: { topic: "changed" } });
    assert.deepEqual(await client.conversations.retrieve(created.id), updated);
    assert.deepEqual(await client.conversations.delete(created.id), { id: created.id, object: "conversation.deleted", deleted: true });
    await assert.rejects(other.conversations.retrieve(created.id), OpenAI.NotFoundError);
    await assert.rejects(other.conversations.items.list(created.id), OpenAI.NotFoundError);
  });

  test("items are added, listed page by page, retrieved and deleted", async () => {
    const { id } = await client.conversations.create({ items: [said("one"), said("two")] });
    const added = await other.conversations.items.create(id, { items: [said("three"), said("four"), said("five")] });
    assert.deepEqual(textsOf(added.data), ["three", "four", "five"]);
    const list = async (query) => {
      const items = [];
      for await (const item of client.conversations.items.list(id, query)) items.push(item);
      return items;
    };
    const all = await list({ order: "asc", limit: 2 });
    assert.deepEqual(textsOf(all), ["one", "two", "three", "four", "five"]);
    assert.deepEqual(all.slice(2), added.data);
    assert.deepEqual(await list({ order: "desc", limit: 2 }), all.toReversed());
    assert.deepEqual(await list({ order: "asc", after: all[2].id }), all.slice(3));

    assert.deepEqual(await other.conversations.items.retrieve(all[1].id, { conversation_id: id }), all[1]);
    assert.equal((await client.conversations.items.delete(all[1].id, { conversation_id: id })).id, id);
    await assert.rejects(other.conversations.items.retrieve(all[1].id, { conversation_id: id }), OpenAI.NotFoundError);
    assert.deepEqual(await list({ order: "asc" }), all.toSpliced(1, 1));
  });

  test("a response reads a conversation and adds to it, stored, streamed and in the background", async () => {
    const { id: conversation } = await client.conversations.create({ items: [said("My name is Sara.")] });
    const turns = [
      (body) => client.responses.create(body),
      async (body) => (await read(other.responses.create({ ...body, stream: true }))).at(-1).response,
      async (body) => until((await client.responses.create({ ...body, background: true })).id, ended),
    ];
    const expected = ["My name is Sara."];
    for (const turn of turns) {
      const answer = await turn({ model, temperature: 0, conversation, input: "What is my name?" });
      assert.equal(answer.conversation.id, conversation);
      const text = answer.output.at(-1).content[0].text;
      assert.match(text, /Sara/);
      expected.push("What is my name?", text);
      assert.deepEqual(textsOf((await other.conversations.items.list(conversation, { order: "asc" })).data), expected);
    }
  });
});

describe("history", () => {
  test("previous_response_id continues, on the other gateway", async () => {
    const first = await client.responses.create({ model, input: "My name is Sara.", temperature: 0 });
    const second = await other.responses.create({ model, input: "What is my name?", previous_response_id: first.id, temperature: 0 });
    assert.equal(second.previous_response_id, first.id);
    assert.match(second.output_text, /Sara/);
    await client.responses.delete(first.id);
    const error = await refusal(client.responses.create({ ...capital, previous_response_id: first.id }));
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.code, "previous_response_not_found");
  });

  test("inputTokens.count says what create is then billed for", async () => {
    const { object, input_tokens } = await client.responses.inputTokens.count({ model, input: capital.input });
    assert.equal(object, "response.input_tokens");
    assert.equal(input_tokens, (await client.responses.create(capital)).usage.input_tokens);
  });

  test("what compact gives is the next input", async () => {
    const input = [{ role: "user", content: "My name is Sara and I live in Lahore." }, { role: "assistant", content: "Nice to meet you, Sara!" }];
    const compacted = await client.responses.compact({ model, input });
    assert.equal(compacted.object, "response.compaction");
    assert.equal(compacted.output.at(-1).type, "compaction");
    const next = [...compacted.output, { role: "user", content: "Say hello." }];
    assert.equal((await other.responses.create({ ...capital, input: next })).status, "completed");
  });
});

describe("ownership", () => {
  test("to another tenant and another end user everything is unknown, in the same words", async () => {
    const response = await client.responses.create({ ...capital, background: true });
    await until(response.id, ended);
    const { id: conversation } = await client.conversations.create({ items: [{ type: "message", role: "user", content: "Hello" }] });
    const item = (await client.conversations.items.list(conversation)).data[0].id;
    const calls = {
      retrieve: (from, ids) => from.responses.retrieve(ids.response),
      stream: (from, ids) => from.responses.retrieve(ids.response, { stream: true }),
      inputItems: (from, ids) => from.responses.inputItems.list(ids.response),
      cancel: (from, ids) => from.responses.cancel(ids.response),
      metadata: (from, ids) => from.post(`/responses/${ids.response}`, { body: { metadata: {} } }),
      deletion: (from, ids) => from.responses.delete(ids.response),
      conversation: (from, ids) => from.conversations.retrieve(ids.conversation),
      update: (from, ids) => from.conversations.update(ids.conversation, { metadata: {} }),
      items: (from, ids) => from.conversations.items.list(ids.conversation),
      item: (from, ids) => from.conversations.items.retrieve(ids.item, { conversation_id: ids.conversation }),
      addition: (from, ids) => from.conversations.items.create(ids.conversation, { items: [{ type: "message", role: "user", content: "Hello" }] }),
      itemDeletion: (from, ids) => from.conversations.items.delete(ids.item, { conversation_id: ids.conversation }),
      conversationDeletion: (from, ids) => from.conversations.delete(ids.conversation),
    };
    const known = { response: response.id, conversation, item };
    const unknown = { response: "resp_" + "0".repeat(32), conversation: "conv_" + "0".repeat(32), item: "msg_" + "0".repeat(32) };
    for (const [name, call] of Object.entries(calls)) {
      for (const from of [stranger, user]) {
        const error = await refusal(call(from, known));
        assert.ok(error instanceof OpenAI.NotFoundError, name);
        assert.deepEqual(error.error, (await refusal(call(from, unknown))).error, name);
      }
    }
    for (const from of [stranger, user]) {
      for (const reference of [{ previous_response_id: response.id }, { conversation }])
        assert.ok((await refusal(from.responses.create({ ...capital, ...reference }))) instanceof OpenAI.APIError);
    }
    assert.equal((await client.responses.retrieve(response.id)).status, "completed");
    assert.equal((await client.conversations.items.list(conversation)).data.length, 1);
  });

  test("what an end user owns is theirs alone", async () => {
    const { id } = await user.responses.create(capital);
    assert.equal((await user.responses.retrieve(id)).id, id);
    await assert.rejects(client.responses.retrieve(id), OpenAI.NotFoundError);
  });
});
