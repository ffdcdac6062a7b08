import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { actionsMatching, allDataActions } from "./data-actions.ts";
import { operationActions } from "./operations.ts";

const account = "Microsoft.DocumentDB/databaseAccounts";
const container = `${account}/sqlDatabases/containers`;

/** As the table "Actions a custom role may hold" has them. */
const known = [
  `${account}/readMetadata`,
  `${container}/items/create`,
  `${container}/items/read`,
  `${container}/items/replace`,
  `${container}/items/upsert`,
  `${container}/items/delete`,
  `${container}/executeQuery`,
  `${container}/readChangeFeed`,
  `${container}/executeStoredProcedure`,
  `${container}/manageConflicts`,
];
const wildcards: Readonly<Record<string, readonly string[]>> = {
  [`${container}/*`]: [
    `${container}/executeQuery`,
    `${container}/readChangeFeed`,
    `${container}/executeStoredProcedure`,
    `${container}/manageConflicts`,
  ],
  [`${container}/items/*`]: [
    `${container}/items/create`,
    `${container}/items/read`,
    `${container}/items/replace`,
    `${container}/items/upsert`,
    `${container}/items/delete`,
  ],
};

test("the known data actions are those that are documented", () => {
  expect([...allDataActions].sort()).toEqual([...known].sort());
});

/** An action's name, a wildcard, or one of them with a star put somewhere or the case changed. */
const entry = fc
  .tuple(
    fc.constantFrom(...known, ...Object.keys(wildcards), `${account}/*`, `${account}/sqlDatabases/*`, "*"),
    fc.option(fc.nat(90), { nil: undefined }),
    fc.constantFrom("as it is", "upper", "lower"),
  )
  .map(([text, star, letters]) => {
    const starred = star === undefined ? text : `${text.slice(0, star)}*`;
    if (letters === "upper") return starred.toUpperCase();
    return letters === "lower" ? starred.toLowerCase() : starred;
  });

test("an entry stands for the action of that name, or for what one of the two wildcards lists", () => {
  fc.assert(
    fc.property(entry, (text) => {
      const same = (one: string) => one.localeCompare(text, "en", { sensitivity: "accent" }) === 0;
      const [, listed] = Object.entries(wildcards).find(([wildcard]) => same(wildcard)) ?? [];
      const expected = listed ?? known.filter(same);
      expect([...actionsMatching(text)].sort()).toEqual([...expected].sort());
    }),
    { numRuns: 2_000 },
  );
});

test("each operation needs the documented actions", () => {
  expect(operationActions).toEqual({
    readAccount: [`${account}/readMetadata`],
    readDatabase: [`${account}/readMetadata`],
    readContainer: [`${account}/readMetadata`],
    readPartitionKeyRanges: [`${account}/readMetadata`],
    createItem: [`${container}/items/create`],
    readItem: [`${container}/items/read`],
    replaceItem: [`${container}/items/replace`],
    upsertItem: [`${container}/items/upsert`],
    patchItem: [`${container}/items/replace`],
    deleteItem: [`${container}/items/delete`],
    queryItems: [`${container}/executeQuery`],
    readFeed: [`${container}/readChangeFeed`],
    readChangeFeed: [`${container}/readChangeFeed`],
    executeStoredProcedure: [`${container}/executeStoredProcedure`],
  });
});
