import { readFileSync } from "node:fs";
import type { Values } from "../../provider/values.ts";
import type { ProviderFunction } from "./function.ts";

/** Application ids of APIs that Microsoft publishes, by the names that the official plugin gives them. */
export const getApplicationPublishedAppIds: ProviderFunction = async () => {
  const file = new URL("./published-app-ids.json", import.meta.url);
  return { id: "appIds", result: JSON.parse(readFileSync(file, "utf8")) as Values };
};
