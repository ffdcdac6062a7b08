import { resolve } from "node:path";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import { exitOf, startNode } from "./child-process.ts";
import { runnerOf } from "./run-program.ts";

function environmentOf(entries: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    entries.map((entry) => {
      const split = entry.indexOf("=");
      return [entry.slice(0, split), entry.slice(split + 1)];
    }),
  );
}

/** Runs a policy pack or another plugin written for Node.js, and passes its output on until it ends. */
export async function runPlugin(
  request: messages.RunPluginRequest,
  send: (response: messages.RunPluginResponse) => void,
  signal: AbortSignal,
): Promise<void> {
  if (request.getAttachDebugger()) throw new Error("this language host attaches no debugger");
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() || request.getProgram();
  const runner = runnerOf(directory, request.getKind() === "analyzer" ? "run-policy-pack" : "run-plugin");
  const args = request.getArgsList();
  const program = resolve(directory, info?.getEntryPoint() ?? ".");
  const child = startNode(
    request.getKind() === "analyzer" ? [runner, ...args, program] : [runner, program, ...args],
    {
      cwd: request.getPwd() || directory,
      env: environmentOf(request.getEnvList()),
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  child.stdout?.on("data", (chunk: Buffer) => send(new messages.RunPluginResponse().setStdout(chunk)));
  child.stderr?.on("data", (chunk: Buffer) => send(new messages.RunPluginResponse().setStderr(chunk)));
  const { code } = await exitOf(child);
  send(new messages.RunPluginResponse().setExitcode(code));
}
