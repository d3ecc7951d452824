// What several checks need of this checkout and of this machine.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export const at = (path) => join(root, path);

export const read = (path) => readFileSync(at(path), "utf8");

export const has = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** Why a check is not done: a skipped check has not passed. */
export const without = (program, there = has(program)) => (there ? false : `NOT CHECKED: ${program} is not on this machine`);

export function run(program, args, options = {}) {
  const done = spawnSync(program, args, { encoding: "utf8", cwd: root, timeout: 60_000, ...options });
  return { status: done.status, said: `${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}` };
}

/** The gateway as it was built, if it was. */
export const gateway = ["Release", "Debug"].map((c) => at(`gateway/Mka1.Edge.Gateway/bin/${c}/net10.0/Mka1.Edge.Gateway.dll`)).find(existsSync);
