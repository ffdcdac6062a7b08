import colours from "picocolors";
import { routes as armRoutes } from "../arm/surface.ts";
import { routes as dataPlaneRoutes } from "../cosmos/data-plane/surface.ts";
import { routes as cosmosRoutes } from "../cosmos/resource-provider/provider.ts";
import { routes as entraRoutes } from "../entra/surface.ts";
import { routes as graphRoutes } from "../graph/surface.ts";
import { routes as frontRoutes } from "../hosting/front/pipeline.ts";
import { routes as webRoutes } from "../hosting/resource-provider/provider.ts";
import { routes as scmRoutes } from "../hosting/scm/routes.ts";
import { routes as vaultRoutes } from "../key-vault/data-plane/surface.ts";
import { routes as keyVaultRoutes } from "../key-vault/resource-provider/provider.ts";
import { routes as identityRoutes } from "../managed-identity/app-service.ts";
import { routes as managedIdentityRoutes } from "../managed-identity/resource-provider/provider.ts";
import { readRequests } from "./request-record.ts";
import { withoutOfficialClient } from "./routes-without-official-client.ts";

/**
 * Holds the route tables of all surfaces against what the tests' clouds logged: every route was called by an official
 * client, or stands in `routes-without-official-client.ts` with the reason and was called by another one.
 */
const officialClient = /azsdk-|azure-cosmos|azure-sdk|AZURECLI|msal|graph-js/i;

const tables: Readonly<Record<string, readonly string[]>> = {
  arm: [...armRoutes, ...cosmosRoutes, ...webRoutes, ...keyVaultRoutes, ...managedIdentityRoutes],
  cosmos: dataPlaneRoutes,
  entra: entraRoutes,
  graph: graphRoutes,
  "hosting-front": frontRoutes,
  "key-vault": vaultRoutes,
  "managed-identity": identityRoutes,
  scm: scmRoutes,
};

const requests = readRequests();
const routesOf = (entries: typeof requests) =>
  new Set(entries.map(({ surface, route }) => `${surface} ${route}`));
const called = routesOf(requests);
const calledOfficially = routesOf(requests.filter(({ userAgent }) => officialClient.test(userAgent ?? "")));
const declared = Object.entries(tables).flatMap(([surface, routes]) =>
  routes.map((route) => `${surface} ${route}`),
);
const excused = Object.keys(withoutOfficialClient);

const faults: Readonly<Record<string, readonly string[]>> = {
  "no client called": declared.filter((route) => !called.has(route)),
  "no official client called": declared.filter(
    (route) => called.has(route) && !calledOfficially.has(route) && !excused.includes(route),
  ),
  "excused, but called by an official client": excused.filter((route) => calledOfficially.has(route)),
  "excused, but not a route": excused.filter((route) => !declared.includes(route)),
};

for (const [fault, routes] of Object.entries(faults)) {
  for (const route of routes) console.error(`${colours.red(fault)} ${route}`);
  if (routes.length > 0) process.exitCode = 1;
}
const reached = declared.filter((route) => calledOfficially.has(route)).length;
console.log(
  `${declared.length} routes: ${reached} called by an official client, ${excused.length} excused with a reason`,
);
