/** The one stack that the local cloud runs: `NODE|24-lts`, by the Node.js that runs the cloud itself. */
export const supportedStack = "NODE|24-lts";

/** Whether a `linuxFxVersion` means that stack; App Service pins the major version only. */
export function isSupportedStack(linuxFxVersion: string): boolean {
  return /^NODE\|24(-lts)?$/i.test(linuxFxVersion);
}
