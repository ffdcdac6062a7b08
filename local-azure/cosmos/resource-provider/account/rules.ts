import { isDeepStrictEqual } from "node:util";
import { isLocation, locationNames, normalizeLocation } from "../../../arm/locations.ts";
import type { ArmCall } from "../../../arm/resource-provider.ts";
import { badRequest, unsupported } from "../errors.ts";
import type { CosmosServices } from "../services.ts";
import { accountType } from "../types.ts";
import type { AccountSettings } from "./settings.ts";

/**
 * 3 to 44 lower-case letters, digits and inner hyphens, unique in the cloud because it is a DNS name on Azure
 * (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftdocumentdb).
 *
 * @throws ArmError 400 BadRequest.
 */
export function checkAccountName(call: ArmCall, { resources }: CosmosServices): void {
  const name = call.parameters.accountName ?? "";
  const invalid = [...name].findIndex(
    (character, index) =>
      !/[a-z0-9-]/.test(character) || (character === "-" && (index === 0 || index === name.length - 1)),
  );
  if (invalid >= 0) {
    throw badRequest(
      call,
      `The character '${[...name][invalid]}' at index ${invalid} is not allowed in the DatabaseAccount name`,
    );
  }
  if (name.length < 3 || name.length > 44) {
    throw badRequest(call, "DatabaseAccount name must be at least 3 characters and at most 44 characters");
  }
  if (resources.list(accountType).some((other) => other.name === name)) {
    throw badRequest(call, `Dns record for ${name} under zone Document is already taken.`);
  }
}

const supportedCapabilities = ["EnableServerless"];

/** @throws ArmError 400 BadRequest for settings that do not fit together or with what this local cloud does. */
export function checkSettings(call: ArmCall, kind: string, settings: AccountSettings): void {
  if (kind !== "GlobalDocumentDB") throw unsupported(call, `The account kind '${kind}'`);
  const strange = settings.capabilities.find(({ name }) => !supportedCapabilities.includes(name));
  if (strange !== undefined) throw unsupported(call, `The capability '${strange.name}'`);
  const { locations } = settings;
  const unknown = locations.find(({ locationName }) => !isLocation(locationName));
  if (unknown !== undefined) {
    throw badRequest(
      call,
      `The location '${unknown.locationName}' is not known. Known are '${locationNames.join(",")}'.`,
    );
  }
  const names = new Set(locations.map(({ locationName }) => normalizeLocation(locationName)));
  if (names.size !== locations.length) throw badRequest(call, "A location is listed more than once.");
  const priorities = locations.map(({ failoverPriority }) => failoverPriority).toSorted((a, b) => a - b);
  if (priorities.some((priority, index) => priority !== index)) {
    throw badRequest(
      call,
      `The failover priorities of ${locations.length} locations must be 0 to ${locations.length - 1}, each once.`,
    );
  }
  if (isServerless(settings) && locations.length > 1) {
    throw badRequest(call, "A serverless account has a single location.");
  }
}

export function isServerless({ capabilities }: Pick<AccountSettings, "capabilities">): boolean {
  return capabilities.some(({ name }) => name === "EnableServerless");
}

/** What a change compares: settings, tags and identity. */
export interface Changeable {
  readonly settings: AccountSettings;
  readonly rest: unknown;
}

/**
 * Rules for changing an account. Backup may be switched to continuous, or its tier changed, by itself only
 * (https://github.com/Azure/bicep-types-az/issues/1940), and never back.
 *
 * @throws ArmError 400 BadRequest.
 */
export function checkChange(call: ArmCall, before: Changeable, after: Changeable): void {
  if (isServerless(before.settings) !== isServerless(after.settings)) {
    throw badRequest(
      call,
      "The capability 'EnableServerless' can be neither added to an account nor removed.",
    );
  }
  const fault = backupFault(before.settings.backupPolicy, after.settings.backupPolicy);
  if (fault === undefined) return;
  if (fault.always) throw badRequest(call, fault.message);
  const others = ({ settings, rest }: Changeable) => ({ ...settings, backupPolicy: undefined, rest });
  if (!isDeepStrictEqual(others(before), others(after))) throw badRequest(call, fault.message);
}

type Backup = AccountSettings["backupPolicy"];

function backupFault(before: Backup, after: Backup): { message: string; always?: true } | undefined {
  if (before.type === "Continuous" && after.type === "Periodic") {
    return { message: "Continuous backup mode cannot be disabled once it is enabled.", always: true };
  }
  if (before.type === "Periodic" && after.type === "Continuous") {
    return { message: "Cannot update continuous backup mode and other properties at the same time." };
  }
  if (before.type !== "Continuous" || after.type !== "Continuous") return undefined;
  if (before.continuousModeProperties.tier === after.continuousModeProperties.tier) return undefined;
  return { message: "Cannot update Continuous Mode Tier and other properties at the same time." };
}
