import type { ArmHandler, ResourceTypeRow } from "./resource-provider.ts";

export type RouteKind = "get" | "head" | "list" | "put" | "patch" | "delete" | "action";

/** One route: a verb on a path template, with the row that it comes from and the action that it needs. */
export interface Route {
  /** `GET /subscriptions/{subscriptionId}/…`, as the request log names it. */
  readonly name: string;
  readonly method: string;
  readonly kind: RouteKind;
  readonly template: readonly string[];
  readonly row: ResourceTypeRow;
  /** Control-plane action; may hold `{placeholders}` of the template. */
  readonly action: string;
  /** How many segments at the end are a suffix and not part of the resource's id. */
  readonly suffixLength: number;
  readonly handler: ArmHandler;
}

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a path and method lead to: a route, a path that has other methods only, or nothing. */
export type RouteLookup =
  | ({ readonly kind: "match" } & RouteMatch)
  | { readonly kind: "otherMethods"; readonly methods: readonly string[] }
  | { readonly kind: "unknown" };

export interface RouteTable {
  readonly routes: readonly Route[];
  /** @param segments path segments, decoded; literals compare without case. */
  find(method: string, segments: readonly string[]): RouteLookup;
}

/** The routes of a row's verbs; the same for bound rows and for static ones. */
export function routeNames(rows: readonly Parameters<typeof verbsOf>[0][]): readonly string[] {
  return rows.flatMap((row) => verbsOf(row).map(({ method, path }) => `${method} ${path}`));
}

export function createRouteTable(rows: readonly ResourceTypeRow[]): RouteTable {
  const routes = rows.flatMap(routesOf);
  const specific = routes.toSorted((a, b) => openness(a.template) - openness(b.template));
  return {
    routes,
    find(method, segments) {
      const methods = new Set<string>();
      for (const route of specific) {
        const parameters = matchTemplate(route.template, segments);
        if (parameters === undefined) continue;
        if (route.method === method) return { kind: "match", route, parameters };
        methods.add(route.method);
      }
      return methods.size === 0 ? { kind: "unknown" } : { kind: "otherMethods", methods: [...methods] };
    },
  };
}

interface Verb {
  readonly method: string;
  readonly kind: RouteKind;
  readonly path: string;
  readonly verb: "read" | "write" | "delete" | undefined;
  readonly actionIndex?: number;
}

interface VerbRow {
  readonly path: string;
  readonly get?: unknown;
  readonly head?: unknown;
  readonly list?: unknown;
  readonly put?: unknown;
  readonly patch?: unknown;
  readonly delete?: unknown;
  readonly actions?: readonly { readonly method: string; readonly suffix: string }[];
}

const inGroup =
  /^\/subscriptions\/\{[^}]+\}\/resourceGroups\/\{[^}]+\}(\/providers\/[^/]+\/[^/]+)\/\{[^}]+\}$/;

function verbsOf(row: VerbRow): readonly Verb[] {
  const { path } = row;
  const collection = path.slice(0, path.lastIndexOf("/")) || "/";
  const acrossGroups = inGroup.exec(path)?.[1];
  const verbs: (Verb | false)[] = [
    row.get !== undefined && { method: "GET", kind: "get", path, verb: "read" },
    (row.head !== undefined || (row.get !== undefined && path.includes("/{resourceGroupName}"))) && {
      method: "HEAD",
      kind: "head",
      path,
      verb: "read",
    },
    row.list !== undefined && { method: "GET", kind: "list", path: collection, verb: "read" },
    row.list !== undefined &&
      acrossGroups !== undefined && {
        method: "GET",
        kind: "list",
        path: `/subscriptions/{subscriptionId}${acrossGroups}`,
        verb: "read",
      },
    row.put !== undefined && { method: "PUT", kind: "put", path, verb: "write" },
    row.patch !== undefined && { method: "PATCH", kind: "patch", path, verb: "write" },
    row.delete !== undefined && { method: "DELETE", kind: "delete", path, verb: "delete" },
    ...(row.actions ?? []).map(
      ({ method, suffix }, actionIndex): Verb => ({
        method,
        kind: "action",
        path: `${path}/${suffix}`,
        verb: undefined,
        actionIndex,
      }),
    ),
  ];
  return verbs.filter((verb) => verb !== false);
}

function routesOf(row: ResourceTypeRow): readonly Route[] {
  return verbsOf(row).flatMap((verb): Route[] => {
    const { method, kind, path } = verb;
    const action = verb.actionIndex === undefined ? undefined : row.actions?.[verb.actionIndex];
    const handler = kind === "action" ? action?.handler : (row[kind] ?? row.get);
    if (handler === undefined) return [];
    return [
      {
        name: `${method} ${path}`,
        method,
        kind,
        template: path.split("/").filter((segment) => segment !== ""),
        row,
        action: action?.action ?? `${row.actionType ?? row.type}/${verb.verb}`,
        suffixLength: action?.suffix.split("/").length ?? 0,
        handler,
      },
    ];
  });
}

/** Literal paths come before open ones, scope paths (any number of segments) last. */
function openness(template: readonly string[]): number {
  const open = template.filter((segment) => segment.startsWith("{")).length;
  return template[0] === "{scope}" ? 1000 + open : open;
}

function matchTemplate(
  template: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  let offset = 0;
  if (template[0] === "{scope}") {
    offset = segments.length - (template.length - 1);
    if (offset < 0) return undefined;
    parameters.scope = segments.slice(0, offset).join("/");
    offset -= 1;
  }
  if (template.length + offset !== segments.length) return undefined;
  for (const [index, expected] of template.entries()) {
    if (expected === "{scope}") continue;
    const actual = segments[index + offset] ?? "";
    if (expected.startsWith("{")) parameters[expected.slice(1, -1)] = actual;
    else if (expected.toLowerCase() !== actual.toLowerCase()) return undefined;
  }
  return parameters;
}
