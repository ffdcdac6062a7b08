/** How this workload proves who it is to Cosmos DB. */
export type AccessSettings =
  | { readonly mode: "managedIdentity" }
  | {
      readonly mode: "clientSecret";
      /** Client id and tenant of the registration whose secret it is. */
      readonly clientId: string;
      readonly tenantId: string;
      /** Origin of the token service. */
      readonly authority: string;
      readonly vaultUrl: string;
      readonly secretName: string;
    };

/** Each variable of the client secret with what it must hold. */
const needed = {
  AZURE_COSMOS_CLIENTID: "the client id of the registration whose secret is used",
  AZURE_COSMOS_TENANTID: "the tenant of that registration",
  AZURE_COSMOS_AUTHORITY: "the https origin of the token service",
  AZURE_KEYVAULT_RESOURCEENDPOINT: "the https URI of the vault that keeps the secret",
  COSMOS_CLIENT_SECRET_NAME: "the name of the secret in the vault",
} as const;

/** A client secret where the deployment names one in a vault, otherwise the site's managed identity. */
export function readAccessSettings(environment: NodeJS.ProcessEnv, faults: string[]): AccessSettings {
  const names = Object.keys(needed) as (keyof typeof needed)[];
  if (names.every((name) => environment[name] === undefined)) return { mode: "managedIdentity" };
  for (const name of names) {
    const value = environment[name] ?? "";
    const url = /AUTHORITY|ENDPOINT/.test(name);
    if (value === "" || (url && URL.parse(value)?.protocol !== "https:")) {
      faults.push(`${name} must hold ${needed[name]}`);
    }
  }
  return {
    mode: "clientSecret",
    clientId: environment.AZURE_COSMOS_CLIENTID ?? "",
    tenantId: environment.AZURE_COSMOS_TENANTID ?? "",
    authority: environment.AZURE_COSMOS_AUTHORITY ?? "",
    vaultUrl: environment.AZURE_KEYVAULT_RESOURCEENDPOINT ?? "",
    secretName: environment.COSMOS_CLIENT_SECRET_NAME ?? "",
  };
}
