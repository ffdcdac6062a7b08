import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { getRequestListener } from "@hono/node-server";
import { listenHttps } from "../core/https-listener.ts";
import { tenantDomain } from "../core/tenancy.ts";
import { createEntraSurface, type EntraSurface } from "../entra/surface.ts";
import { createGraphSurface } from "../graph/surface.ts";
import { openTestPlatform, type TestPlatform } from "./test-platform.ts";

/** A Cosmos account that the token service knows; nothing listens there. */
export const accountOrigin = "https://localhost:20443";

export interface TestEntra extends TestPlatform {
  readonly entra: EntraSurface;
  /** An application with its service principal and a secret. `properties` are those that Graph clients write. */
  application(displayName: string, properties?: Readonly<Record<string, unknown>>): TestApplication;
  /** A user of the tenant with a password. */
  person(name: string): TestPerson;
  /** Posts a form to the token endpoint of `segment`, which is this tenant's when it is not given. */
  requestToken(
    form: Readonly<Record<string, string>>,
    segment?: string,
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  stop(): Promise<void>;
}

export interface TestApplication {
  readonly applicationId: string;
  readonly principalId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TestPerson {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

export interface TestEntraOptions {
  /** How long an issuer outside may take for a document; 30,000, as the machine may be busy. */
  readonly issuerTimeoutMs?: number;
}

/** The token service and Graph alone, over https, with a clock that stands still. */
export async function startTestEntra({
  issuerTimeoutMs = 30_000,
}: TestEntraOptions = {}): Promise<TestEntra> {
  const opened = await openTestPlatform();
  const { platform } = opened;
  setDefaultCACertificates([...getCACertificates("default"), platform.certificates.caCertificatePem]);
  const entra = createEntraSurface(platform, {
    isCosmosAccountOrigin: (origin) => origin === accountOrigin,
    issuerTimeoutMs,
    monotonicMs: () => opened.clock.nowMs(),
    devicePollSeconds: 1,
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
    application(displayName, properties = {}) {
      const application = directory.create({ type: "application", displayName, properties });
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
    person(name) {
      const username = `${name}@${tenantDomain}`;
      const password = platform.ids.token(18);
      const { id } = directory.create({
        type: "user",
        displayName: name,
        properties: { userPrincipalName: username, mail: username },
      });
      directory.userPasswords.set(id, password);
      return { id, username, password };
    },
    async requestToken(form, segment = platform.tenantId) {
      const response = await fetch(`${platform.origin}/${segment}/oauth2/v2.0/token`, {
        method: "POST",
        body: new URLSearchParams(form),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async stop() {
      await listener.close();
      opened.close();
    },
  };
}
