import { z } from "zod";
import { invalidRequestContent } from "./errors.ts";

/**
 * Reads a request body by a schema.
 *
 * @throws ArmError 400 InvalidRequestContent that lists every fault with its path.
 */
export function readModel<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  if (body === undefined) throw invalidRequestContent("The request has no body");
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw invalidRequestContent(faults.join("; "));
}

/** Up to 50 tags; names of 1 to 512 characters, values of up to 256. */
export const tagsSchema = z
  .record(z.string().min(1).max(512), z.string().max(256))
  .refine((tags) => Object.keys(tags).length <= 50, "a resource has at most 50 tags");
