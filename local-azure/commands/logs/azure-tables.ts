import type { RequestLogEntry } from "../../core/request-log.ts";
import { printableJson } from "./printable-json.ts";

/** One record as Azure Monitor keeps it: `Type` is its table, `TimeGenerated` when it happened. */
export type AzureRecord = Readonly<Record<string, unknown>> & {
  readonly TimeGenerated: string;
  readonly Type: string;
};

/**
 * A line of `requests.jsonl` as a record of CDBDataPlaneRequests; undefined for a request to another surface.
 * https://learn.microsoft.com/azure/azure-monitor/reference/tables/cdbdataplanerequests
 */
export function dataPlaneRecord(line: string): AzureRecord | undefined {
  // Most lines of a busy log may be another surface's: this spares reading them.
  if (!line.includes('"dataPlane":')) return undefined;
  const entry = parse(line) as RequestLogEntry | undefined;
  if (entry?.dataPlane === undefined) return undefined;
  const { dataPlane } = entry;
  return {
    TimeGenerated: entry.time,
    Type: "CDBDataPlaneRequests",
    AccountName: dataPlane.account,
    DatabaseName: dataPlane.database,
    CollectionName: dataPlane.container,
    OperationName: dataPlane.operationName,
    RequestResourceType: dataPlane.resourceType,
    RequestResourceId: entry.path,
    StatusCode: entry.status,
    ActivityId: entry.correlationId,
    AadPrincipalId: entry.principalId,
    AadAppliedRoleAssignmentId: dataPlane.roleAssignmentId,
    AuthTokenType: dataPlane.authTokenType,
    ClientIpAddress: dataPlane.clientIpAddress,
    ConnectionMode: "Gateway",
    RegionName: dataPlane.region,
    RequestCharge: dataPlane.requestCharge,
    RequestLength: dataPlane.requestLength,
    ResponseLength: dataPlane.responseLength,
    DurationMs: entry.durationMs,
    UserAgent: entry.userAgent,
  };
}

/** The table of each category of sign-in logs (https://learn.microsoft.com/entra/identity/monitoring-health/concept-sign-ins). */
const signInTables: Readonly<Record<string, string>> = {
  SignInLogs: "SigninLogs",
  NonInteractiveUserSignInLogs: "AADNonInteractiveUserSignInLogs",
  ServicePrincipalSignInLogs: "AADServicePrincipalSignInLogs",
  ManagedIdentitySignInLogs: "AADManagedIdentitySignInLogs",
};

/** A line of `sign-ins.jsonl`, which has Azure's columns already; undefined for one that a kill cut off. */
export function signInRecord(line: string): AzureRecord | undefined {
  const columns = parse(line);
  if (columns === undefined) return undefined;
  const category = String(columns.Category);
  return {
    TimeGenerated: String(columns.CreatedDateTime),
    Type: signInTables[category] ?? category,
    ...columns,
  };
}

/** The columns that say who a record is about. */
const principalColumns = [
  "AadPrincipalId",
  "ServicePrincipalId",
  "ServicePrincipalName",
  "UserId",
  "UserPrincipalName",
  "AppId",
];

/** Whether a record is about `principal`: an object id, an application id, or a name; without case. */
export function isAbout(record: AzureRecord, principal: string): boolean {
  const wanted = principal.toLowerCase();
  return principalColumns.some((column) => String(record[column] ?? "").toLowerCase() === wanted);
}

/** For people: time and table, then each column that has a value. */
export function describeRecord({ TimeGenerated, Type, ...columns }: AzureRecord): string {
  const pairs = Object.entries(columns).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [`${name}=${plain(value)}`],
  );
  return [TimeGenerated, Type, ...pairs].join(" ");
}

/** Quoted where a reader could not tell where it ends, or where it is more than printable ASCII. */
function plain(value: unknown): string {
  return typeof value === "string" && /^[\x21\x23-\x3c\x3e-\x7e]+$/.test(value)
    ? value
    : printableJson(value);
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
