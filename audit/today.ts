import { z } from "zod";
import { pulumi } from "../connection/stack.ts";
import { parseWrittenDate } from "../infra/settings/reading/written-date.ts";
import { currentDay } from "../infra/settings/reminders.ts";

const configSchema = z.record(z.string(), z.object({ value: z.string().optional() }));

/**
 * The day to reckon from, `YYYY-MM-DD` in UTC: the setting `keyless-cosmos:today` of the stack, otherwise the real one.
 *
 * @throws ConnectionError KC-PULUMI.
 */
export async function todayOf(stack: string): Promise<string> {
  const config = configSchema.parse(JSON.parse(await pulumi(["config", "--json", "--stack", stack])));
  const set = config["keyless-cosmos:today"]?.value;
  const today = set === undefined ? undefined : parseWrittenDate(set);
  return currentDay(today === undefined ? {} : { today });
}
