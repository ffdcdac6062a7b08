import type { TokenCredential } from "@azure/identity";
import {
  attempt,
  itemOperations,
  type Outcome,
  probeItem,
  tokenClient,
} from "../../../connection/data-plane-attempt.ts";
import { absent, type Seen, seen } from "../check.ts";
import type { Operation, Question } from "../question.ts";

const lifeMs = 3_600_000;

/** What came of trying the operation with the principal's own token; `left` names an item that could not be deleted again. */
export interface Attempt extends Outcome<Operation> {
  readonly left?: string;
}

/**
 * Tries the question's operation as the bearer of `token`. Reads look for what is not there, and so do replacing, patching
 * and deleting, so nothing is written; what creates an item is tried only where the question says so, and deletes it again.
 * The container's definition is read first, as every SDK does.
 */
export async function tryOperation(
  endpoint: string,
  token: string,
  { target, operation, write }: Question,
): Promise<Seen<Attempt>> {
  const credential: TokenCredential = {
    getToken: async () => ({ token, expiresOnTimestamp: Date.now() + lifeMs }),
  };
  const client = tokenClient(endpoint, credential);
  const definition = { readsDefinition: true };
  try {
    if (target.database === undefined) {
      if (operation !== "readAccount") return absent(`${operation} needs a container as its target`);
      return seen(
        await attempt(
          operation,
          async () => ({ statusCode: (await client.getDatabaseAccount()).statusCode }),
          definition,
        ),
      );
    }
    const database = client.database(target.database);
    if (target.container === undefined) {
      if (operation !== "readDatabase") return absent(`${operation} needs a container as its target`);
      return seen(await attempt(operation, () => database.read(), definition));
    }
    const container = database.container(target.container);
    let paths: readonly string[] = [];
    const read = await attempt<Operation>(
      "readContainer",
      async () => {
        const answer = await container.read();
        paths = answer.resource?.partitionKey?.paths ?? [];
        return answer;
      },
      definition,
    );
    if (!read.allowed || operation === "readContainer") return seen(read);
    const item = probeItem("doctor", paths);
    const works: Partial<Record<Operation, () => Promise<{ readonly statusCode: number }>>> = itemOperations(
      container,
      item,
    );
    const work = works[operation];
    if (work === undefined) return absent(`the doctor does not try ${operation}`);
    const creates = operation === "createItem" || operation === "upsertItem";
    if (creates && !write) return absent(`${operation} would write an item: --write tries it`);
    const outcome = await attempt(operation, work);
    if (!creates || !outcome.allowed) return seen(outcome);
    const deleted = await attempt("deleteItem", () => container.item(item.id, item.key).delete());
    return seen(deleted.allowed ? outcome : { ...outcome, left: item.id });
  } finally {
    client.dispose();
  }
}
