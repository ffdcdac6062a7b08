import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readNetworkRules } from "../network-rules.ts";
import type { Vault } from "../vault.ts";
import { page } from "./paging.ts";

const vault: Vault = {
  id: "/vault",
  name: "vault",
  location: "westeurope",
  port: 1,
  origin: "https://localhost:1",
  networkRules: readNetworkRules({}),
};

interface Body {
  readonly value: readonly string[];
  readonly nextLink: string | null;
}

/** Follows the links of a list from its first page on; `between` may change the list after each page. */
function walk(first: readonly string[], size: number, between = (all: readonly string[]) => all): string[][] {
  const pages: string[][] = [];
  let all = first;
  let link: string | null = `https://localhost:1/secrets?api-version=7.5&maxresults=${size}`;
  while (link !== null) {
    const query = new URL(link).searchParams;
    expect([query.get("api-version"), query.get("maxresults")]).toEqual(["7.5", String(size)]);
    const { body } = page(
      { vault, query },
      "/secrets",
      all,
      (name) => name,
      (name) => name,
    );
    const { value, nextLink } = body as Body;
    pages.push([...value]);
    link = nextLink;
    all = between(all);
  }
  return pages;
}

const names = fc
  .uniqueArray(fc.string({ unit: fc.constantFrom("a", "b", "z", "-", "0"), minLength: 1, maxLength: 6 }))
  .map((drawn) => drawn.toSorted());
const sizes = fc.integer({ min: 1, max: 25 });

test("the pages of a list are the list, each as full as it can be", () => {
  fc.assert(
    fc.property(names, sizes, (all, size) => {
      const pages = walk(all, size);
      expect(pages.flat()).toEqual(all);
      for (const one of pages.slice(0, -1)) expect(one).toHaveLength(size);
    }),
  );
});

test("what is deleted meanwhile makes no other item appear twice or go missing", () => {
  fc.assert(
    fc.property(names, sizes, fc.nat(), (all, size, victim) => {
      const doomed = all[victim % Math.max(all.length, 1)];
      const shown = walk(all, size, (now) => now.filter((name) => name !== doomed)).flat();
      expect(shown.filter((name) => name !== doomed)).toEqual(all.filter((name) => name !== doomed));
    }),
  );
});
