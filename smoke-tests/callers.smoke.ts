import { beforeAll, describe, test } from "@jest/globals";
import { bearer, connect } from "../connection/azure-cloud.ts";
import { applicationCredential, environmentCredential } from "../connection/credential.ts";
import type { WorkloadOutput } from "../infra/outputs/schema.ts";
import { failOn } from "./finding.ts";
import { withChangedSignature } from "./raw-cosmos.ts";
import { notACaller } from "./runner-access.ts";
import { askSite, type SiteAnswer, writeSettingsAnew } from "./site.ts";
import { siteToken } from "./site-token.ts";
import { readTarget } from "./target.ts";

const { outputs, runner, stranger } = readTarget();
const invalidToken = 'Bearer error="invalid_token"';
/** Nothing is there: whoever is let in is told so. */
const path = "/items/no-database/no-container";

for (const [name, workload] of Object.entries(outputs.workloads)) {
  describe(`workload ${name}`, () => proveCallers(name, workload));
}

function proveCallers(name: string, workload: WorkloadOutput): void {
  const ask = (authorization?: string) =>
    askSite(`${name}: GET ${path}`, `${workload.url}${path}`, {
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    });
  let token: string;
  beforeAll(async () => {
    token = await siteToken(name, workload, environmentCredential(process.env), "the runner");
  });

  const expectRefusal = (how: string, came: SiteAnswer, status: number, code: string, challenge?: string) => {
    if (came.status === status && came.code === code && came.challenge === challenge) return;
    const shown = (one: number, said = "", header = "none") => `${one} ${said}, WWW-Authenticate: ${header}`;
    failOn([
      {
        what: `${name}: GET ${path} ${how}`,
        expected: shown(status, code, challenge),
        came: shown(came.status, came.code, came.challenge),
        ...whyNotRefused(came),
      },
    ]);
  };

  test("refuses a request without a token: 401 NoToken", async () => {
    expectRefusal("without a token", await ask(), 401, "NoToken", "Bearer");
  });

  test("refuses what is no token of its registration: 401 TokenRefused", async () => {
    const forManager = await bearer(await connect());
    for (const [how, authorization] of [
      ["with text in place of a token", "Bearer no-token"],
      ["with a token for resource manager", forManager],
      ["with a token whose signature was changed", `Bearer ${withChangedSignature(token)}`],
    ] as const) {
      expectRefusal(how, await ask(authorization), 401, "TokenRefused", invalidToken);
    }
  });

  const strangersTest = "refuses a good token of somebody who is not listed: 403 CallerNotListed";
  if ("unavailable" in stranger) {
    (test.skip as typeof test)(`${strangersTest} (skipped: ${stranger.unavailable})`, () => {});
  } else {
    test(strangersTest, async () => {
      const credential = applicationCredential({ tenantId: outputs.tenantId, ...stranger }, process.env);
      const strangers = await siteToken(name, workload, credential, "an identity that is no caller");
      expectRefusal("by a stranger", await ask(`Bearer ${strangers}`), 403, "CallerNotListed");
    });
  }

  const reason = notACaller(outputs, workload, runner);
  if (reason !== undefined) {
    test("refuses whoever runs the tests, who is not listed: 403 CallerNotListed", async () => {
      expectRefusal("by the runner", await ask(`Bearer ${token}`), 403, "CallerNotListed");
    });
  } else {
    test("lets a listed caller in", async () => {
      const came = await ask(`Bearer ${token}`);
      if (came.status === 404 && came.code === "UnknownContainer") return;
      failOn([
        {
          what: `${name}: GET ${path} by the runner`,
          expected: "404 UnknownContainer, an answer to somebody who was let in",
          came: `${came.status} ${came.body.slice(0, 500)}`,
          likelyCause: "the site's settings name other callers, or another registration, than the stack",
          fix: writeSettingsAnew,
        },
      ]);
    });
  }
}

function whyNotRefused({ status, code }: SiteAnswer): { likelyCause: string; fix: string } {
  if (status === 403 && code === undefined) {
    return {
      likelyCause: "the site's access restrictions refuse this address before the workload sees the request",
      fix: "add this address to allowedAddresses, then `pulumi up`",
    };
  }
  if (status === 503) {
    return {
      likelyCause: "the workload does not run, or cannot read its issuer's keys",
      fix: "read the site's log; check that the site reaches CALLER_ISSUER",
    };
  }
  return {
    likelyCause: "the site runs a version of the workload that does not look at its callers, or other code",
    fix: "`npm run deploy`; until then nobody but trusted addresses may reach the site",
  };
}
