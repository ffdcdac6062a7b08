import Table from "cli-table3";
import { DataPlaneAuthorizer } from "../rbac/cosmos/authorizer.ts";
import { builtInRoles } from "../rbac/cosmos/built-in-roles.ts";
import { allDataActions, type DataAction } from "../rbac/cosmos/data-actions.ts";
import {
  maximumRoleAssignments,
  maximumRoleDefinitions,
  type RoleAssignment,
  type RoleDefinition,
} from "../rbac/cosmos/role-definition.ts";
import type { DataScope } from "../rbac/cosmos/scope.ts";

const goal = 1_000_000;
const rounds = Number(process.env.ROUNDS ?? 5);
const principalCount = 500;
const databaseCount = 20;
const containersEach = 10;

const guid = (kind: number, n: number) =>
  `${String(kind).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;
const principal = (n: number) => guid(1, n % principalCount);

/** Every third place is the account or a database, the others are containers. */
function place(n: number): DataScope {
  if (n % 30 === 0) return {};
  const database = `database-${n % databaseCount}`;
  return n % 3 === 0 ? { database } : { database, container: `container-${(n >> 2) % containersEach}` };
}

function drawDefinitions(): RoleDefinition[] {
  const builtIn = Object.values(builtInRoles).map((role) => ({ ...role, assignableScopes: [{}] }));
  const custom = Array.from({ length: maximumRoleDefinitions - builtIn.length }, (_, n) => ({
    id: guid(2, n),
    name: `custom ${n}`,
    dataActions: allDataActions.filter((_action, index) => (n * 37 + index * 11) % 3 === 0),
    assignableScopes: [{}],
  }));
  return [...builtIn, ...custom];
}

function drawAssignments(definitions: readonly RoleDefinition[]): RoleAssignment[] {
  return Array.from({ length: maximumRoleAssignments }, (_, n) => ({
    id: guid(3, n),
    principalId: principal(n * 7),
    roleDefinitionId: definitions[(n * 13) % definitions.length]?.id ?? "",
    scope: place(n * 17),
  }));
}

interface Question {
  readonly principalIds: readonly string[];
  readonly action: DataAction;
  readonly resource: DataScope;
}

/** Half are on the place of a grant of the caller, half on a place drawn without regard to it. */
function drawQuestions(count: number, groups: number, assignments: readonly RoleAssignment[]): Question[] {
  return Array.from({ length: count }, (_, n) => {
    const held = n % 2 === 0 ? assignments[(n * 31) % assignments.length] : undefined;
    const caller = held?.principalId ?? principal(n * 3);
    return {
      principalIds: [caller, ...Array.from({ length: groups }, (_group, index) => guid(4, n + index))],
      action:
        allDataActions[(n * 7) % allDataActions.length] ??
        "Microsoft.DocumentDB/databaseAccounts/readMetadata",
      resource: held?.scope ?? place(n * 19 + 1),
    };
  });
}

/** What one would write first: a walk through all assignments for each question. */
function searchLinearly(
  definitions: readonly RoleDefinition[],
  assignments: readonly RoleAssignment[],
): (question: Question) => boolean {
  const covers = (held: string, action: string) =>
    held.endsWith("/*")
      ? action.startsWith(held.slice(0, -1)) && !action.slice(held.length - 1).includes("/")
      : held === action;
  const within = ({ database, container }: DataScope, resource: DataScope) =>
    (database === undefined || database === resource.database) &&
    (container === undefined || container === resource.container);
  return ({ principalIds, action, resource }) =>
    assignments.some(
      (assignment) =>
        principalIds.includes(assignment.principalId) &&
        within(assignment.scope, resource) &&
        definitions
          .find(({ id }) => id === assignment.roleDefinitionId)
          ?.dataActions.some((held) => covers(held, action)),
    );
}

/** Decisions per second of the process's CPU time, which other work on the machine does not disturb; and how many allowed. */
function measure(decide: (question: Question) => boolean, questions: readonly Question[], passes: number) {
  let allowed = 0;
  const before = process.cpuUsage();
  for (let pass = 0; pass < passes; pass += 1) {
    for (const question of questions) if (decide(question)) allowed += 1;
  }
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (questions.length * passes * 1e6) / (user + system), allowed: allowed / passes };
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const whole = (value: number) => Math.round(value).toLocaleString("en");

const definitions = drawDefinitions();
const assignments = drawAssignments(definitions);
const authorizer = new DataPlaneAuthorizer(definitions, assignments);
const indexed = ({ principalIds, action, resource }: Question) =>
  authorizer.decide(principalIds, action, resource).allowed;
const linear = searchLinearly(definitions, assignments);

const table = new Table({
  head: ["caller", "allowed", "indexed, per s", "linear, per s", "indexed ÷ linear", "indexed ÷ goal"],
  style: { head: [], border: [] },
});
for (const { groups, passes, searched } of [
  { groups: 0, passes: 100, searched: 2_000 },
  { groups: 5, passes: 20, searched: 1_000 },
  { groups: 200, passes: 1, searched: 50 },
]) {
  const questions = drawQuestions(10_000, groups, assignments);
  const some = questions.slice(0, searched);
  const disagreed = some.filter((question) => indexed(question) !== linear(question));
  if (disagreed.length > 0) {
    throw new Error(`The two disagree on ${disagreed.length} questions: ${JSON.stringify(disagreed[0])}`);
  }
  measure(indexed, questions, passes);
  const runs = Array.from({ length: rounds }, () => ({
    indexed: measure(indexed, questions, passes),
    linear: measure(linear, some, 1),
  }));
  const ours = median(runs.map((run) => run.indexed.perSecond));
  const theirs = median(runs.map((run) => run.linear.perSecond));
  table.push([
    groups === 0 ? "alone" : `in ${groups} groups`,
    `${(((runs[0]?.indexed.allowed ?? 0) * 100) / questions.length).toFixed(0)}%`,
    whole(ours),
    whole(theirs),
    (ours / theirs).toFixed(0),
    (ours / goal).toFixed(2),
  ]);
}
console.log(
  `${whole(assignments.length)} role assignments, ${definitions.length} role definitions, median of ${rounds} rounds`,
);
console.log(table.toString());
