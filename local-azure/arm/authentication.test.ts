import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type RequestOptions,
  startResourceManager,
  type TestResourceManager,
} from "./testing/resource-manager.ts";

let rm: TestResourceManager;
const other = "11111111-2222-3333-4444-555555555555";

beforeAll(async () => {
  rm = await startResourceManager();
});

afterAll(() => rm.close());

describe("without a good token", () => {
  const url = "/tenants?api-version=2022-12-01";
  const audiences = () =>
    ["https://management.core.windows.net", "https://management.azure.com", rm.platform.origin]
      .flatMap((audience) => [`${audience}/`, audience])
      .join("','");

  const tokens: readonly {
    readonly what: string;
    readonly options: () => RequestOptions;
    readonly code: string;
    readonly message: () => string;
  }[] = [
    {
      what: "no header",
      options: () => ({ token: null }),
      code: "AuthenticationFailed",
      message: () => "Authentication failed. The 'Authorization' header is missing.",
    },
    {
      what: "another scheme",
      options: () => ({ token: null, headers: { Authorization: "Basic dXNlcjpwYXNz" } }),
      code: "AuthenticationFailedInvalidHeader",
      message: () => "Authentication failed. The 'Authorization' header is provided in an invalid format.",
    },
    {
      what: "no token at all",
      options: () => ({ token: "nonsense" }),
      code: "InvalidAuthenticationToken",
      message: () => "The access token is invalid. The access token has 1 parts; a signed token has three.",
    },
    {
      what: "a changed signature",
      options: () => {
        const [header, payload, signature = ""] = rm.token().split(".");
        const changed = signature.replace(/^./, (first) => (first === "A" ? "B" : "A"));
        return { token: `${header}.${payload}.${changed}` };
      },
      code: "InvalidAuthenticationToken",
      message: () => "The access token is invalid. The signature of the access token is not valid.",
    },
    {
      what: "a token for Graph",
      options: () => ({ token: rm.token(undefined, "https://graph.microsoft.com") }),
      code: "InvalidAuthenticationTokenAudience",
      message: () =>
        `The access token has been obtained for wrong audience or resource. The access token is for the audience https://graph.microsoft.com. It should exactly match with one of the allowed audiences '${audiences()}'.`,
    },
    {
      what: "a token for Graph of this cloud",
      options: () => ({ token: rm.token(undefined, `${rm.platform.origin}/graph`) }),
      code: "InvalidAuthenticationTokenAudience",
      message: () =>
        `The access token has been obtained for wrong audience or resource. The access token is for the audience ${rm.platform.origin}/graph. It should exactly match with one of the allowed audiences '${audiences()}'.`,
    },
  ];

  test.each(tokens)("$what gets 401 $code and a challenge", async ({ options, code, message }) => {
    const answer = await rm.request("GET", url, options());
    expect(answer).toMatchObject({ status: 401, body: { error: { code, message: message() } } });
    const { origin, tenantId } = rm.platform;
    expect(answer.headers.get("www-authenticate")).toBe(
      `Bearer authorization_uri="${origin}/${tenantId}", error="invalid_token", error_description="${message()}"`,
    );
  });

  test("an expired token gets 401 ExpiredAuthenticationToken", async () => {
    const token = rm.token();
    expect((await rm.request("GET", url, { token })).status).toBe(200);
    rm.clock.advance(2 * 3_600_000);
    expect(await rm.request("GET", url, { token })).toMatchObject({
      status: 401,
      body: { error: { code: "ExpiredAuthenticationToken" } },
    });
  });

  test("nobody learns which paths there are", async () => {
    const paths = ["/metadata/nowhere", `/subscriptions/${other}`, `${rm.subscription}/resourceGroups/rg`];
    for (const secret of paths) {
      expect(await rm.request("GET", secret, { token: null })).toMatchObject({
        status: 401,
        body: { error: { code: "AuthenticationFailed" } },
      });
    }
  });
});
