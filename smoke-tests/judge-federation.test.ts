import { expect, test } from "@jest/globals";
import { credentialDifferences, judgeSignIn, signatureRefused } from "./judge-federation.ts";

const github = {
  name: "github",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/orders:environment:dev",
  audience: "api://AzureADTokenExchange",
};

test("credentials that are live as declared are as they must be", () => {
  expect(credentialDifferences("pipeline", [github], [{ ...github }])).toEqual([]);
});

test("one that is missing may yet come; one that differs, or that nobody declared, does not heal", () => {
  const changed = { ...github, subject: "repo:contoso/orders:environment:Dev" };
  const added = { ...github, name: "added", issuer: "https://somebody.example" };
  const brief = (live: (typeof github)[]) =>
    credentialDifferences("pipeline", [github], live).map(({ what, came, mayHeal }) => [what, came, mayHeal]);
  expect(brief([])).toEqual([["pipeline: federated credential github", "none", true]]);
  expect(brief([changed, added])).toEqual([
    [
      "pipeline: federated credential github",
      `issuer ${github.issuer}, subject ${changed.subject}, audience ${github.audience}`,
      undefined,
    ],
    [
      "pipeline: federated credential added",
      `issuer ${added.issuer}, subject ${github.subject}, audience ${github.audience}`,
      undefined,
    ],
  ]);
});

const refused = { status: 401, description: "AADSTS…", gaveToken: false };

test.each([
  ["the expected refusal", { ...refused, code: 7000272 }, undefined],
  ["an issuer that cannot be asked", { ...refused, code: 50166 }, undefined],
  ["a credential that is not known yet", { ...refused, code: 700211 }, true],
  ["another refusal", { ...refused, code: 900144 }, false],
  ["no code", { ...refused, code: undefined }, false],
])("%s", (_, came, mayHeal) => {
  const findings = judgeSignIn("sign-in", came, signatureRefused);
  expect(findings.map((finding) => finding.mayHeal)).toEqual(mayHeal === undefined ? [] : [mayHeal]);
});

test("a token is never right, whatever came with it", () => {
  const came = { status: 200, code: 7000272, description: "", gaveToken: true };
  expect(judgeSignIn("sign-in", came, signatureRefused)).toEqual([
    expect.objectContaining({
      came: "an access token",
      fix: "remove the federated credential and report it",
    }),
  ]);
});
