// Starts the local run of this checkout as its own process, on a free port, and stops it as an operator would.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../..");
const patience = 120_000;

/** The program as tests/run.sh built it, or as a plain build did. */
function program() {
  const built = ["Release", "Debug"]
    .map((configuration) => join(root, "deploy/Mka1.Edge.Local/bin", configuration, "net10.0/Mka1.Edge.Local.dll"))
    .find(existsSync);
  if (!built) throw new Error("Build first: dotnet build -c Release");
  return built;
}

/** The demo configuration with the changes that a suite makes. */
async function configuration(folder, change) {
  const text = await readFile(join(root, "config/edge.json"), "utf8");
  const config = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
  delete config.$schema;
  change(config);
  const path = join(folder, "edge.json");
  await writeFile(path, JSON.stringify(config));
  return path;
}

/** Address, keys and model servers, all read from what the program prints. */
export class LocalRun {
  /**
   * @param change changes the configuration before it is written
   * @param options further options of the program, such as `--replicas 2`
   */
  static async start({ change = () => {}, options = [] } = {}) {
    const run = new LocalRun();
    run.folder = await mkdtemp(join(tmpdir(), "mka1-edge-clients-"));
    const args = [program(), "--urls", "http://127.0.0.1:0", "--config", await configuration(run.folder, change), ...options];
    run.process = spawn("dotnet", args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    run.exited = once(run.process, "exit");
    run.keys = {};
    run.servers = {};
    run.addresses = [];

    const giveUp = setTimeout(() => run.process.kill("SIGKILL"), patience);
    let tenant;
    for await (const line of createInterface({ input: run.process.stdout })) {
      tenant = /^API key of tenant (\w+):$/.exec(line)?.[1] ?? tenant; // log lines may come between
      if (/^mk-\w+$/.test(line)) run.keys[tenant] = line;
      const server = /^ {2}(mka1-mini-\w+)\s+(http\S+)$/.exec(line);
      if (server) run.servers[server[1]] = server[2];
      const address = /(?:is ready|^ {2}and) on\s+(http\S+)$/.exec(line);
      if (address) run.addresses.push(address[1]);
      if (line.startsWith("curl ")) break;
    }

    clearTimeout(giveUp);
    if (!run.keys.acme || !run.keys.globex || run.addresses.length === 0) throw new Error("The local run ended before it said where it is.");
    run.process.stdout.resume(); // a full pipe would stop it
    return run;
  }

  /** What a client of the first gateway is given. */
  get baseURL() {
    return this.baseURLOf(0);
  }

  /** The same of any gateway. */
  baseURLOf(replica) {
    return `${this.addresses[replica]}/api/v1/llm/`;
  }

  /** What a model server says of itself. */
  async health(model) {
    return (await fetch(`${this.servers[model]}/health`)).json();
  }

  /** Looks at a model server until `seen` holds. */
  async healthUntil(model, seen, what) {
    const end = Date.now() + patience;
    for (;;) {
      const health = await this.health(model);
      if (seen(health)) return health;
      if (Date.now() > end) throw new Error(`Never saw: ${what}. Last seen: ${JSON.stringify(health)}`);
      await new Promise((next) => setTimeout(next, 10));
    }
  }

  /** Sends SIGTERM and resolves with the exit code, or with the name of the signal that had to end it. */
  async stop() {
    const giveUp = setTimeout(() => this.process.kill("SIGKILL"), patience);
    this.process.kill("SIGTERM");
    const [code, signal] = await this.exited;
    clearTimeout(giveUp);
    await rm(this.folder, { recursive: true });
    return code ?? signal;
  }
}
