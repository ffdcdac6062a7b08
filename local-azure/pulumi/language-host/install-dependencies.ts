import { dirname } from "node:path";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import { exitOf, startProgram } from "./child-process.ts";
import { nearestPackageFile, programPlace } from "./package-files.ts";

/**
 * Installs a program's dependencies with npm and passes its output on.
 * @throws {Error} when there is no package.json, npm cannot be started, or it fails
 */
export async function installDependencies(
  request: messages.InstallDependenciesRequest,
  send: (response: messages.InstallDependenciesResponse) => void,
  signal: AbortSignal,
): Promise<void> {
  const { programDirectory } = programPlace(request.getInfo());
  const packageFile = nearestPackageFile(programDirectory);
  if (packageFile === undefined) throw new Error(`no package.json at or above ${programDirectory}`);
  const directory = dirname(packageFile);
  const text = (line: string) =>
    send(new messages.InstallDependenciesResponse().setStdout(Buffer.from(line)));

  text(`Installing dependencies with npm in ${directory}\n`);
  const child = startProgram("npm", ["install", "--no-audit", "--no-fund"], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  child.stdout?.on("data", (chunk: Buffer) => {
    send(new messages.InstallDependenciesResponse().setStdout(chunk));
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    send(new messages.InstallDependenciesResponse().setStderr(chunk));
  });
  const { code } = await exitOf(child);
  if (code !== 0) throw new Error(`npm install failed in ${directory} with exit code ${code}`);
  text("Finished installing dependencies\n");
}
