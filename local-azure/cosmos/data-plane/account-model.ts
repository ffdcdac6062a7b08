import type { DataPlaneAuthorizer } from "../../../rbac/cosmos/authorizer.ts";
import type { ArmResource, ResourceChange, ResourceStore } from "../../arm/resource-store.ts";
import type { Clock } from "../../core/clock.ts";
import type { ItemStore } from "../storage/item-store.ts";
import { readAccessRules } from "./access-rules.ts";
import { type ContainerModel, containerModel, type DatabaseModel, databaseModel } from "./container-model.ts";
import { type Firewall, readFirewall } from "./firewall.ts";
import type { GrantPropagation } from "./grant-propagation.ts";
import { type MasterKey, readMasterKeys } from "./master-key.ts";

const accountType = "Microsoft.DocumentDB/databaseAccounts";
export const databaseType = `${accountType}/sqlDatabases`;
export const containerType = `${accountType}/sqlDatabases/containers`;
const definitionType = `${accountType}/sqlRoleDefinitions`.toLowerCase();
const assignmentType = `${accountType}/sqlRoleAssignments`.toLowerCase();

/** One account as its data plane sees it; follows resource manager without a restart. */
export interface AccountModel {
  readonly armId: string;
  readonly name: string;
  /** `https://localhost:<port>`, no trailing slash. */
  readonly origin: string;
  /** Audiences of the tokens it accepts: its origin, and the one name that stands for every account. */
  readonly audiences: readonly string[];
  readonly location: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly keys: readonly MasterKey[];
  readonly firewall: Firewall;
  readonly localAuthDisabled: boolean;
  readonly keyMetadataWritesDisabled: boolean;
  readonly databases: ReadonlyMap<string, DatabaseModel>;
  /** Who may do what on the account's data. */
  readonly authorizer: DataPlaneAuthorizer;
}

/** What the models are read from. */
interface Sources {
  readonly resources: ResourceStore;
  readonly items: ItemStore;
  readonly propagation: GrantPropagation;
  readonly clock: Clock;
}

/** The models of all accounts, each part read again after resource manager changed it. */
export class AccountModels {
  readonly #sources: Sources;
  readonly #accounts = new Map<string, CachedAccount>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  /** All account resources that have a port. */
  list(): readonly { readonly armId: string; readonly port: number }[] {
    return this.#sources.resources.list(accountType).flatMap((account) => {
      const port = portOf(account);
      return port === undefined ? [] : [{ armId: account.id, port }];
    });
  }

  /** The account's model, or undefined when it is gone. */
  find(armId: string): AccountModel | undefined {
    const key = armId.toLowerCase();
    const cached = this.#accounts.get(key);
    if (cached !== undefined) return cached;
    const resource = this.#sources.resources.get(armId);
    if (resource === undefined) return undefined;
    const made = new CachedAccount(resource, this.#sources);
    this.#accounts.set(key, made);
    return made;
  }

  /** Forgets what `change` has made stale, and gives containers their changed settings or drops their items. */
  follow(change: ResourceChange): void {
    const resource = change.kind === "put" ? change.after : change.before;
    const type = resource.type.toLowerCase();
    if (!type.startsWith(accountType.toLowerCase())) return;
    const accountId = accountIdOf(resource.id);
    const account = this.#accounts.get(accountId);
    if (type === accountType.toLowerCase()) {
      this.#accounts.delete(accountId);
      if (change.kind === "delete") this.#sources.propagation.forget(accountId);
    } else if (type === definitionType) account?.forgetAccess();
    else if (type === assignmentType) {
      this.#sources.propagation.follow(change);
      account?.forgetAccess();
    } else if (type === databaseType.toLowerCase()) account?.forgetDatabases();
    else if (type === containerType.toLowerCase()) {
      if (change.kind === "delete") this.#sources.items.drop(resource.id);
      else this.#applyTimeToLive(resource);
      account?.forgetDatabases();
    }
  }

  /** Drops items whose container went while the cloud was being killed. */
  dropOrphans(): void {
    for (const armId of this.#sources.items.known()) {
      if (this.#sources.resources.get(armId) === undefined) this.#sources.items.drop(armId);
    }
  }

  #applyTimeToLive(container: ArmResource): void {
    const databaseId = container.id.slice(0, container.id.toLowerCase().lastIndexOf("/containers/"));
    const database = this.#sources.resources.get(databaseId);
    if (database === undefined) return;
    void containerModel(container, database, this.#sources.items.open).items;
  }
}

class CachedAccount implements AccountModel {
  readonly armId: string;
  readonly name: string;
  readonly origin: string;
  readonly audiences: readonly string[];
  readonly location: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly keys: readonly MasterKey[];
  readonly firewall: Firewall;
  readonly localAuthDisabled: boolean;
  readonly keyMetadataWritesDisabled: boolean;
  readonly #sources: Sources;
  #databases: ReadonlyMap<string, DatabaseModel> | undefined;
  #authorizer: DataPlaneAuthorizer | undefined;
  #accessChangesAtMs: number | undefined;

  constructor(account: ArmResource, sources: Sources) {
    const { properties } = account;
    this.armId = account.id;
    this.name = account.name;
    this.origin = `https://localhost:${portOf(account)}`;
    this.audiences = [this.origin, "https://cosmos.azure.com"];
    this.location = account.location ?? "";
    this.properties = properties;
    this.keys = readMasterKeys(account.internal.keys);
    this.firewall = readFirewall(properties);
    this.localAuthDisabled = properties.disableLocalAuth === true;
    this.keyMetadataWritesDisabled = properties.disableKeyBasedMetadataWriteAccess === true;
    this.#sources = sources;
  }

  get databases(): ReadonlyMap<string, DatabaseModel> {
    this.#databases ??= this.#readDatabases();
    return this.#databases;
  }

  get authorizer(): DataPlaneAuthorizer {
    if (this.#accessChangesAtMs !== undefined && this.#sources.clock.nowMs() >= this.#accessChangesAtMs) {
      this.forgetAccess();
    }
    this.#authorizer ??= this.#readAccess();
    return this.#authorizer;
  }

  forgetDatabases(): void {
    this.#databases = undefined;
  }

  forgetAccess(): void {
    this.#authorizer = undefined;
    this.#accessChangesAtMs = undefined;
  }

  #readAccess(): DataPlaneAuthorizer {
    const { assignments, changesAtMs } = this.#sources.propagation.known(this.armId);
    this.#accessChangesAtMs = changesAtMs;
    return readAccessRules(this.#sources.resources, this.armId, assignments);
  }

  #readDatabases(): ReadonlyMap<string, DatabaseModel> {
    const models = new Map<string, DatabaseModel>();
    for (const database of this.#sources.resources.list(databaseType, this.armId)) {
      const containers = new Map<string, ContainerModel>();
      for (const container of this.#sources.resources.list(containerType, database.id)) {
        const model = containerModel(container, database, this.#sources.items.open);
        containers.set(model.id, model);
      }
      const model = databaseModel(database, containers);
      models.set(model.id, model);
    }
    return models;
  }
}

function portOf(account: ArmResource): number | undefined {
  const { port } = account.internal;
  return typeof port === "number" ? port : undefined;
}

/** Lower-case ARM id of the account that a resource belongs to. */
function accountIdOf(id: string): string {
  return id.toLowerCase().split("/").slice(0, 9).join("/");
}
