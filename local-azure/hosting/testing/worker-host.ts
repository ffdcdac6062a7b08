/** Runs the command of its first argument as a site's process and prints what that writes; for tests that kill this process. */
import { tmpdir } from "node:os";
import { startWorker } from "../runtime/worker.ts";

startWorker({
  command: process.argv[2] ?? "",
  cwd: tmpdir(),
  environment: { PATH: process.env.PATH ?? "" },
  log: {
    platform: () => {},
    output: (_stream, chunk) => process.stdout.write(chunk),
    close: () => {},
  },
});
