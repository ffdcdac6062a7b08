import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificates } from "./certificates.ts";
import { UserError } from "./user-error.ts";

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface HttpsListener {
  readonly port: number;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

export interface HttpsListenerOptions {
  readonly certificates: Certificates;
  /** A port below the ephemeral range; 0 takes any free one. */
  readonly port: number;
  readonly handler: RequestHandler;
}

/** What binding ::1 says on a machine without IPv6. Any other refusal counts: `localhost` may resolve to ::1 first. */
const withoutIpv6 = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/**
 * Listens for https on 127.0.0.1 and, where the machine has it, on ::1; never on another address.
 *
 * @throws UserError LA-PORT-IN-USE when another program has the port.
 */
export async function listenHttps(options: HttpsListenerOptions): Promise<HttpsListener> {
  const first = await bind(options, "127.0.0.1", options.port);
  const { port } = first.address() as AddressInfo;
  const second = await bind(options, "::1", port).catch(async (error: NodeJS.ErrnoException) => {
    if (withoutIpv6.has(error.code ?? "")) return undefined;
    await closeServer(first);
    throw error;
  });
  return {
    port,
    async close() {
      await Promise.all([first, second].map((server) => server && closeServer(server)));
    },
  };
}

function bind(options: HttpsListenerOptions, host: string, port: number): Promise<Server> {
  const server = createServer(
    {
      key: options.certificates.keyPem,
      cert: options.certificates.chainPem,
      minVersion: "TLSv1.2",
      keepAliveTimeout: 65_000,
      maxHeaderSize: 65_536,
    },
    options.handler,
  );
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? portInUse(port) : error);
    });
    server.listen({ host, port, ipv6Only: host === "::1", exclusive: true }, () => resolve(server));
  });
}

function portInUse(port: number): UserError {
  return new UserError(
    "LA-PORT-IN-USE",
    `Port ${port} on 127.0.0.1 is taken by another program, but the local cloud's state has handed it out.`,
    "Stop that program (`ss -ltnp` shows it), or run `npx --no local-azure reset` to begin anew with other ports.",
  );
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
