import type { TokenCredential } from "@azure/identity";
import { describe, test } from "@jest/globals";
import { connect } from "../connection/azure-cloud.ts";
import { applicationCredential, environmentCredential } from "../connection/credential.ts";
import { groupsOf } from "./declared-rights.ts";
import { type Finding, failOn } from "./finding.ts";
import { type MigratingWorkload, migratingWorkloads, orRefusal } from "./placed-secrets.ts";
import { untilPropagated } from "./propagation.ts";
import { type SecretReader, secretReaders } from "./secret-readers.ts";
import { readTarget } from "./target.ts";
import { askForSecret } from "./vault-request.ts";

const { outputs, runner, stranger } = readTarget();

const cloud = await connect();
const migrating = migratingWorkloads(outputs);
if (migrating.length === 0) {
  (test.skip as typeof test)("(skipped: no workload has access by client secret)", () => {});
}
for (const migratingWorkload of migrating) {
  const readers = await orRefusal(() => secretReaders(cloud, outputs, migratingWorkload.secret));
  describe(`client secret of ${migratingWorkload.name}`, () => proveReaders(migratingWorkload, readers));
}

/** Proves who may read the secret by what the roles say, and by trying. */
function proveReaders(
  { name, workload, secret }: MigratingWorkload,
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
