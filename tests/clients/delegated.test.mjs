// Delegated keys, minted as gateway/KEYS.md says: with the jose package, offline, and used with the openai package.
import assert from "node:assert/strict";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { SignJWT, importPKCS8 } from "jose";
import OpenAI from "openai";
import { LocalRun } from "./support/local-run.mjs";
import { capital, model } from "./support/requests.mjs";

const pair = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

let run;

before(async () => {
  run = await LocalRun.start({
    change: (config) => {
      const [id] = Object.keys(config.tenants.acme.keys);
      config.tenants.acme.keys.ci = { ...config.tenants.acme.keys[id], delegation: { publicKeys: [pair.publicKey] } };
      delete config.tenants.acme.keys[id];
    },
  });
});

after(async () => {
  assert.equal(await run?.stop(), 0, "SIGTERM must end the local run with exit code 0");
});

async function mint(claims, { pem = pair.privateKey, expires = "1d" } = {}) {
  const key = await importPKCS8(pem, "ES256");
  const jwt = await new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256", kid: "acme/ci" })
    .setSubject("alice").setJti(randomUUID()).setIssuedAt().setExpirationTime(expires).sign(key);
  return `mkd-${jwt}`;
}

const client = (apiKey) => new OpenAI({ baseURL: run.baseURL, apiKey, maxRetries: 0 });

test("a minted key is an API key like any other, for its end user and its models", async () => {
  const openai = client(await mint({ models: [model], token_budget: 50_000 }));
  const response = await openai.responses.create(capital);
  assert.equal(response.status, "completed");
  assert.equal((await openai.responses.retrieve(response.id)).id, response.id);
  await assert.rejects(client(run.keys.acme).responses.retrieve(response.id), { status: 404 });
  const models = await openai.models.list();
  assert.deepEqual(models.data.map((entry) => entry.id), [model]);
  await assert.rejects(openai.responses.create({ ...capital, model: "mka1-mini-dense" }), { status: 404, code: "model_not_found" });
});

test("a budget that is spent refuses what comes after", async () => {
  const openai = client(await mint({ token_budget: 60 }));
  await assert.rejects(
    async () => {
      for (let i = 0; i < 60; i++) await openai.responses.create(capital);
    },
    { status: 429 },
  );
});

test("a key that somebody else signed, or that has expired, is an unknown one", async () => {
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
  for (const key of [await mint({}, { pem: stranger }), await mint({}, { expires: "-1s" }), await mint({}, { expires: "31d" })])
    await assert.rejects(client(key).models.list(), { status: 401, code: "invalid_api_key" });
});
