import { isRedirectUri, redirectPlatforms } from "../../entra/sign-in/redirect-uris.ts";
import { badRequest } from "../graph-error.ts";
import { isObject, type Properties } from "../properties.ts";

/**
 * Checks the redirect URIs that are written to an application.
 *
 * @throws GraphError 400 for one that a person could not be sent back to, or must not be.
 */
export function checkRedirectUris(changes: Properties): void {
  for (const platform of redirectPlatforms) {
    const block = changes[platform];
    const uris = isObject(block) && Array.isArray(block.redirectUris) ? block.redirectUris : [];
    const wrong = uris.map(String).find((uri) => !isRedirectUri(uri, platform));
    if (wrong === undefined) continue;
    const custom = platform === "publicClient" ? ", or have a scheme of the application's own" : "";
    throw badRequest(
      `Invalid value specified for property 'redirectUris' of '${platform}' of resource 'Application': '${wrong.slice(0, 200)}' must be an absolute URI without a fragment and start with https, or with http on localhost${custom}.`,
    );
  }
}
