import { z } from "zod";
import { readModel } from "../../arm/read-model.ts";
import type { ServiceTypeRow } from "../../arm/resource-provider.ts";
import { siteKey } from "../site.ts";
import { webApiVersions } from "./api-versions.ts";
import type { WebServices } from "./services.ts";
import { siteRow } from "./sites.ts";
import { siteNamed } from "./write-site.ts";

const requestSchema = z.looseObject({ name: z.string(), type: z.string() });

/** Whether a site's name is free: `POST /subscriptions/…/providers/Microsoft.Web/checknameavailability`. */
export const nameAvailabilityRow: ServiceTypeRow<WebServices> = {
  type: "Microsoft.Web/checknameavailability",
  path: "/subscriptions/{subscriptionId}/providers/Microsoft.Web",
  apiVersions: webApiVersions,
  actions: [
    {
      method: "POST",
      suffix: "checknameavailability",
      action: "Microsoft.Web/checknameavailability/read",
      handler(call, { resources }) {
        const { name } = readModel(requestSchema, call.body);
        if (siteRow.name?.pattern.test(name) === false) {
          return answer({ nameAvailable: false, reason: "Invalid", message: siteRow.name.rule });
        }
        if (siteNamed(siteKey(name), resources) !== undefined) {
          const message = `Hostname '${name}' already exists. Please select a different name.`;
          return answer({ nameAvailable: false, reason: "AlreadyExists", message });
        }
        return answer({ nameAvailable: true, reason: "", message: "" });
      },
    },
  ],
};

function answer(body: {
  readonly nameAvailable: boolean;
  readonly reason: string;
  readonly message: string;
}) {
  return { status: 200, body };
}
