import colours from "picocolors";
import type { FederatedCredentialOutput, StackOutputs } from "../infra/outputs/schema.ts";

/** What `npm start` made, where it listens and what to try next, for people. */
export function summary(cloud: { readonly origin: string }, outputs: StackOutputs, stack: string): string {
  const { account, applications, containers, grants, groups, identities, resourceGroup, workloads } = outputs;
  const exec = "npx --no local-azure exec --";
  const rows = [
    ["Local cloud", cloud.origin],
    ["Resource group", resourceGroup],
    ["Cosmos DB account", `${account.name} at ${account.endpoint}, keys refused`],
    ...containers.map((container) => [
      "  container",
      `${container.database}/${container.name} by ${container.partitionKey.join(", ")}`,
    ]),
    ...Object.entries(workloads).flatMap(([name, { url, callers, secret }]) => [
      ["Workload", `${name} at ${url}`],
      ["  callers", callers.map((caller) => caller.name).join(", ") || "nobody"],
      ...(secret === undefined
        ? []
        : [["  secret", `until ${secret.endsOn}, for a migration that ends on ${secret.migrationEnds}`]]),
    ]),
    ...Object.entries(applications).flatMap(([name, { clientId, federatedCredentials }]) => [
      ["Application", `${name}, client id ${clientId}`],
      ...federatedCredentials.map(credentialRow),
    ]),
    ...Object.entries(identities).flatMap(([name, { clientId, federatedCredentials }]) => [
      ["Identity", `${name}, client id ${clientId}`],
      ...federatedCredentials.map(credentialRow),
    ]),
    ...Object.entries(groups).map(([name, { members }]) => [
      "Group",
      `${name}: ${members.map((member) => member.name).join(", ") || "nobody"}`,
    ]),
    ...grants.map((grant) => [
      "Grant",
      `${grant.principal} is ${grant.role} on ${grant.scope}: ${grant.justification}`,
    ]),
    ["Smoke tests", "passed; reports/ holds them as JUnit and JSON"],
  ] as const;
  const width = Math.max(...rows.map(([label]) => label?.length ?? 0)) + 2;
  const [site] = Object.values(workloads);
  return [
    "",
    colours.bold("Deployed and proven."),
    ...rows.map(([label = "", value]) => `  ${colours.cyan(label.padEnd(width))}${value}`),
    "",
    colours.bold("Try next"),
    ...(site
      ? [
          `  curl --cacert .local-azure/ca.crt ${site.url}/health`,
          `  npx --no local-azure logs ${site.siteName}`,
        ]
      : []),
    `  ${exec} npm run --silent audit -- --stack ${stack}`,
    `  ${exec} pulumi preview --stack ${stack}`,
    `  ${exec} npm run smoke -- --stack ${stack}`,
    `  ${exec} pulumi destroy --yes --stack ${stack}`,
    "  npx --no local-azure stop",
  ].join("\n");
}

function credentialRow({ name, issuer, subject }: FederatedCredentialOutput): [string, string] {
  return ["  credential", `${name}: ${subject} by ${issuer}`];
}
