import { z } from "zod";
import { type StackOutputs, stackOutputsSchema } from "../infra/outputs/schema.ts";

/** An identity that was made for these tests and holds no grant. */
const strangerSchema = z.union([
  z.object({ clientId: z.guid(), secret: z.string(), principalId: z.guid() }),
  z.object({ unavailable: z.string() }),
]);

const targetSchema = z.object({
  outputs: stackOutputsSchema,
  /** Object id of whoever runs the tests, from their token. */
  runner: z.guid(),
  stranger: strangerSchema,
});

/** What the tests run against: handed from run.ts to the test processes through their environment. */
export type Target = z.infer<typeof targetSchema>;
export type Stranger = z.infer<typeof strangerSchema>;

const variable = "SMOKE_TARGET";

export function targetEnvironment(target: {
  outputs: StackOutputs;
  runner: string;
  stranger: Stranger;
}): Record<string, string> {
  return { [variable]: JSON.stringify(target) };
}

/**
 * The target of this run.
 *
 * @throws Error when the tests were started without run.ts.
 */
export function readTarget(environment: NodeJS.ProcessEnv = process.env): Target {
  const text = environment[variable];
  if (text === undefined)
    throw new Error("Start the smoke tests with `npm run smoke`: it says what they run against.");
  return targetSchema.parse(JSON.parse(text));
}
