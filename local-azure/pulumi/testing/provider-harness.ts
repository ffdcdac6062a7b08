import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach } from "@jest/globals";
import { AzureNativeProvider } from "../azure-native/provider.ts";
import type { Host } from "../provider/host.ts";
import type { Request } from "../provider/provider.ts";
import type { Values } from "../provider/values.ts";
import { type LoopbackArm, startLoopbackArm, subscriptionId } from "./loopback-arm.ts";

export const group = `/subscriptions/${subscriptionId}/resourceGroups/rg`;
export const accountId = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/acct`;
export const siteId = `${group}/providers/Microsoft.Web/sites/site`;
export const account: Values = {
  resourceGroupName: "rg",
  accountName: "acct",
  databaseAccountOfferType: "Standard",
  locations: [{ locationName: "westeurope" }],
};

/** An operation on a resource type, for example `cosmosdb:DatabaseAccount`. */
export function request(type: string, timeout = 0): Request {
  return { token: `azure-native:${type}`, urn: `urn:${type}`, timeout };
}
export const databaseAccount = request("cosmosdb:DatabaseAccount");
export const site = request("web:WebApp");

/** A configured provider before a small resource manager; a new provider for each test. */
export interface ProviderHarness {
  readonly arm: LoopbackArm;
  readonly provider: AzureNativeProvider;
  /** What the provider waited, in milliseconds; no time passes. */
  readonly waits: readonly number[];
  readonly warnings: readonly string[];
  host(change?: Partial<Host>): Host;
  /** Requests to resource manager as `METHOD path?query`, the path without the resource group. */
  sent(): string[];
}

/** Registers the hooks that start and clear everything, for one test file. */
export function useProvider(): ProviderHarness {
  let arm: LoopbackArm;
  let provider: AzureNativeProvider;
  const waits: number[] = [];
  const warnings: string[] = [];

  const host = (change: Partial<Host> = {}): Host => ({
    environment: arm.environment,
    readFile: () => "",
    nowMs: () => 0,
    sleep: async (milliseconds) => {
      waits.push(milliseconds);
    },
    version: "3.28.0",
    warn: (message) => warnings.push(message),
    ...change,
  });

  beforeAll(async () => {
    arm = await startLoopbackArm();
    setDefaultCACertificates([...getCACertificates("default"), arm.caCertificatePem]);
  });
  beforeEach(async () => {
    provider = new AzureNativeProvider(host());
    await provider.configure(new Map());
  });
  afterEach(() => {
    for (const list of [arm.requests, arm.script, waits, warnings]) list.length = 0;
    arm.resources.clear();
  });
  afterAll(() => arm.close());

  return {
    get arm() {
      return arm;
    },
    get provider() {
      return provider;
    },
    waits,
    warnings,
    host,
    sent: () =>
      arm.requests
        .filter(({ path }) => path.startsWith("/subscriptions"))
        .map(({ method, path, query }) => `${method} ${path.replace(group, "")}?${query}`),
  };
}

/** The message of the error that a promise ends with. */
export async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error as Error).message,
  );
}
