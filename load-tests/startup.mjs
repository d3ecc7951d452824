// Starts gateways and times their first answers; see startup.sh, which publishes them.
import { spawn } from "node:child_process";
import { createHash, randomInt } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [rounds, ...programs] = [Number(process.argv[2]), ...process.argv.slice(3)];
const names = ["ReadyToRun", "compiled as it runs"];
const patience = 60_000;

const folder = mkdtempSync(join(os.tmpdir(), "mka1-edge-startup-"));
const answer = {
  id: "resp_00000000000000000000000000000000", object: "response", created_at: 1, status: "completed", model: "m", error: null, incomplete_details: null,
  output: [{ type: "message", id: "msg_00000000000000000000000000000000", status: "completed", role: "assistant", content: [{ type: "output_text", text: "Hello", annotations: [] }] }],
  usage: { input_tokens: 3, input_tokens_details: { cached_tokens: 0 }, output_tokens: 1, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: 4 },
};
const upstream = http.createServer((request, response) => {
  request.resume().on("end", () => response.setHeader("content-type", "application/json").end(JSON.stringify(answer)));
});
await new Promise((done) => upstream.listen(0, "127.0.0.1", done));

const key = made();
const config = join(folder, "edge.json");
writeFileSync(config, JSON.stringify({
  pools: { p: { destinations: { one: { address: `http://127.0.0.1:${upstream.address().port}` } }, health: { active: { enabled: false } } } },
  families: { f: { default: "dense", variants: { dense: { model: "m", pool: "p" } } } },
  tenants: { t: { keys: { k: { hash: `sha256:${createHash("sha256").update(key).digest("hex")}` } } } },
}));

const times = programs.map(() => ({ health: [], response: [], processor: [] }));
try {
  for (let round = -1; round < rounds; round++) {
    for (const [i, program] of programs.entries()) {
      const time = await start(program);
      // The first round has the files read from the disk.
      if (round < 0) continue;
      times[i].health.push(time.health);
      times[i].response.push(time.response);
      times[i].processor.push(time.processor);
    }
  }
} finally {
  upstream.close();
  rmSync(folder, { recursive: true });
}

console.log(`${os.cpus().length} cores, ${rounds} starts each, taking turns; milliseconds from the start of the process: median (least–most)\n`);
console.log("| published | first 200 of /healthz | first response | processor time until then |\n|---|---|---|---|");
for (const [i, time] of times.entries()) console.log(`| ${names[i]} | ${told(time.health)} | ${told(time.response)} | ${told(time.processor)} |`);
if (programs.length > 1)
  console.log(`| ratio of the medians | ${["health", "response", "processor"].map((what) => (median(times[0][what]) / median(times[1][what])).toFixed(2)).join(" | ")} |`);

async function start(program) {
  const port = await free();
  const began = performance.now();
  const gateway = spawn(program, ["--config", config, "--urls", `http://127.0.0.1:${port}`], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = new Promise((done) => gateway.once("exit", done));
  try {
    while ((await ask(port, "GET", "/healthz")) !== 200) {
      if (gateway.exitCode !== null || performance.now() - began > patience) throw new Error(`${program} does not answer.`);
      await sleep(2);
    }
    const health = performance.now() - began;
    const status = await ask(port, "POST", "/api/v1/llm/responses", JSON.stringify({ model: "m", input: "Hello", store: false }));
    if (status !== 200) throw new Error(`${program} answers ${status}.`);
    return { health, response: performance.now() - began, processor: processor(gateway.pid) };
  } finally {
    gateway.kill("SIGTERM");
    await ended;
  }
}

function ask(port, method, path, body) {
  return new Promise((done) => {
    const headers = body ? { authorization: `Bearer ${key}`, "content-type": "application/json", "content-length": Buffer.byteLength(body) } : {};
    const request = http.request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (response) => response.resume().on("end", () => done(response.statusCode)));
    request.on("error", () => done(0));
    request.end(body);
  });
}

/** Milliseconds of processor time that a process has used: what a busy machine does not change. Linux counts it in hundredths of a second. */
function processor(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** A key of the gateway's form: "mk-", 32 characters, and the CRC-32C of those before as 6 digits to the base of 62. */
function made() {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const body = `mk-${Array.from({ length: 32 }, () => digits[randomInt(62)]).join("")}`;
  let crc = 0xffffffff;
  for (const c of Buffer.from(body)) {
    crc ^= c;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  let checksum = "";
  for (let i = 0, rest = ~crc >>> 0; i < 6; i++, rest = Math.floor(rest / 62)) checksum = digits[rest % 62] + checksum;
  return body + checksum;
}

/** A port that nobody listens on now. */
async function free() {
  const server = http.createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function told(values) {
  return `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;
}
