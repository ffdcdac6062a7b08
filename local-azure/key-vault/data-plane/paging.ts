import { badParameter } from "./errors.ts";
import type { VaultAnswer, VaultCall } from "./exchange.ts";

const largestPage = 25;

/**
 * One page of `all`, which is ordered by `keyOf`: at most `maxresults` items (25 unless said, and never more), from after
 * the key in `$skiptoken`. A page may hold what was set meanwhile, and never shows an item twice.
 *
 * @param path path of the list, for the link to the next page.
 * @throws KeyVaultError 400 BadParameter for a `maxresults` outside 1 to 25.
 */
export function page<Item>(
  { vault, query }: Pick<VaultCall, "vault" | "query">,
  path: string,
  all: readonly Item[],
  keyOf: (item: Item) => string,
  show: (item: Item) => unknown,
): VaultAnswer {
  const size = readSize(query.get("maxresults"));
  const token = query.get("$skiptoken");
  const after = token === null ? undefined : Buffer.from(token, "base64url").toString("utf8");
  const rest = after === undefined ? all : all.filter((item) => keyOf(item) > after);
  const items = rest.slice(0, size);
  const last = items.at(-1);
  const more = rest.length > items.length && last !== undefined;
  return {
    status: 200,
    body: {
      value: items.map(show),
      nextLink: more ? nextLink(vault.origin + path, query, keyOf(last)) : null,
    },
  };
}

function nextLink(list: string, query: URLSearchParams, key: string): string {
  const url = new URL(list);
  for (const name of ["api-version", "maxresults"]) {
    const value = query.get(name);
    if (value !== null) url.searchParams.set(name, value);
  }
  url.searchParams.set("$skiptoken", Buffer.from(key).toString("base64url"));
  return url.href;
}

function readSize(text: string | null): number {
  if (text === null) return largestPage;
  const size = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= largestPage) return size;
  throw badParameter(`The parameter maxresults must be a number from 1 to ${largestPage}.`);
}
