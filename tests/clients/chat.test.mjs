// The openai package against pools that speak only Chat Completions, and against the model server's own chat endpoint.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import OpenAI from "openai";
import { LocalRun } from "./support/local-run.mjs";
import { capital, model } from "./support/requests.mjs";

const name = "mka1-mini-dense";
const parameters = {
  type: "object",
  properties: { city: { type: "string", description: "The name of the city" } },
  required: ["city"],
  additionalProperties: false,
};
const description = "Get the current weather in a given location";
const schema = { type: "object", properties: { n: { enum: [7] } }, required: ["n"], additionalProperties: false };

let run;
let script;
let answer;
let client;

before(async () => {
  // Anything but a request for an answer is the gateway asking whether the server is well.
  script = createServer((request, response) => request.resume().on("end", () => (request.method === "POST" ? answer(response) : response.end())));
  script.listen(0, "127.0.0.1");
  await once(script, "listening");
  run = await LocalRun.start({
    options: ["--chat-completions", "true"],
    change: (config) => {
      for (const pool of Object.values(config.pools)) pool.api = "chatCompletions";
      config.pools.moe.destinations = { scripted: { address: `http://127.0.0.1:${script.address().port}` } };
    },
  });
  client = new OpenAI({ baseURL: run.baseURL, apiKey: run.keys.acme, maxRetries: 0 });
});

after(async () => {
  script.closeAllConnections();
  script.close();
  assert.equal(await run?.stop(), 0, "SIGTERM must end the local run with exit code 0");
});

describe("responses, from our own server's chat endpoint", () => {
  test("a question is answered", async () => {
    const response = await client.responses.create(capital);
    assert.match(response.output_text, /Paris/);
    assert.equal(response.status, "completed");
    assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
  });

  test("the accumulator of responses.stream() finds no rule broken", async () => {
    let text = "";
    const stream = client.responses.stream(capital).on("response.output_text.delta", (event) => (text += event.delta));
    const final = await stream.finalResponse();
    assert.equal(final.output_text, text);
    assert.match(text, /Paris/);
  });

  test("a function is called, streamed, and its result used", async () => {
    const tools = [{ type: "function", name: "get_weather", description, parameters, strict: true }];
    const first = await client.responses.stream({ model, input: "What is the weather in Paris?", temperature: 0, tools }).finalResponse();
    const call = first.output.find((item) => item.type === "function_call");
    assert.deepEqual(JSON.parse(call.arguments), { city: "Paris" });
    const input = [{ type: "function_call_output", call_id: call.call_id, output: "31°C and sunny" }];
    const second = await client.responses.create({ model, input, previous_response_id: first.id, temperature: 0, tools });
    assert.match(second.output_text, /31/);
  });

  test("structured output holds", async () => {
    const text = { format: { type: "json_schema", name: "number", strict: true, schema } };
    const response = await client.responses.create({ model, input: "Give me a number.", temperature: 0, text });
    assert.deepEqual(JSON.parse(response.output_text), { n: 7 });
  });

  test("what chat cannot say is refused by name", async () => {
    await assert.rejects(
      client.responses.create({ model, input: [{ type: "custom_tool_call", call_id: "c", name: "x", input: "y" }, { role: "user", content: "x" }] }),
      (error) => error instanceof OpenAI.BadRequestError && error.param === "input[0].type",
    );
  });
});

describe("responses, from a scripted chat server", () => {
  const moe = { model: "mka1-mini-moe", input: "Hello" };
  const events = (...chunks) => (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const chunk of chunks) response.write(`data: ${typeof chunk === "string" ? chunk : JSON.stringify(chunk)}\n\n`);
    response.end();
  };
  const delta = (said, finish_reason = null) => ({ choices: [{ index: 0, delta: said, finish_reason }] });

  test("calls under one index are told apart", async () => {
    const call = (id, n) => delta({ tool_calls: [{ index: 0, id, function: { name: "f", arguments: JSON.stringify({ n }) } }] });
    answer = events(delta({ role: "assistant" }), call("a", 1), call("b", 2), delta({}, "tool_calls"), "[DONE]");
    const final = await client.responses.stream(moe).finalResponse();
    assert.deepEqual(final.output.map((item) => JSON.parse(item.arguments)), [{ n: 1 }, { n: 2 }]);
    assert.ok(final.usage.output_tokens > 0);
  });

  test("a stream that breaks off fails", async () => {
    answer = events(delta({ content: "Hel" }));
    const types = [];
    try {
      for await (const event of await client.responses.create({ ...moe, stream: true })) types.push(event.type);
    } catch (error) {
      assert.ok(error instanceof OpenAI.APIError);
    }
    assert.ok(types.includes("response.output_text.delta"));
    assert.ok(!types.includes("response.completed"));
  });

  test("an error has the gateway's envelope", async () => {
    answer = (response) => response.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"Too long.","code":"context_length_exceeded"}}');
    await assert.rejects(client.responses.create(moe), (error) => error instanceof OpenAI.BadRequestError && error.code === "context_length_exceeded");
    answer = (response) => response.writeHead(500).end("<html>");
    await assert.rejects(client.responses.create(moe), (error) => error.status === 502 && error.code === "upstream_error");
  });
});

describe("chat.completions, of the model server itself", () => {
  const messages = [{ role: "user", content: "What is the capital of France?" }];
  const tools = [{ type: "function", function: { name: "get_weather", description, parameters, strict: true } }];
  let chat;

  before(() => (chat = new OpenAI({ baseURL: `${run.servers[name]}/v1/`, apiKey: "none", maxRetries: 0 }).chat.completions));

  test("a question is answered", async () => {
    const completion = await chat.create({ model: name, messages, temperature: 0 });
    assert.match(completion.choices[0].message.content, /Paris/);
    assert.equal(completion.choices[0].finish_reason, "stop");
    assert.ok(completion.usage.completion_tokens > 0);
  });

  test("a stream adds up, with its usage", async () => {
    const stream = chat.stream({ model: name, messages, temperature: 0, stream_options: { include_usage: true } });
    assert.match(await stream.finalContent(), /Paris/);
    assert.ok((await stream.totalUsage()).completion_tokens > 0);
  });

  test("a function is called, streamed, and its result used", async () => {
    const asked = [{ role: "user", content: "What is the weather in Paris?" }];
    const message = await chat.stream({ model: name, messages: asked, temperature: 0, tools }).finalMessage();
    assert.deepEqual(JSON.parse(message.tool_calls[0].function.arguments), { city: "Paris" });
    const result = { role: "tool", tool_call_id: message.tool_calls[0].id, content: "31°C and sunny" };
    const completion = await chat.create({ model: name, messages: [...asked, message, result], temperature: 0, tools });
    assert.match(completion.choices[0].message.content, /31/);
  });

  test("structured output holds", async () => {
    const response_format = { type: "json_schema", json_schema: { name: "number", strict: true, schema } };
    const completion = await chat.parse({ model: name, messages, temperature: 0, response_format });
    assert.deepEqual(JSON.parse(completion.choices[0].message.content), { n: 7 });
  });

  test("what cannot be done is refused by name", async () => {
    await assert.rejects(chat.create({ model: name, messages, n: 2 }), (error) => error.status === 400 && error.param === "n");
    await assert.rejects(chat.create({ model: "other", messages }), OpenAI.NotFoundError);
  });
});
