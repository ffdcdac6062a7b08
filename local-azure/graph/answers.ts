import type { DirectoryObject } from "../entra/directory.ts";
import type { GraphAnswer, GraphCall } from "./call.ts";
import { filterableOf, type GraphType } from "./filterable.ts";
import { pageTokenOf, readQuery, readSelectOnly, selectProperties } from "./odata/query.ts";
import type { Properties } from "./properties.ts";
import { odataType, represent } from "./representation.ts";

export interface List {
  /** The collection's name in `@odata.context`. */
  readonly context: string;
  readonly type: GraphType;
  /** As Graph shows them, each with an `id`; answered in the order of their ids. */
  readonly items: readonly Properties[];
  /** The properties of a read that names none; all of them where this is undefined. */
  readonly shown?: readonly string[] | undefined;
}

/** A page of a list, filtered as the request asks, with the link to the next one. @throws GraphError 400. */
export function answerList(call: GraphCall, { context, type, items, shown }: List): GraphAnswer {
  const { base, url, platform, eventual } = call;
  const query = readQuery(url.searchParams, { type, filterable: filterableOf(type), eventual });
  const matching = items.filter(query.matches).sort(byId);
  const { after } = query;
  const rest = after === undefined ? matching : matching.filter(({ id }) => String(id) > after);
  const page = rest.slice(0, query.top);
  const next = new URL(url.pathname + url.search, platform.origin);
  next.searchParams.set("$skiptoken", pageTokenOf(String(page.at(-1)?.id)));
  return {
    status: 200,
    body: {
      "@odata.context": `${base}/$metadata#${context}`,
      ...(query.count ? { "@odata.count": matching.length } : {}),
      ...(rest.length > page.length ? { "@odata.nextLink": next.href } : {}),
      value: page.map((item) => selectProperties(item, query.select ?? shown)),
    },
  };
}

/** One object as the request selects it. @throws GraphError 400. */
export function answerOne(
  { base, url }: Pick<GraphCall, "base" | "url">,
  context: string,
  object: Properties,
  shown?: readonly string[],
): GraphAnswer {
  const select = readSelectOnly(url.searchParams);
  return { status: 200, body: withContext(base, context, selectProperties(object, select ?? shown)) };
}

/** 201 with the new object and its address. */
export function answerCreated(
  { base }: Pick<GraphCall, "base">,
  {
    context,
    location,
    object,
  }: { readonly context: string; readonly location: string; readonly object: Properties },
): GraphAnswer {
  return {
    status: 201,
    headers: { Location: `${base}/${location}` },
    body: withContext(base, context, object),
  };
}

export const noContent: GraphAnswer = { status: 204 };

/** Objects of several types in one list: each says which it is. */
export function withType(
  object: DirectoryObject,
  { directory, replication }: Pick<GraphCall, "directory" | "replication">,
) {
  return { "@odata.type": odataType(object), ...represent(object, { directory, replication }) };
}

function withContext(base: string, context: string, object: Properties): Properties {
  return { "@odata.context": `${base}/$metadata#${context}`, ...object };
}

function byId(one: Properties, other: Properties): number {
  return String(one.id) < String(other.id) ? -1 : 1;
}
