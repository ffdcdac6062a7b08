import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach } from "@jest/globals";
import { AzureAdProvider } from "../azuread/provider.ts";
import type { Host } from "../provider/host.ts";
import type { Request } from "../provider/provider.ts";
import { type LoopbackArm, startLoopbackArm } from "./loopback-arm.ts";

/** An operation on a type of the azuread package, by the name of its file, for example `applicationPassword`. */
export function adRequest(file: string, timeout = 0): Request {
  const token = `azuread:index/${file}:${file.charAt(0).toUpperCase()}${file.slice(1)}`;
  return { token, urn: `urn:${file}`, timeout };
}

/** A configured azuread provider before a Graph that answers what a test scripts; a new provider for each test. */
export interface AzureAdHarness {
  readonly cloud: LoopbackArm;
  readonly provider: AzureAdProvider;
  /** What the provider waited, in milliseconds; no time passes. */
  readonly waits: readonly number[];
  host(change?: Partial<Host>): Host;
  /** Answers the next request with this method whose path contains `path`. */
  answer(method: string, path: string, status: number, body?: unknown): void;
  /** Answers every GET of a path below `/graph` until it is changed; `undefined` answers 404. */
  show(path: string, body: Record<string, unknown> | undefined): void;
  /** Requests to Graph as `METHOD /version/path?query`, decoded. */
  sent(): string[];
  /** The bodies of the writes whose path contains `path`, in order. */
  bodies(method: string, path: string): unknown[];
}

/** Registers the hooks that start and clear everything, for one test file. */
export function useAzureAd(): AzureAdHarness {
  let cloud: LoopbackArm;
  let provider: AzureAdProvider;
  const waits: number[] = [];

  const host = (change: Partial<Host> = {}): Host => ({
    environment: cloud.environment,
    readFile: () => "",
    nowMs: () => Date.UTC(2026, 10, 25),
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    version: "6.9.1",
    warn: () => undefined,
    ...change,
  });

  beforeAll(async () => {
    cloud = await startLoopbackArm();
    setDefaultCACertificates([...getCACertificates("default"), cloud.caCertificatePem]);
  });
  beforeEach(async () => {
    provider = new AzureAdProvider(host());
    await provider.configure(new Map());
  });
  afterEach(() => {
    for (const list of [cloud.requests, cloud.script, waits]) list.length = 0;
    cloud.resources.clear();
  });
  afterAll(() => cloud.close());

  const toGraph = () => cloud.requests.filter(({ path }) => path.startsWith("/graph"));
  return {
    get cloud() {
      return cloud;
    },
    get provider() {
      return provider;
    },
    waits,
    host,
    answer: (method, path, status, body) => cloud.script.push({ method, path, status, body }),
    show(path, body) {
      const key = `/graph${path}`.toLowerCase();
      if (body === undefined) cloud.resources.delete(key);
      else cloud.resources.set(key, body);
    },
    sent: () =>
      toGraph().map(({ method, path, query }) => {
        const text = [...query].map(([name, value]) => `${name}=${value}`).join("&");
        return `${method} ${path.slice("/graph".length)}${text === "" ? "" : `?${text}`}`;
      }),
    bodies: (method, path) =>
      toGraph()
        .filter((request) => request.method === method && request.path.includes(path))
        .map(({ body }) => body),
  };
}
