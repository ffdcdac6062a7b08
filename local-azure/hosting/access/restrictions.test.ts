import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { admits, normalizeRanges, readRestrictions } from "./restrictions.ts";

const rule = (action: "Allow" | "Deny", priority: number, ipAddress: string) => ({
  action,
  priority,
  ipAddress,
  tag: "Default" as const,
});

test.each<[string, ReturnType<typeof rule>[], string | undefined, string, boolean]>([
  ["no rules", [], undefined, "203.0.113.7", true],
  ["no rules, all denied", [], "Deny", "203.0.113.7", false],
  ["an address within", [rule("Allow", 100, "203.0.113.0/24")], undefined, "203.0.113.7", true],
  ["an address outside", [rule("Allow", 100, "203.0.113.0/24")], undefined, "203.0.114.7", false],
  ["outside, all else allowed", [rule("Deny", 100, "203.0.113.0/24")], "Allow", "203.0.114.7", true],
  ["one of several ranges", [rule("Allow", 100, "10.0.0.0/8,::1/128")], "Deny", "::1", true],
  ["a mapped address", [rule("Allow", 100, "127.0.0.0/8")], "Deny", "::ffff:127.0.0.1", true],
  ["the other family", [rule("Allow", 100, "0.0.0.0/0")], "Deny", "2001:db8::1", false],
  ["all of IPv6", [rule("Allow", 100, "::/0")], "Deny", "2001:db8::1", true],
  [
    "the lower number first",
    [rule("Allow", 200, "10.0.0.0/8"), rule("Deny", 100, "10.1.0.0/16")],
    "Deny",
    "10.1.2.3",
    false,
  ],
  [
    "the lower number first, other way round",
    [rule("Deny", 200, "10.1.0.0/16"), rule("Allow", 100, "10.0.0.0/8")],
    "Deny",
    "10.1.2.3",
    true,
  ],
])("%s", (_, rules, defaultAction, address, admitted) => {
  expect(admits(readRestrictions(rules, defaultAction), address)).toBe(admitted);
});

describe("ranges", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7/32"],
    ["::1", "::1/128"],
    ["10.0.0.0/8, 192.168.0.0/16", "10.0.0.0/8,192.168.0.0/16"],
    ["10.0.0.0/33", undefined],
    ["10.0.0/8", undefined],
    ["10.0.0.0/8/8", undefined],
    ["10.0.0.0/-1", undefined],
    ["localhost", undefined],
    ["", undefined],
    [Array(9).fill("10.0.0.0/8").join(","), undefined],
  ])("%s", (written, kept) => {
    expect(normalizeRanges(written)).toBe(kept);
  });

  test("hold an IPv4 address when its first bits are theirs", () => {
    const address = fc.nat(0xffffffff);
    const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (network, client, prefix) => {
        const same = [...Array(prefix).keys()].every(
          (bit) => (((network ^ client) >>> (31 - bit)) & 1) === 0,
        );
        const rules = [rule("Allow", 100, `${dotted(network)}/${prefix}`)];
        expect(admits(readRestrictions(rules, "Deny"), dotted(client))).toBe(same);
      }),
    );
  });
});
