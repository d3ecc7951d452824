// The Helm chart, rendered without Helm: see render/main.go.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import Ajv from "ajv";
import yaml from "js-yaml";
import { at, gateway, has, read, run, without } from "./files.mjs";

const chart = at("deploy/helm/mka1-edge");
const sprig = "/usr/share/gocode/src/github.com/Masterminds/sprig/functions.go";
const possible = has("go") && run("test", ["-e", sprig]).status === 0;
const skip = without("Go with sprig (golang-go, golang-github-masterminds-sprig-dev, golang-gopkg-yaml.v3-dev)", possible);
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "mka1-edge-"));
  if (skip) return;
  const env = { ...process.env, GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOCACHE: process.env.GOCACHE ?? join(folder, "cache") };
  const { status, said } = run("go", ["build", "-o", join(folder, "render"), "."], { cwd: at("deploy/checks/render"), env, timeout: 300_000 });
  assert.equal(status, 0, said);
});

after(() => rmSync(folder, { recursive: true }));

function render(...set) {
  const { status, said } = run(join(folder, "render"), [chart, ...set]);
  return { status, said, all: status === 0 ? yaml.loadAll(said).filter(Boolean) : [] };
}

const of = (all, kind, name) => all.find((o) => o.kind === kind && o.metadata.name === name);
const everything = ["autoscaling.enabled=true", "serviceMonitor.enabled=true", "otlp.endpoint=http://collector:4317"];

test("every document has a kind, a version, a name of its own and the release's labels", { skip }, () => {
  const { all, said } = render(...everything);
  assert.ok(all.length >= 14, said);
  for (const o of all) {
    assert.ok(o.apiVersion && o.kind && o.metadata.name);
    assert.equal(o.metadata.labels["app.kubernetes.io/instance"], "edge", o.metadata.name);
  }
  assert.equal(new Set(all.map((o) => `${o.kind}/${o.metadata.name}`)).size, all.length);
});

test("pods run without rights on a read-only file system, with probes, and selectors find them", { skip }, () => {
  const { all } = render(...everything);
  const pods = all.filter((o) => ["Deployment", "Job"].includes(o.kind));
  assert.equal(pods.length, 3);
  for (const { kind, spec, metadata } of pods) {
    const pod = spec.template.spec;
    assert.equal(pod.securityContext.runAsNonRoot, true, metadata.name);
    assert.equal(pod.automountServiceAccountToken, false, metadata.name);
    for (const container of pod.containers) {
      assert.deepEqual(container.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
      assert.ok(container.resources.limits.memory, metadata.name);
      if (kind === "Deployment") assert.ok(container.startupProbe && container.livenessProbe && container.readinessProbe, metadata.name);
    }
    for (const [key, value] of Object.entries(spec.selector?.matchLabels ?? {})) assert.equal(spec.template.metadata.labels[key], value);
  }
  for (const service of all.filter((o) => o.kind === "Service"))
    assert.ok(pods.some((p) => Object.entries(service.spec.selector).every(([k, v]) => p.spec.template.metadata.labels[k] === v)), service.metadata.name);
});

test("a gateway has longer to stop than it may take, and less is refused", { skip }, () => {
  const pod = of(render().all, "Deployment", "edge-mka1-edge").spec.template.spec;
  assert.equal(pod.terminationGracePeriodSeconds, 60);
  assert.equal(pod.containers[0].lifecycle.preStop.sleep.seconds, 5);
  const short = render("gateway.terminationGracePeriodSeconds=45");
  assert.equal(short.status, 1);
  assert.match(short.said, /draining takes up to 50 s/);
});

test("autoscaling goes by runs and queues and takes the count of replicas from the deployment", { skip }, () => {
  const { all } = render(...everything);
  const scaler = of(all, "HorizontalPodAutoscaler", "edge-mka1-edge").spec;
  assert.deepEqual(scaler.metrics.map((m) => m.pods?.metric.name ?? m.resource.name), ["mka1_edge_runs_active", "mka1_edge_destination_reported_queue", "cpu"]);
  assert.equal(of(all, "Deployment", "edge-mka1-edge").spec.replicas, undefined);
  assert.equal(of(render().all, "Deployment", "edge-mka1-edge").spec.replicas, 2);
});

test("the schema is migrated by a hook before the release, with the release's configuration", { skip }, () => {
  const { all } = render();
  const job = of(all, "Job", "edge-mka1-edge-migrate");
  assert.equal(job.metadata.annotations["helm.sh/hook"], "pre-install,pre-upgrade");
  assert.deepEqual(job.spec.template.spec.containers[0].args, ["--migrate"]);
  const [its, ours] = ["edge-mka1-edge-migrate", "edge-mka1-edge"].map((name) => of(all, "ConfigMap", name).data["edge.json"]);
  assert.equal(its, ours);
});

test("secrets come by reference alone", { skip }, () => {
  const { all } = render();
  assert.equal(all.filter((o) => o.kind === "Secret").length, 0);
  const env = of(all, "Deployment", "edge-mka1-edge").spec.template.spec.containers[0].env;
  for (const variable of env) assert.equal(variable.valueFrom.secretKeyRef.name, "mka1-edge");
});

test("a gateway takes the configuration that the chart makes", { skip: skip || without("a built gateway", !!gateway) }, () => {
  const config = of(render().all, "ConfigMap", "edge-mka1-edge").data["edge.json"];
  assert.equal(JSON.parse(config).telemetry.logFormat, "json");
  assert.equal(JSON.parse(config).telemetry.accessLog, true);
  writeFileSync(join(folder, "edge.json"), config);
  const env = { ...process.env, MKA1_POSTGRES: "Host=x", MKA1_REDIS: "x:6379", MKA1_ENCRYPTION_KEY: "0".repeat(32), MKA1_ADMIN_KEY_HASH: `sha256:${"0".repeat(64)}` };
  const { status, said } = run("dotnet", [gateway, "config", "validate", join(folder, "edge.json")], { env });
  assert.equal(status, 0, said);
});

test("the chart's values fit its schema, and others do not", () => {
  const schema = JSON.parse(read("deploy/helm/mka1-edge/values.schema.json"));
  delete schema.$schema;
  const validate = new Ajv({ strict: false }).compile(schema);
  const values = yaml.load(read("deploy/helm/mka1-edge/values.yaml"));
  assert.ok(validate(values), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...values, gateway: { ...values.gateway, replicas: 0 } }));
});
