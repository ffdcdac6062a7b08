import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type GraphTest, refusal, startGraphTest } from "../../testing/test-graph.ts";

let graph: GraphTest;
beforeAll(async () => {
  graph = await startGraphTest();
});
afterAll(() => graph.cloud.stop());

const must = "must be an absolute URI without a fragment and start with https, or with http on localhost";
const own = ", or have a scheme of the application's own";

test.each([
  ["web", "not a url", ""],
  ["web", "/signin", ""],
  ["web", "https://orders.example/#signin", ""],
  ["web", "http://orders.example/", ""],
  ["web", "http://localhost.evil.example/", ""],
  ["web", "myapp://signin", ""],
  ["spa", "javascript:alert(1)", ""],
  ["spa", "http://orders.example/", ""],
  ["publicClient", "javascript:alert(1)", own],
  ["publicClient", "JavaScript:alert(1)", own],
  ["publicClient", "data:text/html,x", own],
  ["publicClient", "http://orders.example/", own],
])("an application gets no %s redirect URI %s", async (platform, uri, more) => {
  const refused = refusal(
    400,
    "Request_BadRequest",
    `Invalid value specified for property 'redirectUris' of '${platform}' of resource 'Application': '${uri}' ${must}${more}.`,
  );
  const change = { [platform]: { redirectUris: ["https://orders.example/good", uri] } };
  const made = await graph.call("POST", "/v1.0/applications", { displayName: "orders", ...change });
  expect({ status: made.status, error: made.body.error }).toEqual(refused);
  const { id } = await graph.created("/v1.0/applications", { displayName: "orders" });
  const changed = await graph.call("PATCH", `/v1.0/applications/${id}`, change);
  expect({ status: changed.status, error: changed.body.error }).toEqual(refused);
});

test("an application gets redirect URIs over https, on this machine, and of its own scheme", async () => {
  const local = [
    "http://localhost",
    "http://127.0.0.1:8400/signin",
    "http://[::1]/",
    "https://orders.example/?x=1",
  ];
  const { id } = await graph.created("/v1.0/applications", {
    displayName: "orders",
    web: { redirectUris: local },
    spa: { redirectUris: local },
    publicClient: { redirectUris: [...local, "myapp://auth", "urn:ietf:wg:oauth:2.0:oob"] },
  });
  const { body } = await graph.call("GET", `/v1.0/applications/${id}`);
  expect(body).toMatchObject({
    web: { redirectUris: local },
    spa: { redirectUris: local },
    publicClient: { redirectUris: [...local, "myapp://auth", "urn:ietf:wg:oauth:2.0:oob"] },
  });
});
