import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { getRequestListener } from "@hono/node-server";
import { listenHttps } from "../core/https-listener.ts";
import { createEntraSurface, type EntraSurface } from "../entra/surface.ts";
import { openTestPlatform, type TestPlatform } from "./test-platform.ts";

/** A Cosmos account that the token service knows; nothing listens there. */
export const accountOrigin = "https://localhost:20443";

export interface TestEntra extends TestPlatform {
  readonly entra: EntraSurface;
  /** An application with its service principal and a secret. */
  application(displayName: string): {
    readonly applicationId: string;
    readonly principalId: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  stop(): Promise<void>;
}

/** The token service alone, over https, with a clock that stands still. */
export async function startTestEntra(): Promise<TestEntra> {
  const opened = await openTestPlatform();
  const { platform } = opened;
  setDefaultCACertificates([...getCACertificates("default"), platform.certificates.caCertificatePem]);
  const entra = createEntraSurface(platform, {
    isCosmosAccountOrigin: (origin) => origin === accountOrigin,
  });
  const listener = await listenHttps({
    certificates: platform.certificates,
    port: Number(new URL(platform.origin).port),
    handler: getRequestListener(entra.app.fetch),
  });
  return {
    ...opened,
    entra,
    application(displayName) {
      const { directory } = entra;
      const application = directory.create({ type: "application", displayName });
      const { appId = "" } = application;
      const principal = directory.create({ type: "servicePrincipal", displayName, appId });
      const { secretText } = directory.passwords.add(application.id);
      return {
        applicationId: application.id,
        principalId: principal.id,
        clientId: appId,
        clientSecret: secretText,
      };
    },
    async stop() {
      await listener.close();
      opened.close();
    },
  };
}
