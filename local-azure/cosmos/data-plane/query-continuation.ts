import { badRequest } from "./errors.ts";

/** Where a query's next page begins. */
export type Place =
  /** After the item created as `after`, without the first `skip` results of the one that follows. */
  | { readonly kind: "item"; readonly after: number; readonly skip: number }
  /** At the result `offset`, which the numbered snapshot may still hold. */
  | { readonly kind: "result"; readonly offset: number; readonly snapshot: number };

const form = /^(item|result):(\d{1,15}):(\d{1,15})$/;

/** The header `x-ms-continuation` of a page that is not the last. */
export function formatPlace(place: Place): string {
  return place.kind === "item"
    ? `item:${place.after}:${place.skip}`
    : `result:${place.offset}:${place.snapshot}`;
}

/** @throws CosmosError 400 for a token that no page was sent with. */
export function readPlace(token: string | undefined): Place | undefined {
  if (token === undefined || token === "") return undefined;
  const [, kind, first, second] = form.exec(token) ?? [];
  if (kind === "item") return { kind, after: Number(first), skip: Number(second) };
  if (kind === "result") return { kind, offset: Number(first), snapshot: Number(second) };
  throw badRequest("The continuation token is malformed.");
}
