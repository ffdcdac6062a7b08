import type { DirectoryObject } from "../../entra/directory.ts";
import { type Properties, withDefaults } from "../properties.ts";

/** A group as Graph shows it. */
export function representGroup({ id, properties, createdDateTime }: DirectoryObject): Properties {
  return {
    ...withDefaults(defaults, properties),
    renewedDateTime: createdDateTime,
    securityIdentifier: securityIdentifier(id),
  };
}

/** The SID of an object id: its four 32-bit words, little-endian. */
function securityIdentifier(id: string): string {
  const [a = "", b = "", c = "", d = "", e = ""] = id.split("-");
  const bytes = Buffer.from(a + b + c + d + e, "hex");
  const guid = Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ]);
  const words = [0, 4, 8, 12].map((offset) => guid.readUInt32LE(offset));
  return `S-1-12-1-${words.join("-")}`;
}

const defaults: Properties = {
  classification: null,
  creationOptions: [],
  description: null,
  expirationDateTime: null,
  groupTypes: [],
  isAssignableToRole: null,
  mail: null,
  mailEnabled: false,
  mailNickname: null,
  membershipRule: null,
  membershipRuleProcessingState: null,
  onPremisesDomainName: null,
  onPremisesLastSyncDateTime: null,
  onPremisesNetBiosName: null,
  onPremisesProvisioningErrors: [],
  onPremisesSamAccountName: null,
  onPremisesSecurityIdentifier: null,
  onPremisesSyncEnabled: null,
  preferredDataLocation: null,
  preferredLanguage: null,
  proxyAddresses: [],
  resourceBehaviorOptions: [],
  resourceProvisioningOptions: [],
  securityEnabled: true,
  serviceProvisioningErrors: [],
  theme: null,
  uniqueName: null,
  visibility: null,
};
