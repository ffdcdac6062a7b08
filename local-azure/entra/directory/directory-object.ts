export type DirectoryObjectType = "application" | "servicePrincipal" | "user" | "group";

/** One object of the tenant's directory. */
export interface DirectoryObject {
  /** Object id, a GUID in lower case: what role assignments and the `oid` of tokens name. */
  readonly id: string;
  readonly type: DirectoryObjectType;
  readonly displayName: string;
  /** Client id; applications and service principals have one. */
  readonly appId?: string;
  readonly servicePrincipalType?: "Application" | "ManagedIdentity";
  /** For a managed identity: whether it stands alone (`isExplicit=True`) and the ARM id of its resource. */
  readonly alternativeNames?: readonly string[];
  /** The tenant that owns the application behind a service principal. */
  readonly appOwnerOrganizationId?: string;
  readonly accountEnabled: boolean;
  /** May read and write the directory through Graph. */
  readonly isDirectoryAdministrator: boolean;
  /** ISO 8601, UTC: the moment from which a replication delay counts. */
  readonly createdDateTime: string;
  /** Further properties, as Graph clients wrote them. */
  readonly properties: Readonly<Record<string, unknown>>;
}

export type NewDirectoryObject = Pick<DirectoryObject, "type" | "displayName"> &
  Partial<Omit<DirectoryObject, "id" | "createdDateTime">>;

export type DirectoryChanges = Partial<
  Pick<
    DirectoryObject,
    "displayName" | "accountEnabled" | "alternativeNames" | "isDirectoryAdministrator" | "properties"
  >
>;
