import { secretId } from "../vault.ts";
import { secretDisabled, secretNotFound } from "./errors.ts";
import type { VaultAnswer, VaultCall } from "./exchange.ts";
import { page } from "./paging.ts";
import { secretBundle, secretItem } from "./secret-bundle.ts";
import { readSet, readUpdate } from "./secret-request.ts";

/** One thing that a vault can be asked for. */
export interface Operation {
  /** As the request log names it. */
  readonly route: string;
  readonly method: string;
  /** Path segments; those with a colon are open. */
  readonly template: readonly string[];
  /** What the caller's roles must hold: https://learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault */
  readonly dataAction: string;
  readonly execute: (call: VaultCall) => VaultAnswer | Promise<VaultAnswer>;
}

function row(route: string, dataAction: string, execute: Operation["execute"]): Operation {
  const [method = "", path = ""] = route.split(" ");
  return {
    route,
    method,
    template: path.split("/").slice(1),
    dataAction: `Microsoft.KeyVault/vaults/secrets/${dataAction}`,
    execute,
  };
}

/** Every operation of the data plane, with the data action that it needs. */
export const operations: readonly Operation[] = [
  row("GET /secrets", "readMetadata/action", listSecrets),
  row("PUT /secrets/:name", "setSecret/action", setSecret),
  row("GET /secrets/:name", "getSecret/action", getSecret),
  row("PATCH /secrets/:name", "update/action", updateSecret),
  row("DELETE /secrets/:name", "delete", deleteSecret),
  row("GET /secrets/:name/versions", "readMetadata/action", listVersions),
  row("GET /secrets/:name/:version", "getSecret/action", getSecret),
  row("PATCH /secrets/:name/:version", "update/action", updateSecret),
];

/** The route table, for the test that holds every route against the request log. */
export const routes: readonly string[] = operations.map(({ route }) => route);

/** What a request is for: an operation, and what stands in the open places of its path. */
export interface Target {
  readonly operation: Operation;
  readonly name: string;
  readonly version: string;
}

export function findOperation(method: string, segments: readonly string[]): Target | undefined {
  const operation = operations.find(
    (one) =>
      one.method === method &&
      one.template.length === segments.length &&
      one.template.every((part, index) => part.startsWith(":") || part === segments[index]?.toLowerCase()),
  );
  if (operation === undefined) return undefined;
  const at = (place: string) => segments[operation.template.indexOf(place)] ?? "";
  return { operation, name: at(":name"), version: at(":version") };
}

/** The ARM id on which a call is decided: the secret's where it names one, the vault's for the list. */
export function scopeOf({ vault, name }: Pick<VaultCall, "vault" | "name">): string {
  return name === "" ? vault.id : secretId(vault.id, name);
}

function listSecrets(call: VaultCall): VaultAnswer {
  const { vault, secrets } = call;
  const key = ({ name }: { readonly name: string }) => name.toLowerCase();
  return page(call, "/secrets", secrets.list(vault.id), key, (secret) => secretItem(vault, secret));
}

async function setSecret({ vault, secrets, name, body }: VaultCall): Promise<VaultAnswer> {
  const { value, settings } = readSet(body);
  const version = await secrets.set(vault, name, value, settings);
  return { status: 200, body: { value, ...secretBundle(vault, version) } };
}

function getSecret(call: VaultCall): VaultAnswer {
  const { vault, secrets } = call;
  const version = requireVersion(call);
  if (!version.attributes.enabled) throw secretDisabled();
  return { status: 200, body: { value: secrets.value(version), ...secretBundle(vault, version) } };
}

async function updateSecret(call: VaultCall): Promise<VaultAnswer> {
  const { vault, secrets, body } = call;
  const version = requireVersion(call);
  const changed = await secrets.change(vault, version, readUpdate(body, version));
  return { status: 200, body: secretBundle(vault, changed) };
}

async function deleteSecret(call: VaultCall): Promise<VaultAnswer> {
  const { vault, secrets } = call;
  const secret = requireVersion(call);
  await secrets.remove(secret);
  return { status: 200, body: secretBundle(vault, secret) };
}

function listVersions(call: VaultCall): VaultAnswer {
  const { vault, secrets, name } = call;
  const versions = secrets.versions(vault.id, name);
  return page(
    call,
    `/secrets/${name}/versions`,
    versions,
    ({ version }) => version,
    (version) => secretBundle(vault, version),
  );
}

function requireVersion({ vault, secrets, name, version }: VaultCall) {
  const found = version === "" ? secrets.current(vault.id, name) : secrets.find(vault.id, name, version);
  if (found === undefined) throw secretNotFound(version === "" ? name : `${name}/${version}`);
  return found;
}
