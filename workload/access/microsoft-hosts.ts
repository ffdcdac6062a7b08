const authorities = [
  "login.microsoftonline.com",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
  "login.chinacloudapi.cn",
];

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers */
const vaultSuffixes = [".vault.azure.net", ".vault.azure.cn", ".vault.usgovcloudapi.net"];

/** Whether `@azure/identity` knows the authority; it checks any other one at a public host unless told not to. */
export function isMicrosoftAuthority(authority: string): boolean {
  return authorities.includes(URL.parse(authority)?.hostname ?? "");
}

/** Whether a vault's host lies under the domain that its tokens are for, as the client of Key Vault checks. */
export function isMicrosoftVault(vaultUrl: string): boolean {
  const hostname = URL.parse(vaultUrl)?.hostname ?? "";
  return vaultSuffixes.some((suffix) => hostname.endsWith(suffix));
}
