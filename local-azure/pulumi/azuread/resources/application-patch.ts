import type { HttpResponse } from "../../provider/http.ts";
import type { Values } from "../../provider/values.ts";
import { reasonOf } from "../graph/graph-error.ts";
import type { Operation } from "./operation.ts";

/** Refusals of a PATCH that pass: the directory has not caught up with the application or with its own last change. */
export function applicationLags(response: HttpResponse): boolean {
  if (response.status === 404 || response.status === 409) return true;
  return (
    response.status === 400 &&
    reasonOf(response).includes(
      "Permission (scope or role) cannot be deleted or updated unless disabled first",
    )
  );
}

/**
 * Changes an application.
 * @param summary what is tried, for the error
 * @throws {GraphError}
 */
export async function patchApplication(
  { graph }: Operation,
  objectId: string,
  summary: string,
  body: Values,
): Promise<void> {
  await graph.call(summary, {
    method: "PATCH",
    path: `/applications/${objectId}`,
    body: { "@odata.type": "#microsoft.graph.application", ...body },
    retryWhen: applicationLags,
  });
}
