import colours from "picocolors";
import { routes as armRoutes } from "../arm/surface.ts";
import { routes as dataPlaneRoutes } from "../cosmos/data-plane/surface.ts";
import { routes as cosmosRoutes } from "../cosmos/resource-provider/provider.ts";
import { routes as entraRoutes } from "../entra/surface.ts";
import { routes as graphRoutes } from "../graph/surface.ts";
import { routes as webRoutes } from "../hosting/resource-provider/provider.ts";
import { routes as scmRoutes } from "../hosting/scm/routes.ts";
import { routes as identityRoutes } from "../managed-identity/app-service.ts";
import { readRequests } from "./request-record.ts";
import { withoutOfficialClient } from "./routes-without-official-client.ts";

/**
 * Holds the route tables of all surfaces against what the tests' clouds logged: every route was called by an official
 * client, or stands in `routes-without-official-client.ts` with the reason.
 */
const officialClient = /azsdk-|azure-cosmos|azure-sdk|AZURECLI|msal|pulumi-azure-native/i;

const tables: Readonly<Record<string, readonly string[]>> = {
  arm: [...armRoutes, ...cosmosRoutes, ...webRoutes],
  cosmos: dataPlaneRoutes,
  entra: entraRoutes,
  graph: graphRoutes,
  "managed-identity": identityRoutes,
  scm: scmRoutes,
};

const called = new Set(
  readRequests()
    .filter(({ userAgent }) => officialClient.test(userAgent ?? ""))
    .map(({ surface, route }) => `${surface} ${route}`),
);
const declared = Object.entries(tables).flatMap(([surface, routes]) =>
  routes.map((route) => `${surface} ${route}`),
);
const excused = new Map(Object.entries(withoutOfficialClient));

const uncalled = declared.filter((route) => !called.has(route) && !excused.has(route));
const unknown = [...excused.keys()].filter((route) => !declared.includes(route));

for (const route of uncalled) console.error(`${colours.red("no official client called")} ${route}`);
for (const route of unknown) console.error(`${colours.red("excused, but not a route")} ${route}`);
const reached = declared.filter((route) => called.has(route)).length;
console.log(
  `${declared.length} routes: ${reached} called by an official client, ${excused.size} excused with a reason`,
);
if (uncalled.length > 0 || unknown.length > 0) process.exitCode = 1;
