import { randomUUID } from "node:crypto";
import { type Container, ErrorResponse, type JSONObject } from "@azure/cosmos";
import { askIdentityEndpoint } from "./access/identity-endpoint.ts";
import { tokenClaims } from "./access/token-claims.ts";
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
  const token = await store.access.credential.getToken(settings.scope);
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
    const target = `${first.database}/${id}`;
    const outcome = await attempt("createContainer", target, () =>
      store.use({ target, action: "createContainer" }, (client) =>
        client.database(first.database).containers.create({ id, partitionKey: "/id" }),
      ),
    );
    if (outcome.code === 201) {
      await store.use({ target, action: "deleteContainer" }, (client) =>
        client.database(first.database).container(id).delete(),
      );
    }
    outcomes.push(outcome);
  }
  return {
    identityEndpoint: await probeIdentityEndpoint(settings.scope),
    claims: shown(tokenClaims(token.token)),
    outcomes,
    leftBehind,
  };
}

async function probeIdentityEndpoint(scope: string): Promise<IdentityEndpointOutcome> {
  try {
    const response = await askIdentityEndpoint(scope);
    if (response === undefined) {
      return { available: false, status: "IDENTITY_ENDPOINT is not set: the site has no identity" };
    }
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
  const target = `${declared.database}/${declared.name}`;
  const { id, key, body } = probeItem(declared);
  const operations: Readonly<Record<string, (container: Container) => Promise<{ statusCode: number }>>> = {
    readMetadata: (container) => container.read(),
    create: (container) => container.items.create(body),
    read: (container) => container.item(id, key).read(),
    query: (container) => query(container, id),
    replace: (container) => container.item(id, key).replace(body),
    upsert: (container) => container.items.upsert(body),
    delete: (container) => container.item(id, key).delete(),
  };
  const tried: ProbeOutcome[] = [];
  for (const [operation, work] of Object.entries(operations)) {
    if (withheld.has(`${target}:${operation}`)) continue;
    tried.push(await attempt(operation, target, () => store.useContainer(declared, operation, work)));
  }
  const succeeded = (...names: string[]) =>
    tried.some(({ operation, allowed }) => allowed && names.includes(operation));
  const left = succeeded("create", "upsert") && !succeeded("delete") ? [`${target}/${id}`] : [];
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

function shown(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(shownClaims.filter((name) => name in claims).map((name) => [name, claims[name]]));
}
