import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { encodePart, type HostileMaterial, readToken, signParts } from "../../testing/forge.ts";
import { hostileTokens } from "../../testing/hostile-tokens.ts";
import { accountOrigin, startTestEntra, type TestEntra } from "../../testing/test-entra.ts";
import type { IssuedToken } from "./issue.ts";
import { createVerifier, TokenRejected, type TokenVerifier } from "./verify.ts";

let cloud: TestEntra;
let material: HostileMaterial;
let principalId: string;

beforeAll(async () => {
  cloud = await startTestEntra();
  const shop = cloud.application("shop");
  principalId = shop.principalId;
  const { privateKey, publicKey } = cloud.entra.keys.current;
  material = {
    good: issue(shop.principalId).accessToken,
    ofAnother: issue(cloud.application("another").principalId).accessToken,
    forAnotherResource: issue(shop.principalId, "https://management.azure.com").accessToken,
    issuerKey: privateKey,
    issuerPublicKey: publicKey,
    now: cloud.clock.nowSeconds(),
  };
});
afterAll(() => cloud.stop());

function issue(id: string, resource = accountOrigin): IssuedToken {
  const { directory, issuer, resources } = cloud.entra;
  const client = directory.find(id);
  if (client === undefined) throw new Error(`no principal ${id}`);
  return issuer.issueForClient(client, resources.resolve(resource));
}

function freshVerifier(remembered?: number): TokenVerifier {
  const { keys } = cloud.entra;
  const { tenantId, clock } = cloud.platform;
  return createVerifier({ keys, tenantId, clock, ...(remembered === undefined ? {} : { remembered }) });
}

function reasonOf(verifier: TokenVerifier, token: string): string | undefined {
  try {
    verifier.verify(token, [accountOrigin]);
    return undefined;
  } catch (error) {
    return error instanceof TokenRejected ? error.reason : String(error);
  }
}

describe("hostile tokens", () => {
  test("there are at least 40 in 12 classes", () => {
    expect(hostileTokens.length).toBeGreaterThanOrEqual(40);
    expect(new Set(hostileTokens.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(12);
  });

  test.each(hostileTokens)("$kind, $name: $reason", ({ forge, reason }) => {
    const verifier = freshVerifier();
    const hostile = forge(material);
    expect(hostile).not.toBe(material.good);
    expect(reasonOf(verifier, hostile)).toBe(reason);
    expect(reasonOf(verifier, material.good)).toBeUndefined();
    expect(reasonOf(verifier, hostile)).toBe(reason);
  });

  test("no refusal quotes the token", () => {
    for (const { forge } of hostileTokens) {
      const hostile = forge(material);
      const signature = hostile.split(".")[2] ?? "";
      try {
        freshVerifier().verify(hostile, [accountOrigin]);
      } catch (error) {
        if (signature.length > 20) expect(String(error)).not.toContain(signature.slice(0, 20));
      }
    }
  });

  test("any change of one character makes a good token a bad one", () => {
    const verifier = freshVerifier();
    expect(reasonOf(verifier, material.good)).toBeUndefined();
    fc.assert(
      fc.property(
        fc.nat({ max: material.good.length - 1 }),
        fc.oneof(
          fc.constantFrom(..."AZaz09-_.=+/ %"),
          fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
        ),
        (index, letter) => {
          fc.pre(material.good[index] !== letter);
          const changed = material.good.slice(0, index) + letter + material.good.slice(index + 1);
          expect(reasonOf(verifier, changed)).toBeDefined();
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("any one character more or less makes a good token a bad one", () => {
    const verifier = freshVerifier();
    fc.assert(
      fc.property(
        fc.nat({ max: material.good.length }),
        fc.option(fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 })),
        (index, letter) => {
          const rest = material.good.slice(letter === null ? index + 1 : index);
          const changed = material.good.slice(0, index) + (letter ?? "") + rest;
          fc.pre(changed !== material.good);
          expect(reasonOf(verifier, changed)).toBeDefined();
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("a good token", () => {
  test("says who its bearer is", () => {
    const token = freshVerifier().verify(material.good, (audience) => audience === accountOrigin);
    expect(token).toEqual({
      principalId,
      appId: readToken(material.good).claims.appid,
      tenantId: cloud.platform.tenantId,
      audience: accountOrigin,
      groups: [],
      expiresAt: material.now + 3600,
      claims: readToken(material.good).claims,
    });
  });

  test("is remembered, and still held to audience and times on every call", () => {
    const verifier = freshVerifier();
    const { expiresAt } = verifier.verify(material.good, [accountOrigin]);
    expect(verifier.verify(material.good, [accountOrigin])).toBe(
      verifier.verify(material.good, [accountOrigin]),
    );
    expect(() => verifier.verify(material.good, ["https://cosmos.azure.com"])).toThrow(
      `The access token is for the audience ${accountOrigin}.`,
    );
    const untilExpiry = expiresAt * 1000 - cloud.clock.nowMs();
    const sinceIssue = 300_000;
    const at = (offset: number) => {
      cloud.clock.advance(offset);
      const reason = reasonOf(verifier, material.good);
      cloud.clock.advance(-offset);
      return reason;
    };
    expect(at(untilExpiry - 1)).toBeUndefined();
    expect(at(untilExpiry)).toBe("expired");
    expect(at(untilExpiry)).toBe("expired");
    expect(at(-sinceIssue)).toBeUndefined();
    expect(at(-sinceIssue - 1)).toBe("notYetValid");
    expect(at(0)).toBeUndefined();
  });

  test("is verified again when younger ones have taken its place", () => {
    const verifier = freshVerifier(2);
    const first = verifier.verify(material.good, [accountOrigin]);
    for (let count = 0; count < 2; count += 1)
      verifier.verify(issue(principalId).accessToken, [accountOrigin]);
    const again = verifier.verify(material.good, [accountOrigin]);
    expect(again).toEqual(first);
    expect(again).not.toBe(first);
  });

  test("may lack x5t and appid, which not every principal has", () => {
    const { header, claims } = readToken(material.good);
    const bare = signParts(
      encodePart({ ...header, x5t: undefined }),
      encodePart({ ...claims, appid: undefined }),
      material.issuerKey,
    );
    expect(freshVerifier().verify(bare, [accountOrigin]).appId).toBeUndefined();
  });

  test("stays good through a restart, as its key is kept", async () => {
    const { openSigningKeys } = await import("../signing-keys.ts");
    const { tenantId, clock } = cloud.platform;
    const verifier = createVerifier({ keys: openSigningKeys(cloud.platform), tenantId, clock });
    expect(reasonOf(verifier, material.good)).toBeUndefined();
  });
});
