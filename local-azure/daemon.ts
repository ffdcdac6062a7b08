import { mkdirSync } from "node:fs";
import { openControlChannel } from "./control/control-channel.ts";
import { removeProcessFile, writeProcessFile } from "./control/running-cloud.ts";
import { openStateFolder } from "./control/state-folder.ts";
import { randomIds } from "./core/ids.ts";
import { UserError } from "./core/user-error.ts";
import { startCloud } from "./server.ts";

/** Exit code by which `local-azure start` tells a fault of the environment from a defect. */
const userFaultExit = 64;

async function run(): Promise<void> {
  let ready = false;
  // Whoever started this process is gone before it could learn of it, so nobody waits for this cloud.
  process.once("disconnect", () => {
    if (!ready) process.exit(1);
  });
  const folder = openStateFolder();
  const cloud = await startCloud({ directory: folder.root });
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    control.close();
    removeProcessFile(folder);
    await cloud.stop();
    process.exit(0);
  };
  const controlToken = randomIds.token(32);
  const control = await openControlChannel(controlToken, {
    stop: () => void stop(),
    reload: () => cloud.reload(),
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void stop());
  mkdirSync(folder.azureConfig, { recursive: true, mode: 0o700 });
  const { origin, tenantId, subscriptionId } = cloud.platform;
  writeProcessFile(folder, {
    pid: process.pid,
    origin,
    tenantId,
    subscriptionId,
    startedAt: new Date().toISOString(),
    controlPort: control.port,
    controlToken,
  });
  ready = true;
  process.send?.({ ready: true });
  process.disconnect?.();
}

try {
  await run();
} catch (error) {
  if (error instanceof UserError) {
    process.send?.({ code: error.code, message: error.message, fix: error.fix });
    console.error(`${error.code}: ${error.message}\n${error.fix}`);
    process.exit(userFaultExit);
  }
  throw error;
}
