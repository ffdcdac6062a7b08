import { routeTable } from "./route-table.ts";

/** Every route of Graph, below `/graph`, as the request log names it. */
export const routes: readonly string[] = Object.keys(routeTable);

const table = routes.map((route) => {
  const [method = "", path = ""] = route.split(" ");
  const [, , ...segments] = path.split("/");
  return { route, method, segments };
});

/** The version and the segments behind it of a path below `/graph`. */
export function readPath(
  pathname: string,
  tenantId: string,
): { readonly version: string; readonly path: readonly string[] } {
  const [version = "", ...path] = pathname
    .split("/")
    .filter((segment) => segment !== "")
    .slice(1)
    .flatMap(splitKey);
  const namesTenant = path[0]?.toLowerCase() === tenantId || path[0]?.toLowerCase() === "myorganization";
  return { version, path: namesTenant ? path.slice(1) : path };
}

/** The route that answers, with what stands in place of its parameters. Segments compare without case, as in OData. */
export function matchRoute(
  method: string,
  path: readonly string[],
): { readonly route: string; readonly parameters: Readonly<Record<string, string>> } | undefined {
  const found = table.find((row) => row.method === method && fits(row.segments, path));
  if (found === undefined) return undefined;
  const parameters = found.segments.flatMap((segment, index) =>
    segment.startsWith(":") ? [[segment.slice(1), path[index] ?? ""]] : [],
  );
  return { route: found.route, parameters: Object.fromEntries(parameters) };
}

function fits(segments: readonly string[], path: readonly string[]): boolean {
  return (
    segments.length === path.length &&
    segments.every((segment, index) => {
      const given = path[index] ?? "";
      if (segment === ":cast") return given.startsWith("microsoft.graph.");
      return segment.startsWith(":") || segment.toLowerCase() === given.toLowerCase();
    })
  );
}

/** `applications(appId='…')` and `applications('…')` name one object, as `applications/…` does. */
function splitKey(segment: string): readonly string[] {
  const decoded = decode(segment);
  const [, collection, byAppId, key] = /^(\w+)\((appId=)?'([^']*)'\)$/i.exec(decoded) ?? [];
  if (collection === undefined || key === undefined) return [decoded];
  return [collection, byAppId === undefined ? key : `appId=${key}`];
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
