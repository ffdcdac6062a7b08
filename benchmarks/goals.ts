/** What a row of the table should come to: a ratio to the floor of the same run, or a value in the row's own unit. */
export type Goal = { readonly timesFloor: number } | { readonly atMost: number };

/**
 * Goals by phase, with every write durable against a killed process and every request authorized. The ratios are to a
 * floor that answers from memory and authorizes nothing.
 */
export const goals: Readonly<Record<string, Goal>> = {
  a: { timesFloor: 1.16 },
  b: { timesFloor: 1.33 },
  b1: { timesFloor: 1.27 },
  load: { timesFloor: 1.63 },
  c: { timesFloor: 3.1 },
  d: { atMost: 2 },
  e: { timesFloor: 1.94 },
  f: { timesFloor: 2 },
  memory: { atMost: 200 },
  spawn: { atMost: 200 },
};

/** How much of what the goal allows was used, in percent; up to 100 the goal is met. NaN when there is no goal. */
export function percentOfGoal(name: string, ours: number, floor: number): number {
  const goal = goals[name];
  if (goal === undefined) return Number.NaN;
  return (100 * ours) / ("atMost" in goal ? goal.atMost : goal.timesFloor * floor);
}

/** The goal as the table shows it. */
export function describeGoal(name: string): string {
  const goal = goals[name];
  if (goal === undefined) return "";
  return "atMost" in goal ? `≤ ${goal.atMost}` : `≤ ${goal.timesFloor} × floor`;
}
