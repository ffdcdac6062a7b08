import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ControlChannel {
  readonly port: number;
  close(): void;
}

/** The answer's header with the process id of the cloud: another program that has the port by now does not send it. */
export const processHeader = "local-azure-process";

/** Serves `GET /status` and `POST /stop` on loopback to callers that hold `token`. */
export function openControlChannel(token: string, onStop: () => void): Promise<ControlChannel> {
  const server = createServer((request, response) => {
    const presented = request.headers.authorization ?? "";
    if (!sameSecret(presented, `Bearer ${token}`)) {
      response.writeHead(401).end();
    } else if (request.method === "GET" && request.url === "/status") {
      response.writeHead(200, { [processHeader]: String(process.pid) }).end();
    } else if (request.method === "POST" && request.url === "/stop") {
      response.writeHead(202).end(onStop);
    } else {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: 0 }, () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        port,
        close() {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

function sameSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
