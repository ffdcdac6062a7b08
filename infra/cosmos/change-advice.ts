import * as pulumi from "@pulumi/pulumi";

/** The inputs of a database or container component, as they were or will be deployed. */
export interface DeclaredStore {
  readonly database: string;
  readonly container?: string;
  readonly partitionKey?: readonly string[];
  readonly throughput?: { readonly mode: "autoscale" | "manual" };
  readonly protect?: boolean;
}

/** A line for the person who deploys. */
export interface Advice {
  readonly severity: "error" | "warning";
  readonly message: string;
}

/**
 * Finds changes that Cosmos DB cannot make in place and says what to do instead.
 *
 * @param before what the last deployment declared.
 * @param after what this one declares.
 */
export function adviseOnChange(before: DeclaredStore, after: DeclaredStore): Advice[] {
  return [...partitionKeyAdvice(before, after), ...throughputAdvice(before, after)];
}

function partitionKeyAdvice(before: DeclaredStore, after: DeclaredStore): Advice[] {
  const [old, changed] = [before.partitionKey ?? [], after.partitionKey ?? []];
  if (old.join() === changed.join()) return [];
  const name = `${after.database}/${after.container}`;
  const change = `The partition key of container ${name} changes from [${old.join(", ")}] to [${changed.join(", ")}], and Cosmos DB cannot change it in place`;
  if (after.protect !== true) {
    return [
      {
        severity: "warning",
        message: `${change}: the container is deleted with all its items and made anew, because keyless-cosmos:dataLoss is allowed.`,
      },
    ];
  }
  return [
    {
      severity: "error",
      message: [
        `${change}; replacing the container would delete its items, so it is protected. To migrate:`,
        `  1. Set the partition key of ${after.container} back and declare a second container with the new key, e.g. ${after.container}-v2.`,
        "  2. Grant the workloads the new container beside the old one, and deploy.",
        "  3. Copy the items: a container copy job (az cosmosdb copy create), or the change feed while writers go on.",
        "  4. Point the workloads at the new container, and deploy them.",
        "  5. When nothing reads the old container any more: pulumi state unprotect its URN, remove it and its grants from the settings, and deploy.",
        "If its items may be lost, set keyless-cosmos:dataLoss to allowed instead.",
      ].join("\n"),
    },
  ];
}

/** https://learn.microsoft.com/azure/cosmos-db/how-to-provision-autoscale-throughput: the two modes are converted by an operation of its own. */
function throughputAdvice(before: DeclaredStore, after: DeclaredStore): Advice[] {
  const [old, changed] = [before.throughput?.mode, after.throughput?.mode];
  if (old === undefined || changed === undefined || old === changed) return [];
  const command =
    after.container === undefined
      ? `az cosmosdb sql database throughput migrate -n ${after.database}`
      : `az cosmosdb sql container throughput migrate -d ${after.database} -n ${after.container}`;
  return [
    {
      severity: "warning",
      message:
        `The throughput of ${[after.database, after.container].filter(Boolean).join("/")} changes from ${old} to ${changed}, ` +
        "which Azure refuses as an update. Unless you have done so already, convert it first: " +
        `${command} -a <account> -g <resource group> -t ${changed}`,
    },
  ];
}

/**
 * Shows advice during preview and deployment, before the change is made. It hangs on the components rather than on the
 * resources: when a protected resource would be replaced, the engine stops before it runs any hook of that resource.
 */
export class ChangeAdvice {
  /** To be bound as `beforeUpdate`. */
  readonly hook: pulumi.ResourceHook;

  constructor() {
    this.hook = new pulumi.ResourceHook("change-advice", showAdvice, { onDryRun: true });
  }
}

async function showAdvice({ oldInputs, newInputs }: pulumi.ResourceHookArgs): Promise<void> {
  if (oldInputs === undefined || newInputs === undefined) return;
  for (const { severity, message } of adviseOnChange(
    oldInputs as DeclaredStore,
    newInputs as DeclaredStore,
  )) {
    if (severity === "warning") await pulumi.log.warn(message);
    // A preview goes on, to show the replacement too. A deployment stops here: were the component's update recorded,
    // the next deployment would take the refused key for the old one.
    else if (pulumi.runtime.isDryRun()) await pulumi.log.error(message);
    else throw new Error(message);
  }
}
