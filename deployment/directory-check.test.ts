import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { writtenObjectIds } from "../infra/settings/object-ids.ts";
import { startTestEntra, type TestEntra } from "../local-azure/testing/test-entra.ts";
import { checkObjectIds } from "./directory-check.ts";
import { cloudOf } from "./testing/cloud-of.ts";

let entra: TestEntra;
beforeAll(async () => {
  entra = await startTestEntra();
});
afterAll(() => entra.stop());

const grants: unknown[] = [];
const check = (settings: object, as = cloudOf(entra)) =>
  checkObjectIds(
    writtenObjectIds(
      Object.fromEntries(Object.entries(settings).map(([key, value]) => [`keyless-cosmos:${key}`, value])),
    ),
    Promise.resolve(as),
  );

test("an app registration's object id is caught, and the service principal's named (pain 1)", async () => {
  const { applicationId, principalId } = entra.application("orders-pipeline");
  expect(
    await check({
      principals: {
        pipeline: { objectId: applicationId, grants },
        right: { objectId: principalId, grants },
      },
      applications: { exporter: { owners: [applicationId, principalId], grants } },
      groups: { analysts: { members: ["ana@shop.org", applicationId], grants } },
      developers: { members: [applicationId.toUpperCase()], grants },
    }),
  ).toEqual({
    warnings: [],
    faults: [
      "principals.pipeline.objectId",
      "applications.exporter.owners[0]",
      "groups.analysts.members[1]",
      "developers.members[0]",
    ].map((path) => ({
      path: `keyless-cosmos:${path}`,
      problem: 'is the object id of the app registration "orders-pipeline", which is no principal',
      fix: `write ${principalId}, the object id of its service principal`,
    })),
  });
});

test("a registration without a service principal is told how to get one", async () => {
  const { id, appId } = entra.entra.directory.create({ type: "application", displayName: "bare" });
  const { faults } = await check({ principals: { bare: { objectId: id, grants } } });
  expect(faults.map(({ fix }) => fix)).toEqual([
    `it has no service principal yet: az ad sp create --id ${appId}, and write the object id that it answers`,
  ]);
});

test("a caller says whether it is a group, and no group owns anything", async () => {
  const group = entra.entra.directory.create({ type: "group", displayName: "analysts" });
  const { principalId } = entra.application("exporter");
  const workloads = { api: { callers: ["silent", "wrong", "right", "single"] } };
  const { faults, warnings } = await check({
    workloads,
    principals: {
      silent: { objectId: group.id, grants },
      wrong: { objectId: principalId, kind: "group", grants },
      right: { objectId: group.id, kind: "group", grants },
      single: { objectId: principalId, grants },
      "not-calling": { objectId: group.id, grants },
    },
    applications: { exporter: { owners: [group.id], grants } },
  });
  expect(warnings).toEqual([]);
  expect(faults).toEqual([
    {
      path: "keyless-cosmos:principals.silent.objectId",
      problem: 'is the group "analysts", and tokens name groups apart from who they are for',
      fix: "write kind: group beside it",
    },
    {
      path: "keyless-cosmos:principals.wrong.objectId",
      problem: 'is "exporter", which is no group',
      fix: "remove kind",
    },
    {
      path: "keyless-cosmos:applications.exporter.owners[0]",
      problem: 'is the group "analysts", which owns nothing',
      fix: "list its members instead",
    },
  ]);
});

test.each(["dev", "staging", "prod"])(
  "in %s a person holds grants and calls by a group alone",
  async (environment) => {
    const { id } = entra.entra.directory.create({ type: "user", displayName: "Ana Alves" });
    const { faults, warnings } = await check({
      environment,
      workloads: { api: { callers: ["calling", "as-group"] } },
      principals: {
        ana: { objectId: id, grants },
        calling: { objectId: id, grants },
        "as-group": { objectId: id, kind: "group", grants },
        deployer: { deployer: true, grants },
      },
      applications: { exporter: { owners: [id], grants } },
      groups: { analysts: { members: [id], grants } },
      developers: { members: [id], grants },
    });
    expect(warnings).toEqual([]);
    expect(faults).toEqual(
      ["ana", "calling", "as-group"].map((principal) => ({
        path: `keyless-cosmos:principals.${principal}.objectId`,
        problem: 'is the person "Ana Alves", and people hold grants by groups alone',
        fix: "put them into a group under keyless-cosmos:groups, or in dev into keyless-cosmos:developers, and grant to that",
      })),
    );
  },
);

test("an id that the directory does not know yet, and a directory that cannot be read, are warnings (pain 18)", async () => {
  const unknown = "0a1b2c3d-0000-4000-8000-000000000001";
  const settings = { principals: { later: { objectId: unknown, grants } } };
  expect(await check(settings)).toEqual({
    faults: [],
    warnings: [`The directory knows no ${unknown} (yet): a grant to it waits a few minutes, then fails.`],
  });
  const { clientId } = entra.application("without-a-secret");
  const unread = await check(settings, cloudOf(entra, { clientId, clientSecret: "wrong" }));
  expect(unread.faults).toEqual([]);
  expect(unread.warnings).toEqual([
    expect.stringMatching(
      /^The object ids of the settings could not be checked in the directory: .*AADSTS7000215/,
    ),
  ]);
});
