import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { addressList, isAddressOrRange } from "./address-list.ts";

test.each([
  [["10.1.0.0/16"], "10.1.255.255", true],
  [["10.1.0.0/16"], "10.2.0.0", false],
  [["203.0.113.7"], "203.0.113.7", true],
  [["203.0.113.7"], "203.0.113.8", false],
  [["2001:db8::/32"], "2001:db8::1", true],
  [["127.0.0.1"], "::1", true],
  [["::1"], "127.0.0.1", true],
  [["::1"], "127.0.0.2", false],
  [["10.0.0.0/33", "somewhere"], "10.0.0.0", false],
  [[], "127.0.0.1", false],
])("%j holds %s: %s", (entries, address, expected) => {
  expect(addressList(entries).holds(address)).toBe(expected);
});

test("a range holds exactly the addresses that share its first bits", () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff), fc.integer({ min: 0, max: 32 }), (a, b, bits) => {
      const prefix = (value: number) => (bits === 0 ? 0 : value >>> (32 - bits));
      const text = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
      const entry = `${text(a)}/${bits}`;
      expect(isAddressOrRange(entry)).toBe(true);
      // Loopback's second address is another rule.
      if (text(b) !== "127.0.0.1") expect(addressList([entry]).holds(text(b))).toBe(prefix(a) === prefix(b));
    }),
  );
});
