import { fstatSync } from "node:fs";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { exitWithParent } from "./exit-with-parent.ts";

/** The engine sends whole states; 400 MB is its own limit. */
const messageLimit = 400 * 1024 * 1024;

/**
 * Runs a plugin of the engine: serves gRPC on a free loopback port, prints the port as the one line the engine
 * waits for, and ends when the engine does.
 * @param register adds the plugin's services
 * @returns the port
 */
export async function servePlugin(register: (server: Server) => void): Promise<number> {
  const server = new Server({
    "grpc.max_receive_message_length": messageLimit,
    "grpc.max_send_message_length": messageLimit,
  });
  register(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  const end = () => process.exit(0);
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  exitWithParent();
  const input = fstatSync(0);
  if (input.isFIFO() || input.isSocket()) {
    // The engine holds the other end of this pipe; when it is killed, the pipe closes.
    process.stdin.on("end", end).on("error", end).resume();
  }
  process.stdout.write(`${port}\n`);
  return port;
}
