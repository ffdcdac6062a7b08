import { beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { connect } from "../connection/azure-cloud.ts";
import type { DataOperation } from "../rbac/cosmos/operations.ts";
import { declaredRights } from "./declared-rights.ts";
import { type Finding, failOn } from "./finding.ts";
import { judge } from "./judge.ts";
import { missingGrants } from "./live-grants.ts";
import { untilPropagated } from "./propagation.ts";
import { readTarget } from "./target.ts";

const probeSchema = z.object({
  identityEndpoint: z.object({ available: z.boolean(), status: z.union([z.number(), z.string()]) }),
  claims: z.object({ oid: z.string(), tid: z.string(), aud: z.string() }),
  outcomes: z.array(
    z.object({
      operation: z.string(),
      target: z.string(),
      allowed: z.boolean(),
      code: z.union([z.number(), z.literal("none")]),
      substatus: z.number().optional(),
      message: z.string().optional(),
    }),
  ),
});
type Probe = z.infer<typeof probeSchema>;

/** The probe's operations by the names that rights are declared with. */
const operations: Readonly<Record<string, DataOperation>> = {
  readMetadata: "readContainer",
  create: "createItem",
  read: "readItem",
  query: "queryItems",
  replace: "replaceItem",
  upsert: "upsertItem",
  delete: "deleteItem",
};

const { outputs } = readTarget();

describe.each(Object.entries(outputs.workloads))("workload %s", (name, workload) => {
  const rights = declaredRights(outputs, workload.principalId);
  let missing: ReadonlySet<string>;
  beforeAll(async () => {
    missing = await missingGrants(await connect(), outputs);
  });

  test("its site is healthy", async () => {
    const response = await fetch(`${workload.url}/health`);
    const body = await response.text();
    expect(`${response.status} ${body}`).toMatch(/^200 .*"healthy"/);
  });

  test("its identity gives tokens, and they are its own", async () => {
    const { identityEndpoint, claims } = await probe(workload.url, name);
    failOn(
      identityEndpoint.available
        ? []
        : [
            {
              what: `${name}: a token from the site's identity endpoint`,
              expected: "200",
              came: String(identityEndpoint.status),
              likelyCause: "the identity endpoint of the site is down, or its identity was taken away",
              fix: "check the site's identity; on the local cloud: npx --no local-azure faults list",
            },
          ],
    );
    expect({ oid: claims.oid, tid: claims.tid }).toEqual({
      oid: workload.principalId,
      tid: outputs.tenantId,
    });
  });

  test("can do exactly what its grants say", async () => {
    const findings = await untilPropagated(
      name,
      async () => judgeProbe(await probe(workload.url, name)),
      () => missing.size === 0,
    );
    failOn(findings);
  });

  test("cannot create a container with its token: 403/5300", async () => {
    const { outcomes } = await probe(workload.url, name);
    const outcome = outcomes.find(({ operation }) => operation === "createContainer");
    expect({ code: outcome?.code, substatus: outcome?.substatus }).toEqual({ code: 403, substatus: 5300 });
  });

  function judgeProbe({ outcomes }: Probe): Finding[] {
    return outputs.containers.flatMap((container) =>
      outcomes
        .filter(({ target }) => target === `${container.database}/${container.name}`)
        .flatMap((outcome) => {
          const operation = operations[outcome.operation];
          if (operation === undefined) return [];
          return judge(name, rights, container, { ...outcome, operation }, missing) ?? [];
        }),
    );
  }
});

async function probe(url: string, name: string): Promise<Probe> {
  const response = await fetch(`${url}/probe`, { method: "POST" });
  const text = await response.text();
  if (response.status === 200) return probeSchema.parse(JSON.parse(text));
  const refusedByFirewall = response.status === 403;
  failOn([
    {
      what: `${name}: POST ${url}/probe`,
      expected: "200 and a report",
      came: `${response.status} ${text.slice(0, 500)}`,
      likelyCause: refusedByFirewall
        ? "the site's access restrictions refuse this address"
        : "the workload got no token from its identity endpoint, or it failed",
      fix: refusedByFirewall
        ? "add this address to allowedAddresses, then pulumi up"
        : "check the site's identity and read the site's log",
    },
  ]);
  throw new Error("unreachable");
}
