import Table from "cli-table3";
import type { DeclaredAccess } from "./declared.ts";

export const formats = ["table", "markdown", "json"] as const;
export type Format = (typeof formats)[number];

const columns = ["principal", "role", "data actions", "scope", "justification", "owner", "review by"];

/** Renders the audit for people (table, Markdown) or machines (JSON). */
export function render(access: readonly DeclaredAccess[], format: Format): string {
  switch (format) {
    case "json":
      return JSON.stringify(access, null, 2);
    case "markdown":
      return [columns, columns.map(() => "---"), ...access.map((row) => cells(row, ", "))]
        .map((row) => `| ${row.map(escapeCell).join(" | ")} |`)
        .join("\n");
    case "table": {
      const table = new Table({ head: columns, style: { head: [], border: [] } });
      table.push(...access.map((row) => cells(row, "\n")));
      return table.toString();
    }
    default:
      return format satisfies never;
  }
}

function cells(row: DeclaredAccess, separator: string): string[] {
  return [
    row.principal,
    row.role,
    row.dataActions.join(separator),
    row.scope,
    row.justification,
    row.owner,
    row.reviewOverdue ? `${row.reviewBy} (overdue)` : row.reviewBy,
  ];
}

/** A bar or a line break would end the cell; justifications are free text. */
function escapeCell(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll(/\r?\n/g, " ");
}
