// Dockerfiles and systemd units.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import test from "node:test";
import { at, read, run, without } from "./files.mjs";

const dockerfiles = readdirSync(at("deploy/docker")).filter((name) => name.endsWith(".Dockerfile"));

const copied = (dockerfile) => [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words]) => words.split(" ").slice(0, -1));

/** What a project's build reads outside its own folder: other projects, and files it embeds. */
function reads(project, seen = new Set()) {
  if (seen.has(project)) return seen;
  seen.add(project);
  const folder = dirname(project);
  for (const [, path] of read(project).matchAll(/Include="(\.\.\/[^"*]+)"/g)) {
    const target = normalize(join(folder, path));
    if (target.endsWith(".csproj")) reads(target, seen);
    else seen.add(target);
  }
  return seen;
}

for (const name of dockerfiles) {
  const dockerfile = read(`deploy/docker/${name}`);

  test(`${name}: what it copies is there, and is all that its build reads`, () => {
    const sources = copied(dockerfile);
    for (const source of sources) assert.ok(existsSync(at(source)), source);
    const [, project] = dockerfile.match(/dotnet publish (\S+)/);
    for (const path of reads(`${project}/${project.split("/").at(-1)}.csproj`))
      assert.ok(sources.some((source) => path === source || path.startsWith(`${source}/`)), path);
  });

  test(`${name}: runs what it publishes, as a user without rights`, () => {
    const [, project] = dockerfile.match(/dotnet publish (\S+)/);
    assert.match(dockerfile, new RegExp(`ENTRYPOINT \\["/app/${project.split("/").at(-1)}"\\]`));
    assert.match(dockerfile, /^USER \$APP_UID$/m);
    assert.match(dockerfile, /^HEALTHCHECK /m);
  });
}

test("a path that is not copied is found", () => {
  const sources = copied(read("deploy/docker/gateway.Dockerfile")).filter((source) => source !== "policies");
  const missing = [...reads("gateway/Mka1.Edge.Gateway/Mka1.Edge.Gateway.csproj")].filter((path) => !sources.some((source) => path.startsWith(source)));
  assert.deepEqual(missing, ["policies/Mka1.Edge.Policies/Mka1.Edge.Policies.csproj"]);
});

test("systemd takes the units", { skip: without("systemd-analyze") }, () => {
  const folder = mkdtempSync(join(tmpdir(), "mka1-edge-"));
  try {
    for (const unit of readdirSync(at("deploy/systemd"))) {
      // What they start is not installed here.
      const text = read(`deploy/systemd/${unit}`).replace(/^ExecStart=\S+/m, "ExecStart=/bin/true");
      writeFileSync(join(folder, unit.replace("@.", "@dense.")), text);
    }
    const { status, said } = run("systemd-analyze", ["verify", "--man=no", "--recursive-errors=no", ...readdirSync(folder).map((unit) => join(folder, unit))]);
    assert.equal(status, 0, said);
    assert.doesNotMatch(said, /Unknown|Failed to parse|Invalid/i);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
