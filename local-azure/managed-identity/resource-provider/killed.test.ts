import { expect, test } from "@jest/globals";
import { openResourceStore } from "../../arm/resource-store.ts";
import { openDirectory } from "../../entra/directory.ts";
import { openTestPlatform } from "../../testing/test-platform.ts";
import { createManagedIdentityProvider } from "./provider.ts";
import { identityType } from "./services.ts";

test("a principal whose identity a killed cloud lost goes at the next start, others stay", async () => {
  const { platform, close } = await openTestPlatform();
  try {
    const directory = openDirectory(platform);
    const resources = openResourceStore(platform.store);
    const idOf = (name: string) => `/subscriptions/s/resourceGroups/g/providers/${identityType}/${name}`;
    const lost = directory.createManagedIdentity(idOf("lost"), "lost", { explicit: true });
    const kept = directory.createManagedIdentity(idOf("kept"), "kept", { explicit: true });
    await resources.put({
      id: idOf("kept"),
      name: "kept",
      type: identityType,
      properties: { ...kept },
      internal: {},
      etag: "1",
    });
    const services = { resources, beginOperation: () => ({ status: 202 }), completion: async () => {} };
    createManagedIdentityProvider(platform, services, { directory });
    expect(directory.find(lost.principalId)).toBeUndefined();
    expect(directory.find(kept.principalId)?.displayName).toBe("kept");
  } finally {
    close();
  }
});
