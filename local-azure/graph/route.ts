import { operations } from "./operations.ts";

/** Every route of Graph, below `/graph`, as the request log names it. */
export const routes: readonly string[] = Object.keys(operations);

const table = routes.map((route) => {
  const [method = "", path = ""] = route.split(" ");
  const [, , ...segments] = path.split("/");
  return { route, method, segments };
});

/** The version and the segments behind it of a path below `/graph`. */
export function readPath(pathname: string): { readonly version: string; readonly path: readonly string[] } {
  const [version = "", ...path] = pathname
    .split("/")
    .filter((segment) => segment !== "")
    .slice(1)
    .flatMap(splitKey);
  return { version, path };
}

/** The route that answers, with what stands in place of `:id`. Names of segments compare without case, as in OData. */
export function matchRoute(
  method: string,
  path: readonly string[],
): { readonly route: string; readonly id: string } | undefined {
  const fits = (segments: readonly string[]) =>
    segments.length === path.length &&
    segments.every(
      (segment, index) => segment === ":id" || segment.toLowerCase() === path[index]?.toLowerCase(),
    );
  const found = table.find((row) => row.method === method && fits(row.segments));
  if (found === undefined) return undefined;
  return { route: found.route, id: path[found.segments.indexOf(":id")] ?? "" };
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
