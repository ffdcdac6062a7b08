import type { Exchange } from "./exchange.ts";

/** What a key signs of the request's target. */
export interface SignedLink {
  readonly resourceType: string;
  readonly resourceLink: string;
}

/**
 * Resource type and link of a path: for a feed the type is its last segment and the link its parent, for a resource the
 * link is the path itself (https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources). SDKs
 * differ in the type that they sign for a partition's deletion, so there may be several.
 */
export function signedLinks(exchange: Exchange): readonly SignedLink[] {
  const { segments } = exchange;
  if (segments.length === 0) return [{ resourceType: "", resourceLink: "" }];
  if (segments.at(-2) === "operations") {
    const resourceLink = segments.slice(0, -2).join("/");
    return ["colls", "partitionkey"].map((resourceType) => ({ resourceType, resourceLink }));
  }
  const isFeed = segments.length % 2 === 1;
  const resourceType = (isFeed ? segments.at(-1) : segments.at(-2)) ?? "";
  const resourceLink = (isFeed ? segments.slice(0, -1) : segments).join("/");
  const link = { resourceType, resourceLink };
  return resourceType === "offers"
    ? [{ ...link, resourceLink: resourceLink.toLowerCase() }, ...offerLink(segments)]
    : [link];
}

/** An offer is signed by its id alone. */
function offerLink(segments: readonly string[]): readonly SignedLink[] {
  const [, id] = segments;
  return id === undefined ? [] : [{ resourceType: "offers", resourceLink: id.toLowerCase() }];
}
