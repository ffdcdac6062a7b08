import { pageRoutes } from "../entra/surface.ts";
import { routes as scmRoutes } from "../hosting/scm/routes.ts";

const noKuduClient =
  "no npm package of Microsoft's speaks Kudu: the deployment calls it with fetch, az with requests of its own";
const forOtherVerifiers =
  "MSAL does not fetch keys of access tokens, the verifiers of workloads do: jose reads them in local-azure/entra/tokens/token-endpoint.test.ts";
const forBrowsers =
  "a page for the person in front of a browser, to which SDKs only send them: called with fetch in local-azure/entra/sign-in/";

/** Routes that no official client calls in the tests, by surface and name, each with the reason. */
export const withoutOfficialClient: Readonly<Record<string, string>> = {
  "arm GET /metadata/endpoints":
    "the JavaScript SDKs take their endpoints as options; the Pulumi plugin, az and Terraform read it, the plugin of this repository with fetch",
  "cosmos GET /dbs/:database/colls/:container/docs":
    "@azure/cosmos reads all items by a query; the SDKs for .NET and Java read this feed where no query is given",
  "entra GET /:tenant/.well-known/openid-configuration":
    "MSAL reads the v2.0 document; this one is for services that verify v1 tokens, read with fetch in local-azure/entra/documents.test.ts",
  "entra GET /:tenant/discovery/v2.0/keys": forOtherVerifiers,
  "entra GET /:tenant/discovery/keys":
    "the key set of the v1 document, for services that verify v1 tokens: read with fetch in local-azure/entra/documents.test.ts",
  "entra GET /common/discovery/instance":
    "MSAL asks login.microsoftonline.com whatever the authority, so clients here leave instance discovery out; this is for those that ask the authority itself",
  ...excuse("entra", pageRoutes, forBrowsers),
  "hosting-front * /*": "whatever a site serves: its callers are browsers and programs, not SDKs",
  ...excuse("scm", scmRoutes, noKuduClient),
};

function excuse(surface: string, routes: readonly string[], reason: string): Record<string, string> {
  return Object.fromEntries(routes.map((route) => [`${surface} ${route}`, reason]));
}
