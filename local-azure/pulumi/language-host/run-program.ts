import { createRequire } from "node:module";
import { join } from "node:path";
import messages from "@pulumi/pulumi/proto/language_pb.js";
import { exitOf, startNode } from "./child-process.ts";
import { programPlace } from "./package-files.ts";

/**
 * The exit code by which `@pulumi/pulumi/cmd/run` says that it has told the user already what went wrong.
 * Source: cmd/run/index.js of @pulumi/pulumi.
 */
const failureAlreadyShown = 32;

/**
 * Finds an entry of the `@pulumi/pulumi` package that a program depends on.
 * @param entry `run`, `run-policy-pack` or `run-plugin`
 * @throws {Error} when the package is not installed there
 */
export function runnerOf(directory: string, entry: "run" | "run-policy-pack" | "run-plugin"): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${entry}`);
  } catch {
    // The engine looks for this sentence to tell the user that the dependencies of a policy pack are missing.
    throw new Error(
      `Cannot find module '@pulumi/pulumi/cmd/${entry}' from ${directory}: install the program's dependencies ` +
        "with `npm ci` or `pulumi install`",
    );
  }
}

function runArguments(request: messages.RunRequest, engineAddress: string): string[] {
  const args = [
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engineAddress}`,
    `--organization=${request.getOrganization()}`,
    `--project=${request.getProject()}`,
    `--stack=${request.getStack()}`,
    `--root-directory=${request.getInfo()?.getRootDirectory() ?? ""}`,
    `--pwd=${request.getPwd()}`,
    `--parallel=${request.getParallel()}`,
  ];
  if (request.getDryrun()) args.push("--dry-run");
  if (request.getQuerymode()) args.push("--query-mode");
  const program = request.getInfo()?.getEntryPoint() || request.getProgram() || ".";
  return [...args, program, ...request.getArgsList()];
}

/** The `options` of Pulumi.yaml's `runtime` that this host knows. */
interface RuntimeOptions {
  readonly typescript?: boolean;
  /** Arguments for Node.js itself, separated by spaces. */
  readonly nodeargs?: string;
}

function runEnvironment(request: messages.RunRequest, options: RuntimeOptions): NodeJS.ProcessEnv {
  const config: Record<string, string> = {};
  request.getConfigMap().forEach((value, key) => {
    config[key] = value;
  });
  return {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

/** Runs a Pulumi program to its end; its output goes to the engine through this process' own output. */
export async function runProgram(
  request: messages.RunRequest,
  engineAddress: string,
): Promise<messages.RunResponse> {
  if (request.getAttachDebugger()) throw new Error("this language host attaches no debugger");
  const { programDirectory } = programPlace(request.getInfo());
  const options = (request.getInfo()?.getOptions()?.toJavaScript() ?? {}) as RuntimeOptions;
  const nodeArguments = (options.nodeargs ?? "").split(" ").filter((argument) => argument !== "");
  const runner = runnerOf(programDirectory, "run");
  const child = startNode([...nodeArguments, runner, ...runArguments(request, engineAddress)], {
    cwd: request.getPwd(),
    env: runEnvironment(request, options),
    stdio: ["ignore", "inherit", "inherit"],
  });
  const { code, signal } = await exitOf(child);
  const response = new messages.RunResponse();
  if (signal !== undefined) return response.setError(`the program was ended by ${signal}`);
  if (code === failureAlreadyShown) return response.setBail(true);
  if (code !== 0) return response.setError(`Program exited with non-zero exit code: ${code}`);
  return response;
}
