import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface ControlChannel {
  readonly port: number;
  close(): void;
}

/** The answer's header with the process id of the cloud: another program that has the port by now does not send it. */
export const processHeader = "local-azure-process";

export interface ControlActions {
  stop(): void;
  /** Takes over what another process wrote to the store. */
  reload(): void;
}

/** Serves `GET /status`, `POST /reload` and `POST /stop` on loopback to callers that hold `token`. */
export function openControlChannel(token: string, actions: ControlActions): Promise<ControlChannel> {
  const server = createServer((request, response) => {
    const presented = request.headers.authorization ?? "";
    if (!sameSecret(presented, `Bearer ${token}`)) {
      response.writeHead(401).end();
    } else if (request.method === "GET" && request.url === "/status") {
      response.writeHead(200, { [processHeader]: String(process.pid) }).end();
    } else if (request.method === "POST" && request.url === "/stop") {
      response.writeHead(202).end(actions.stop);
    } else if (request.method === "POST" && request.url === "/reload") {
      response.writeHead(reload(actions)).end();
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

/** The status that says whether the cloud took the change over. */
function reload(actions: ControlActions): number {
  try {
    actions.reload();
    return 204;
  } catch (error) {
    console.error("the change of another process could not be taken over:", error);
    return 500;
  }
}

function sameSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
