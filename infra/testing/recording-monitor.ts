import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterErrorHookRequest,
  RegisterResourceHookRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";

/** One resource that a program registered. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parent: string;
  readonly dependencies: readonly string[];
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  /** Undefined where the program left the choice to the plugin. */
  readonly deleteBeforeReplace: boolean | undefined;
  readonly replaceOnChanges: readonly string[];
  readonly errorHooks: readonly string[];
  readonly beforeUpdateHooks: readonly string[];
}

/** What a run of a program left behind. */
export interface Recording<Result> {
  readonly result: Result;
  /** In the order of registration. */
  readonly registrations: readonly Registration[];
  /** Names of the registered hooks. */
  readonly hooks: readonly string[];
}

/** How a run is set up. */
export interface RecordingOptions {
  /** Configuration by full key; objects as JSON text, as Pulumi has them. */
  readonly configuration?: Readonly<Record<string, string>>;
  readonly stack?: string;
  /** What the cloud adds to the inputs of a new resource, by type. */
  readonly outputs: (
    type: string,
    inputs: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>;
  readonly id: (type: string, inputs: Readonly<Record<string, unknown>>) => string;
  readonly invoke: (
    token: string,
    args: Readonly<Record<string, unknown>>,
  ) => Readonly<Record<string, unknown>>;
}

type Answer = (error: Error | null, response?: unknown) => void;

/** Pulumi's mock monitor, as far as it is extended here: it has no hooks, and its mocks do not see resource options. */
interface ExtendedMonitor {
  registerResource(request: RegisterResourceRequest, answer: Answer): unknown;
  registerErrorHook(request: RegisterErrorHookRequest, answer: Answer): void;
  registerResourceHook(request: RegisterResourceHookRequest, answer: Answer): void;
}

/** Runs a program against Pulumi's mocks and records what it registers, options included. */
export async function recordProgram<Result>(
  run: () => Promise<Result>,
  { configuration = {}, stack = "dev", outputs, id, invoke }: RecordingOptions,
): Promise<Recording<Result>> {
  const requests: RegisterResourceRequest[] = [];
  const inputsByUrn = new Map<string, Readonly<Record<string, unknown>>>();
  const hooks: string[] = [];
  pulumi.runtime.setAllConfig({ ...configuration });
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        inputsByUrn.set(`${type} ${name}`, inputs);
        return { id: id(type, inputs), state: { ...inputs, ...outputs(type, inputs) } };
      },
      call: ({ token, inputs }) => invoke(token, inputs),
    },
    "keyless-cosmos",
    stack,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as ExtendedMonitor;
  const register = monitor.registerResource.bind(monitor);
  Object.assign(monitor, {
    registerResource(request, answer) {
      requests.push(request);
      return register(request, answer);
    },
    registerErrorHook(request, answer) {
      hooks.push(request.getName());
      answer(null, {});
    },
    registerResourceHook(request, answer) {
      hooks.push(request.getName());
      answer(null, {});
    },
  } satisfies ExtendedMonitor);
  try {
    const result = await run();
    await settled(result);
    await pulumi.runtime.disconnect();
    return {
      result,
      hooks,
      registrations: requests.map((request) =>
        registration(request, inputsByUrn.get(`${request.getType()} ${request.getName()}`) ?? {}),
      ),
    };
  } finally {
    await pulumi.runtime.disconnect();
    pulumi.runtime.setAllConfig({});
  }
}

/** The plain value of outputs. */
export function settled<Value>(value: Value): Promise<pulumi.Unwrap<Value>> {
  return new Promise((resolve) =>
    pulumi.output(value).apply((plain) => resolve(plain as pulumi.Unwrap<Value>)),
  );
}

function registration(
  request: RegisterResourceRequest,
  inputs: Readonly<Record<string, unknown>>,
): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    inputs,
    parent: request.getParent().split("::").slice(2).join("::"),
    dependencies: request.getDependenciesList().map((urn) => urn.split("::").slice(2).join("::")),
    protect: request.getProtect() === true,
    retainOnDelete: request.getRetainondelete() === true,
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    replaceOnChanges: request.getReplaceonchangesList(),
    errorHooks: request.getHooks()?.getOnErrorList() ?? [],
    beforeUpdateHooks: request.getHooks()?.getBeforeUpdateList() ?? [],
  };
}
