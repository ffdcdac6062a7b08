export type ScmRouteName = (typeof scmRoutes)[number]["name"];

const scmRoutes = [
  { name: "POST /api/publish", method: "POST", path: /^\/api\/publish\/?$/ },
  { name: "PUT /api/publish", method: "PUT", path: /^\/api\/publish\/?$/ },
  { name: "POST /api/zipdeploy", method: "POST", path: /^\/api\/zipdeploy\/?$/ },
  { name: "PUT /api/zipdeploy", method: "PUT", path: /^\/api\/zipdeploy\/?$/ },
  { name: "GET /api/deployments", method: "GET", path: /^\/api\/deployments\/?$/ },
  { name: "GET /api/deployments/:id", method: "GET", path: /^\/api\/deployments\/(?<id>[^/]+)\/?$/ },
  { name: "GET /api/deployments/:id/log", method: "GET", path: /^\/api\/deployments\/(?<id>[^/]+)\/log\/?$/ },
] as const;

/** Every route of a site's SCM endpoint, as the request log names it. */
export const routes: readonly string[] = scmRoutes.map(({ name }) => name);

export type ScmRouteLookup =
  | { readonly kind: "match"; readonly name: ScmRouteName; readonly id: string | undefined }
  | { readonly kind: "otherMethods"; readonly methods: readonly string[] }
  | { readonly kind: "unknown" };

/** @param path without its query. Paths compare without case, as in Kudu. */
export function findScmRoute(method: string, path: string): ScmRouteLookup {
  const matches = scmRoutes.flatMap((route) => {
    const match = route.path.exec(
      route.name.startsWith("GET")
        ? path.replace(/^\/api\/deployments/i, "/api/deployments")
        : path.toLowerCase(),
    );
    return match === null ? [] : [{ route, id: match.groups?.id }];
  });
  const found = matches.find(({ route }) => route.method === method);
  if (found !== undefined) return { kind: "match", name: found.route.name, id: found.id };
  if (matches.length === 0) return { kind: "unknown" };
  return { kind: "otherMethods", methods: matches.map(({ route }) => route.method) };
}
