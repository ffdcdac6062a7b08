import { z } from "zod";
import { requireExisting } from "../../../arm/errors.ts";
import { readModel } from "../../../arm/read-model.ts";
import type { ArmAnswer, ArmCall } from "../../../arm/resource-provider.ts";
import type { ArmResource } from "../../../arm/resource-store.ts";
import type { IdSource } from "../../../core/ids.ts";
import type { CosmosServices } from "../services.ts";

const keyNames = [
  "primaryMasterKey",
  "secondaryMasterKey",
  "primaryReadonlyMasterKey",
  "secondaryReadonlyMasterKey",
] as const;

type KeyName = (typeof keyNames)[number];

/** An account's four keys: 64 random bytes each, base64. */
export type AccountKeys = Readonly<Record<KeyName, string>>;

export function createKeys(ids: IdSource): AccountKeys {
  const make = () => ids.bytes(64).toString("base64");
  return {
    primaryMasterKey: make(),
    secondaryMasterKey: make(),
    primaryReadonlyMasterKey: make(),
    secondaryReadonlyMasterKey: make(),
  };
}

/** `keysMetadata` of an account whose keys were all made at `generationTime` (ISO 8601). */
export function keysMetadata(generationTime: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(keyNames.map((name) => [name, { generationTime }]));
}

function keysOf(account: ArmResource): AccountKeys {
  return account.internal.keys as AccountKeys;
}

/** All four keys. Local authorization being off does not hide them: the data plane refuses them instead. */
export function listKeys(call: ArmCall): ArmAnswer {
  return { status: 200, body: keysOf(requireExisting(call)) };
}

export function listReadOnlyKeys(call: ArmCall): ArmAnswer {
  const { primaryReadonlyMasterKey, secondaryReadonlyMasterKey } = keysOf(requireExisting(call));
  return { status: 200, body: { primaryReadonlyMasterKey, secondaryReadonlyMasterKey } };
}

const connectionStrings = [
  { key: "primaryMasterKey", keyKind: "Primary", description: "Primary SQL Connection String" },
  { key: "secondaryMasterKey", keyKind: "Secondary", description: "Secondary SQL Connection String" },
  {
    key: "primaryReadonlyMasterKey",
    keyKind: "PrimaryReadonly",
    description: "Primary Read-Only SQL Connection String",
  },
  {
    key: "secondaryReadonlyMasterKey",
    keyKind: "SecondaryReadonly",
    description: "Secondary Read-Only SQL Connection String",
  },
] as const;

export function listConnectionStrings(call: ArmCall): ArmAnswer {
  const account = requireExisting(call);
  const keys = keysOf(account);
  return {
    status: 200,
    body: {
      connectionStrings: connectionStrings.map(({ key, keyKind, description }) => ({
        connectionString: `AccountEndpoint=${account.properties.documentEndpoint};AccountKey=${keys[key]};`,
        description,
        keyKind,
        type: "Sql",
      })),
    },
  };
}

const regenerateSchema = z.object({
  keyKind: z.enum(["primary", "secondary", "primaryReadonly", "secondaryReadonly"]),
});

const keyOfKind = {
  primary: "primaryMasterKey",
  secondary: "secondaryMasterKey",
  primaryReadonly: "primaryReadonlyMasterKey",
  secondaryReadonly: "secondaryReadonlyMasterKey",
} as const satisfies Record<string, KeyName>;

/** Makes one key anew; the old one opens nothing from then on. */
export function regenerateKey(call: ArmCall, services: CosmosServices): ArmAnswer {
  const account = requireExisting(call);
  const name = keyOfKind[readModel(regenerateSchema, call.body).keyKind];
  const { platform, resources, locks, beginOperation } = services;
  const work = locks.hold(call, account.id, async () => {
    const generationTime = platform.clock.now().toISOString();
    await resources.put({
      ...account,
      properties: {
        ...account.properties,
        keysMetadata: { ...(account.properties.keysMetadata as object), [name]: { generationTime } },
      },
      internal: {
        ...account.internal,
        keys: { ...keysOf(account), [name]: platform.ids.bytes(64).toString("base64") },
      },
      etag: platform.ids.uuid(),
    });
  });
  return beginOperation(call, work, { status: 202 });
}
