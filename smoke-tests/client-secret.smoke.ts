import { describe, test } from "@jest/globals";
import { z } from "zod";
import { connect } from "../connection/azure-cloud.ts";
import { askAzure } from "../connection/azure-request.ts";
import { type Finding, failOn } from "./finding.ts";
import {
  type MigratingWorkload,
  migratingWorkloads,
  orRefusal,
  type PlacedSecret,
} from "./placed-secrets.ts";
import { looksLikeSecret, textsIn } from "./secret-text.ts";
import { readTarget } from "./target.ts";

const { outputs } = readTarget();
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
const migrating = migratingWorkloads(outputs);
if (migrating.length === 0) {
  (test.skip as typeof test)("(skipped: no workload has access by client secret)", () => {});
}
for (const migratingWorkload of migrating) {
  proveSecret(migratingWorkload, await readPasswords(migratingWorkload.secret));
}

type Passwords = z.infer<typeof passwordsSchema>["passwordCredentials"];

/** The registration's passwords as Microsoft Graph shows them, or why whoever runs the tests may not see them. */
async function readPasswords({ clientId }: PlacedSecret): Promise<Passwords | string> {
  const path = `/v1.0/applications(appId='${clientId}')?$select=passwordCredentials`;
  return orRefusal(
    async () => passwordsSchema.parse(await askAzure(cloud, "graph", "GET", path)).passwordCredentials,
  );
}

function proveSecret({ name, workload, secret }: MigratingWorkload, passwords: Passwords | string): void {
  describe(`client secret of ${name}`, () => {
    provePasswords(name, secret, passwords);

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
