// The openai package, unchanged, against a local run with the real weights. Only baseURL and apiKey are ours.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import OpenAI from "openai";
import { LocalRun } from "./support/local-run.mjs";
import { capital, model, numbers } from "./support/requests.mjs";

const server = "mka1-mini-dense";
const items = 900;
const long = numbers(items);
const longTokens = items * 2;

const weather = {
  type: "function",
  name: "get_weather",
  description: "Get the current weather in a given location",
  parameters: {
    type: "object",
    properties: { city: { type: "string", description: "The name of the city" } },
    required: ["city"],
    additionalProperties: false,
  },
  strict: true,
};

let run;
let client;

before(async () => {
  run = await LocalRun.start({
    change: (config) => (config.tenants.globex.keys["globex-demo"].requests = [{ window: "hour", limit: 1 }]),
  });
  client = new OpenAI({ baseURL: run.baseURL, apiKey: run.keys.acme, maxRetries: 0 });
});

after(async () => {
  assert.equal(await run?.stop(), 0, "SIGTERM must end the local run with exit code 0");
});

describe("answers", () => {
  test("a string is answered", async () => {
    const answer = await client.responses.create(capital);
    assert.match(answer.output_text, /Paris/);
    assert.equal(answer.status, "completed");
    assert.equal(answer.model, model);
    assert.match(answer.id, /^resp_[0-9a-f]{32}$/);
    assert.equal(answer.usage.total_tokens, answer.usage.input_tokens + answer.usage.output_tokens);
    assert.equal(answer.output.at(-1).content[0].text, answer.output_text);
  });

  test("every answer has a request id", async () => {
    const { request_id } = await client.responses.create(capital).withResponse();
    assert.ok(request_id);
  });

  test("a question in Urdu is answered in Urdu", async () => {
    const answer = await client.responses.create({ model, input: "فرانس کا دارالحکومت کیا ہے؟", temperature: 0 });
    assert.match(answer.output_text, /فرانس کا دارالحکومت/);
  });

  test("Urdu streams whole: no character is cut in two", async () => {
    let text = "";
    const stream = await client.responses.create({ model, input: "فرانس کا دارالحکومت کیا ہے؟", temperature: 0, stream: true });
    for await (const event of stream) if (event.type === "response.output_text.delta") text += event.delta;
    assert.doesNotMatch(text, /\ufffd/);
    assert.match(text, /فرانس کا دارالحکومت/);
  });

  test("X-On-Behalf-Of may be a default header", async () => {
    const other = new OpenAI({ baseURL: run.baseURL, apiKey: run.keys.acme, defaultHeaders: { "X-On-Behalf-Of": "user-42" } });
    assert.match((await other.responses.create(capital)).output_text, /Paris/);
  });

  test("what is not stored cannot be retrieved", async () => {
    const answer = await client.responses.create({ ...capital, store: false });
    assert.equal(answer.store, false);
    await assert.rejects(client.responses.retrieve(answer.id), OpenAI.NotFoundError);
  });
});

describe("streams", () => {
  test("create({stream: true}) gives the events in order", async () => {
    const events = [];
    for await (const event of await client.responses.create({ ...capital, stream: true })) events.push(event);

    assert.equal(events[0].type, "response.created");
    assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));
    const final = events.at(-1);
    assert.equal(final.type, "response.completed");
    const text = events.filter((event) => event.type === "response.output_text.delta").map((event) => event.delta).join("");
    assert.equal(text, final.response.output_text ?? final.response.output.at(-1).content[0].text);
    assert.match(text, /Paris/);
  });

  test("the accumulator of responses.stream() finds no rule broken", async () => {
    let text = "";
    const stream = client.responses.stream(capital).on("response.output_text.delta", (event) => (text += event.delta));
    const final = await stream.finalResponse();
    assert.equal(final.status, "completed");
    assert.equal(final.output_text, text);
    assert.match(text, /Paris/);
  });

  test("the accumulator takes a long structured answer", async () => {
    const final = await client.responses.stream(long).finalResponse();
    assert.deepEqual(JSON.parse(final.output_text), { numbers: Array(items).fill(7) });
  });

  test("the accumulator takes an answer cut short", async () => {
    const final = await client.responses.stream({ ...capital, input: "Count from 1 to 20.", max_output_tokens: 3 }).finalResponse();
    assert.equal(final.status, "incomplete");
    assert.equal(final.incomplete_details.reason, "max_output_tokens");
  });

  test("aborting in the middle of what is not stored stops the model", async () => {
    await run.healthUntil(server, (health) => health.active === 0, "an idle model server");
    const start = (await run.health(server)).tokens_decoded;
    const abort = new AbortController();
    const stream = await client.responses.create({ ...long, store: false, stream: true }, { signal: abort.signal });
    for await (const event of stream) if (event.type === "response.output_text.delta") abort.abort();

    const idle = await run.healthUntil(server, (health) => health.active === 0, "an idle model server after the abort");
    assert.ok(idle.tokens_decoded - start < longTokens, `${idle.tokens_decoded - start} tokens were decoded`);
    assert.equal((await run.health(server)).tokens_decoded, idle.tokens_decoded);
  });
});

describe("function calls", () => {
  const question = [{ role: "user", content: "What is the weather in Paris?" }];

  test("the final answer uses the output of the call", async () => {
    const first = await client.responses.create({ model, input: question, tools: [weather], temperature: 0 });
    const call = first.output.find((item) => item.type === "function_call");
    assert.equal(call?.name, "get_weather");
    assert.deepEqual(JSON.parse(call.arguments), { city: "Paris" });

    const output = { type: "function_call_output", call_id: call.call_id, output: "31°C and sunny" };
    const second = await client.responses.create({ model, input: [...question, call, output], tools: [weather], temperature: 0 });
    assert.match(second.output_text, /31/);
  });

  test("a streamed call passes the accumulator", async () => {
    let pieces = "";
    const stream = client.responses
      .stream({ model, input: question, tools: [weather], temperature: 0 })
      .on("response.function_call_arguments.delta", (event) => (pieces += event.delta));
    const call = (await stream.finalResponse()).output.find((item) => item.type === "function_call");
    assert.equal(call.arguments, pieces);
    assert.deepEqual(JSON.parse(pieces), { city: "Paris" });
  });
});

describe("models", () => {
  test("the list holds the family, its alias and its variants", async () => {
    const ids = [];
    for await (const entry of client.models.list()) ids.push(entry.id);
    for (const id of [model, "mka1-mini", "mka1-mini-dense", "mka1-mini-moe", "mka1-mini-quantized"]) assert.ok(ids.includes(id), id);
  });

  test("a model is retrieved by name, colon and all", async () => {
    const found = await client.models.retrieve(model);
    assert.equal(found.id, model);
    assert.equal(found.object, "model");
  });

  test("each variant knows the capital of France", async () => {
    for (const variant of Object.keys(run.servers))
      assert.match((await client.responses.create({ ...capital, model: variant })).output_text, /Paris/, variant);
  });
});

describe("refusals", () => {
  const refusal = async (promise) => promise.then(() => assert.fail("It was not refused."), (error) => error);

  test("an unknown key is an AuthenticationError", async () => {
    const stranger = new OpenAI({ baseURL: run.baseURL, apiKey: "mk-not-a-key", maxRetries: 0 });
    const error = await refusal(stranger.responses.create(capital));
    assert.ok(error instanceof OpenAI.AuthenticationError);
    assert.equal(error.status, 401);
    assert.equal(error.code, "invalid_api_key");
  });

  test("an unknown model is a NotFoundError", async () => {
    const error = await refusal(client.responses.create({ ...capital, model: "no-such-model" }));
    assert.ok(error instanceof OpenAI.NotFoundError);
    assert.equal(error.code, "model_not_found");
    assert.equal(error.param, "model");
    assert.ok(error.requestID);
  });

  test("a value out of range is a BadRequestError that names it", async () => {
    const error = await refusal(client.responses.create({ ...capital, temperature: 3 }));
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.code, "invalid_value");
    assert.equal(error.param, "temperature");
    assert.equal(error.type, "invalid_request_error");
  });

  test("so is a tool that nobody serves", async () => {
    const error = await refusal(client.responses.create({ ...capital, tools: [{ type: "web_search" }] }));
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.code, "unsupported_tool");
    assert.equal(error.param, "tools[0].type");
  });

  test("so is a response that is not known", async () => {
    const error = await refusal(client.responses.create({ ...capital, previous_response_id: "resp_123" }));
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.code, "previous_response_not_found");
  });

  test("one request too many is a RateLimitError that says when to come back", async () => {
    const tight = new OpenAI({ baseURL: run.baseURL, apiKey: run.keys.globex, maxRetries: 0 });
    await tight.responses.create(capital);
    const error = await refusal(tight.responses.create(capital));
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.code, "rate_limit_exceeded");
    assert.ok(Number(error.headers.get("retry-after")) >= 1);
  });
});
