import Table from "cli-table3";
import type { DeclaredAccess } from "./declared.ts";
import type { DeclaredIdentity } from "./declared-identities.ts";
import type { PassedDate } from "./passed-dates.ts";

export const formats = ["table", "markdown", "json"] as const;
export type Format = (typeof formats)[number];

/** What the audit prints. */
export interface Audit {
  readonly grants: readonly DeclaredAccess[];
  readonly identities: readonly DeclaredIdentity[];
  readonly findings: readonly PassedDate[];
}

/** One table: a cell is a line, or several. */
interface Sheet {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | readonly string[])[])[];
}

/** Renders the audit for people (tables, Markdown) or machines (JSON). */
export function render(audit: Audit, format: Format): string {
  switch (format) {
    case "json":
      return JSON.stringify(audit, null, 2);
    case "markdown":
      return sheets(audit).map(markdown).join("\n\n");
    case "table":
      return sheets(audit).map(table).join("\n\n");
    default:
      return format satisfies never;
  }
}

function sheets({ grants, identities, findings }: Audit): Sheet[] {
  const overdue = {
    title: "What is overdue",
    columns: ["code", "what", "fix"],
    rows: findings.map(({ code, why, fix }) => [code, why, fix]),
  };
  return [
    {
      title: "Who may reach what",
      columns: ["principal", "role", "data actions", "scope", "justification", "owner", "review by"],
      rows: grants.map((row) => [
        row.principal,
        row.role,
        row.dataActions,
        row.scope,
        row.justification,
        row.owner,
        row.reviewOverdue ? `${row.reviewBy} (overdue)` : row.reviewBy,
      ]),
    },
    {
      title: "Who that is",
      columns: ["name", "kind", "object id", "proves itself by", "may call"],
      rows: identities.map((row) => [row.name, row.kind, row.objectId, row.proof, row.mayCall]),
    },
    ...(findings.length > 0 ? [overdue] : []),
  ];
}

function markdown({ title, columns, rows }: Sheet): string {
  const lines = [
    columns,
    columns.map(() => "---"),
    ...rows.map((row) => row.map((cell) => joined(cell, ", "))),
  ];
  return [`## ${title}`, "", ...lines.map((line) => `| ${line.map(escapeCell).join(" | ")} |`)].join("\n");
}

function table({ title, columns, rows }: Sheet): string {
  const drawn = new Table({ head: [...columns], style: { head: [], border: [] } });
  drawn.push(...rows.map((row) => row.map((cell) => joined(cell, "\n"))));
  return `${title}\n${drawn.toString()}`;
}

function joined(cell: string | readonly string[], separator: string): string {
  return typeof cell === "string" ? cell : cell.join(separator);
}

/** A bar or a line break would end the cell; justifications are free text. */
function escapeCell(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\r?\n/g, " ");
}
