import type { Throughput } from "../settings/settings.ts";

/** The `options` of a database or container in resource manager; request units per second. */
export interface ThroughputOptions {
  readonly autoscaleSettings?: { readonly maxThroughput: number };
  readonly throughput?: number;
}

/**
 * Says a throughput in resource manager's words.
 *
 * @returns undefined where none is set, so that nothing is sent and Azure's own default holds.
 */
export function throughputOptions(throughput: Throughput | undefined): ThroughputOptions | undefined {
  if (throughput === undefined) return undefined;
  switch (throughput.mode) {
    case "autoscale":
      return { autoscaleSettings: { maxThroughput: throughput.maximum } };
    case "manual":
      return { throughput: throughput.throughput };
  }
}
