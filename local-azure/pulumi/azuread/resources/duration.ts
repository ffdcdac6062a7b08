const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Reads a duration as Go writes it, for example `2400h30m` (https://pkg.go.dev/time#ParseDuration).
 * @returns milliseconds, or `undefined` when it is none
 */
export function durationOf(text: string): number | undefined {
  const [, sign, parts = ""] = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|ms|s|m|h))+)$/.exec(text) ?? [];
  if (parts === "") return undefined;
  const sum = [...parts.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (total, [, count = "0", unit = "s"]) => total + Number(count) * (units[unit] ?? 0),
    0,
  );
  return sign === "-" ? -sum : sum;
}
