import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { getRequestListener } from "@hono/node-server";
import { listenHttps } from "../core/https-listener.ts";
import { createEntraSurface, type EntraSurface } from "../entra/surface.ts";
import { createGraphSurface } from "../graph/surface.ts";
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

/** The token service and Graph alone, over https, with a clock that stands still. */
export async function startTestEntra(): Promise<TestEntra> {
  const opened = await openTestPlatform();
  const { platform } = opened;
  setDefaultCACertificates([...getCACertificates("default"), platform.certificates.caCertificatePem]);
  const entra = createEntraSurface(platform, {
    isCosmosAccountOrigin: (origin) => origin === accountOrigin,
  });
  const { directory, verifier } = entra;
  const graph = createGraphSurface(platform, { directory, verifier });
  const listener = await listenHttps({
    certificates: platform.certificates,
    port: Number(new URL(platform.origin).port),
    handler: getRequestListener((request, env) =>
      new URL(request.url).pathname.startsWith("/graph/")
        ? graph.app.fetch(request)
        : entra.app.fetch(request, env),
    ),
  });
  return {
    ...opened,
    entra,
    application(displayName) {
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
