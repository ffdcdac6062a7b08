import type { TokenCredential } from "@azure/identity";
import { describe, test } from "@jest/globals";
import { z } from "zod";
import { connect } from "../connection/azure-cloud.ts";
import { askAzure, ServiceRefusal } from "../connection/azure-request.ts";
import { applicationCredential, environmentCredential } from "../connection/credential.ts";
import type { WorkloadOutput } from "../infra/outputs/schema.ts";
import { groupsOf } from "./declared-rights.ts";
import { type Finding, failOn } from "./finding.ts";
import { untilPropagated } from "./propagation.ts";
import { type SecretReader, secretReaders } from "./secret-readers.ts";
import { looksLikeSecret, textsIn } from "./secret-text.ts";
import { readTarget } from "./target.ts";
import { askForSecret } from "./vault-request.ts";

type PlacedSecret = NonNullable<WorkloadOutput["secret"]>;

const { outputs, runner, stranger } = readTarget();
const webApiVersion = "2024-11-01";
const dayMs = 24 * 60 * 60_000;
const longestLifeDays = 90;

const passwordsSchema = z.object({
  passwordCredentials: z.array(
    z.object({
      displayName: z.string().nullable(),
      endDateTime: z.coerce.date(),
      startDateTime: z.coerce.date(),
      hint: z.string().nullable(),
      secretText: z.string().nullish(),
    }),
  ),
});
const settingsSchema = z.object({ properties: z.record(z.string(), z.string()) });

const cloud = await connect();
const migrating = Object.entries(outputs.workloads).flatMap(([name, workload]) =>
  workload.secret === undefined ? [] : [[name, workload, workload.secret] as const],
);
if (migrating.length === 0) {
  (test.skip as typeof test)("(skipped: no workload has access by client secret)", () => {});
}
for (const [name, workload, secret] of migrating) {
  proveSecret(name, workload, secret, await readPasswords(secret), await readReaders(secret));
}

type Passwords = z.infer<typeof passwordsSchema>["passwordCredentials"];

/** The registration's passwords as Microsoft Graph shows them, or why whoever runs the tests may not see them. */
async function readPasswords({ clientId }: PlacedSecret): Promise<Passwords | string> {
  const path = `/v1.0/applications(appId='${clientId}')?$select=passwordCredentials`;
  return orRefusal(
    async () => passwordsSchema.parse(await askAzure(cloud, "graph", "GET", path)).passwordCredentials,
  );
}

async function readReaders(secret: PlacedSecret): Promise<readonly SecretReader[] | string> {
  return orRefusal(() => secretReaders(cloud, outputs, secret));
}

async function orRefusal<Result>(work: () => Promise<Result>): Promise<Result | string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceRefusal && error.status === 403) return error.message;
    throw error;
  }
}

function proveSecret(
  name: string,
  workload: WorkloadOutput,
  secret: PlacedSecret,
  passwords: Passwords | string,
  readers: readonly SecretReader[] | string,
): void {
  describe(`client secret of ${name}`, () => {
    provePasswords(name, secret, passwords);
    proveReaders(name, workload, secret, readers);

    test("stands in no setting of the site and in no output", async () => {
      const path = `${workload.siteId}/config/appsettings/list?api-version=${webApiVersion}`;
      const { properties } = settingsSchema.parse(await askAzure(cloud, "resourceManager", "POST", path));
      const hints = typeof passwords === "string" ? [] : passwords.flatMap(({ hint }) => hint ?? []);
      const places: [string, string][] = [
        ...Object.entries(properties).map(([key, value]): [string, string] => [`setting ${key}`, value]),
        ...textsIn(outputs, "output"),
      ];
      failOn(
        places
          .filter(([, value]) => looksLikeSecret(value, hints))
          .map(([place]) => ({
            what: `${name}: ${place}`,
            expected: "no secret",
            came: "a text of a client secret's form",
            likelyCause: "somebody put the secret where others read it",
            fix: "remove it, then replace the secret: a new one by `pulumi up` on the next period, or by hand at once",
          })),
      );
    });
  });
}

function provePasswords(name: string, secret: PlacedSecret, passwords: Passwords | string): void {
  const title = "is one of two that overlap, ends within 90 days, and cannot be read back";
  if (typeof passwords === "string") {
    (test.skip as typeof test)(`${title} (skipped: ${passwords})`, () => {});
    return;
  }
  test(title, () => {
    const finding = (what: string, expected: string, came: string): Finding => ({
      what: `${name}: ${what}`,
      expected,
      came,
      likelyCause: "the secrets were changed outside the program, or no deployment ran in their period",
      fix: "`pulumi up --refresh`; remove what it does not declare",
    });
    const findings: Finding[] = [];
    const ends = passwords.map(({ endDateTime }) => endDateTime.toISOString().slice(0, 10));
    if (passwords.length !== 2) {
      findings.push(finding("its registration's secrets", "two", `${passwords.length} (${ends.join(", ")})`));
    }
    if (!ends.includes(secret.endsOn)) {
      findings.push(
        finding("the secret that is handed out", `one that ends on ${secret.endsOn}`, ends.join(", ")),
      );
    }
    for (const { startDateTime, endDateTime, hint, secretText } of passwords) {
      const days = (endDateTime.getTime() - startDateTime.getTime()) / dayMs;
      if (days > longestLifeDays) {
        findings.push(
          finding("a secret's life", `${longestLifeDays} days at most`, `${days.toFixed(1)} days`),
        );
      }
      if (secretText != null || (hint ?? "").length > 3) {
        findings.push(finding("what Microsoft Graph shows of a secret", "a hint of 3 letters", "more"));
      }
    }
    failOn(findings);
  });
}

function proveReaders(
  name: string,
  workload: WorkloadOutput,
  secret: PlacedSecret,
  readers: readonly SecretReader[] | string,
): void {
  const title = "is read by the site's identity and nobody else";
  if (typeof readers === "string") {
    (test.skip as typeof test)(`${title} (skipped: ${readers})`, () => {});
    return;
  }
  const own = workload.principalId.toLowerCase();
  const others = readers.filter(({ principalId }) => principalId.toLowerCase() !== own);
  test(title, () => {
    failOn([
      ...others.map(({ principalId, role, scope }) => ({
        what: `${name}: ${principalId} is ${role} on ${scope}`,
        expected: "only the site's identity may read the secret",
        came: "a role that reads it",
        likelyCause: "somebody was given a role of the vault, or of what it lies in",
        fix: "remove that role assignment, or move the vault out of its reach",
      })),
      ...(others.length === readers.length
        ? [
            {
              what: `${name}: the site's identity, ${own}`,
              expected: "Key Vault Secrets User on this secret",
              came: "no role that reads it",
              likelyCause: "its role assignment was removed",
              fix: "`pulumi up --refresh`",
            },
          ]
        : []),
    ]);
  });

  const tryReading = (who: string, objectId: string, credential: TokenCredential) => {
    const ids = [objectId, ...groupsOf(outputs, objectId)].map((id) => id.toLowerCase());
    if (readers.some(({ principalId }) => ids.includes(principalId.toLowerCase()))) {
      (test.skip as typeof test)(`is refused to ${who} (skipped: a role lets them read it)`, () => {});
      return;
    }
    test(`is refused to ${who}: 403 ForbiddenByRbac`, async () => {
      const look = async (): Promise<Finding[]> => {
        const { status, code } = await askForSecret(secret.vaultUri, secret.name, credential);
        if (status === 403 && code === "ForbiddenByRbac") return [];
        return [
          {
            what: `${name}: ${who} reads ${secret.name} at ${secret.vaultUri}`,
            expected: "403 ForbiddenByRbac",
            came: `${status} ${code ?? ""}`,
            likelyCause:
              status === 200
                ? "a role of a group or an access policy lets them, or a removed one still has effect"
                : "the vault's firewall refuses this address, or the vault is not there",
            fix: "look at the vault's access control and network settings",
            mayHeal: status === 200,
          },
        ];
      };
      failOn(await untilPropagated(`${name}: ${who}`, look));
    });
  };
  tryReading("whoever runs the tests", runner, environmentCredential(process.env));
  if (!("unavailable" in stranger)) {
    const credential = applicationCredential({ tenantId: outputs.tenantId, ...stranger }, process.env);
    tryReading("an identity without a role", stranger.principalId, credential);
  }
}
