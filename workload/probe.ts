import { randomUUID } from "node:crypto";
import { type Container, ErrorResponse, type JSONObject } from "@azure/cosmos";
import type { DeclaredContainer, WorkloadSettings } from "./settings.ts";
import type { Store } from "./store.ts";

/** What came of one thing that the probe tried. */
export interface ProbeOutcome {
  /** `readMetadata`, `create`, `read`, `query`, `replace`, `upsert`, `delete` or `createContainer`. */
  readonly operation: string;
  /** `database/container`. */
  readonly target: string;
  readonly allowed: boolean;
  /** HTTP status of Cosmos DB's answer, or `none` when there was none. */
  readonly code: number | "none";
  readonly substatus?: number;
  /** Why it was refused, as Cosmos DB or the identity endpoint said it. */
  readonly message?: string;
}

/** Whether the platform gives this workload a token now: the credential's cache would hide for hours that it does not. */
export interface IdentityEndpointOutcome {
  readonly available: boolean;
  /** HTTP status of the endpoint, or why there was none. */
  readonly status: number | string;
}

export interface ProbeReport {
  readonly identityEndpoint: IdentityEndpointOutcome;
  /** Claims of the workload's own token that tell who it is; never the token. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly outcomes: readonly ProbeOutcome[];
  /** `<database>/<container>/<id>` of items that the probe could make and not delete again. */
  readonly leftBehind: readonly string[];
}

const identityEndpointTimeoutMs = 10_000;

const shownClaims = [
  "aud",
  "iss",
  "tid",
  "oid",
  "sub",
  "appid",
  "idtyp",
  "ver",
  "iat",
  "nbf",
  "exp",
  "xms_mirid",
];

/**
 * Tries, with the workload's own identity, every item operation on every declared container and one management operation,
 * and says what came of each. Items that it makes carry random ids and keys, and it takes them away again.
 *
 * @param withheld what not to try, as `<database>/<container>:<operation>`: a caller who knows that this identity may
 * create in a container and not delete there says so, and nothing is left behind.
 * @throws Error when no token can be had.
 */
export async function probe(
  store: Store,
  settings: WorkloadSettings,
  withheld: ReadonlySet<string>,
): Promise<ProbeReport> {
  const token = await store.credential.getToken(settings.scope);
  if (token === null) throw new Error("The identity endpoint gave no token.");
  const outcomes: ProbeOutcome[] = [];
  const leftBehind: string[] = [];
  for (const declared of settings.containers) {
    const { tried, left } = await probeContainer(store, declared, withheld);
    outcomes.push(...tried);
    leftBehind.push(...left);
  }
  const [first] = settings.containers;
  if (first !== undefined) {
    const id = `probe-${randomUUID()}`;
    const management = () =>
      store.client.database(first.database).containers.create({ id, partitionKey: "/id" });
    const outcome = await attempt("createContainer", `${first.database}/${id}`, management);
    if (outcome.code === 201) await store.client.database(first.database).container(id).delete();
    outcomes.push(outcome);
  }
  return {
    identityEndpoint: await probeIdentityEndpoint(settings.scope),
    claims: readClaims(token.token),
    outcomes,
    leftBehind,
  };
}

/** Asks the identity endpoint of App Service as its documentation says, past the credential's cache. */
async function probeIdentityEndpoint(scope: string): Promise<IdentityEndpointOutcome> {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = process.env;
  if (endpoint === undefined || header === undefined) {
    return { available: false, status: "IDENTITY_ENDPOINT is not set: the site has no identity" };
  }
  const resource = encodeURIComponent(scope.replace(/\/\.default$/, ""));
  try {
    const response = await fetch(`${endpoint}?resource=${resource}&api-version=2019-08-01`, {
      headers: { "x-identity-header": header },
      signal: AbortSignal.timeout(identityEndpointTimeoutMs),
    });
    await response.body?.cancel();
    return { available: response.ok, status: response.status };
  } catch (error) {
    return { available: false, status: error instanceof Error ? error.message : String(error) };
  }
}

async function probeContainer(
  store: Store,
  declared: DeclaredContainer,
  withheld: ReadonlySet<string>,
): Promise<{ tried: ProbeOutcome[]; left: string[] }> {
  const container = store.container(declared);
  const target = `${declared.database}/${declared.name}`;
  const item = probeItem(declared);
  const reference = container.item(item.id, item.key);
  const operations: Readonly<Record<string, () => Promise<{ statusCode: number }>>> = {
    readMetadata: () => container.read(),
    create: () => container.items.create(item.body),
    read: () => reference.read(),
    query: () => query(container, item.id),
    replace: () => reference.replace(item.body),
    upsert: () => container.items.upsert(item.body),
    delete: () => reference.delete(),
  };
  const tried: ProbeOutcome[] = [];
  for (const [operation, work] of Object.entries(operations)) {
    if (!withheld.has(`${target}:${operation}`)) tried.push(await attempt(operation, target, work));
  }
  const succeeded = (...names: string[]) =>
    tried.some(({ operation, allowed }) => allowed && names.includes(operation));
  const left = succeeded("create", "upsert") && !succeeded("delete") ? [`${target}/${item.id}`] : [];
  return { tried, left };
}

/** An item whose id and key values are random, so that it can collide with nothing that is kept there. */
function probeItem({ partitionKey }: DeclaredContainer): { id: string; key: string[]; body: JSONObject } {
  const id = `probe-${randomUUID()}`;
  const body: JSONObject = {};
  const key = partitionKey.map((path) => {
    const names = path.split("/").slice(1);
    const value = path === "/id" ? id : `probe-${randomUUID()}`;
    let place: JSONObject = body;
    for (const name of names.slice(0, -1)) {
      place[name] ??= {};
      place = place[name] as JSONObject;
    }
    place[names.at(-1) ?? "id"] = value;
    return value;
  });
  body.id = id;
  return { id, key, body };
}

async function query(container: Container, id: string): Promise<{ statusCode: number }> {
  const text = {
    query: "SELECT VALUE c.id FROM c WHERE c.id = @id",
    parameters: [{ name: "@id", value: id }],
  };
  await container.items.query(text).fetchAll();
  return { statusCode: 200 };
}

async function attempt(
  operation: string,
  target: string,
  work: () => Promise<{ statusCode: number }>,
): Promise<ProbeOutcome> {
  try {
    const { statusCode } = await work();
    return { operation, target, allowed: true, code: statusCode };
  } catch (error) {
    return { operation, target, ...refusal(operation, error) };
  }
}

/** An operation on an item that was decided and then found nothing, or found it there already, was allowed. */
function refusal(operation: string, error: unknown): Omit<ProbeOutcome, "operation" | "target"> {
  const message = (error instanceof Error ? error.message : String(error)).split(/\r?\n/, 1)[0] ?? "";
  if (!(error instanceof ErrorResponse) || typeof error.code !== "number")
    return { allowed: false, code: "none", message };
  const substatus = error.substatus === undefined ? {} : { substatus: error.substatus };
  const onItem = operation !== "readMetadata" && operation !== "createContainer";
  const allowed = onItem && (error.code === 404 || error.code === 409);
  return { allowed, code: error.code, ...substatus, message };
}

function readClaims(token: string): Record<string, unknown> {
  const payload = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
  return Object.fromEntries(
    shownClaims.filter((name) => name in payload).map((name) => [name, payload[name]]),
  );
}
