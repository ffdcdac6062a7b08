/** One thing that was not as it must be. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly came: string;
  readonly likelyCause: string;
  readonly fix: string;
  /** True when time alone may mend it: role assignments take minutes to reach every replica. */
  readonly mayHeal?: boolean;
}

/**
 * Fails a test with every finding: what was expected, what came, the likely cause and the fix; findings of one cause stand
 * together and tell it once. Nothing else is shown: a stack would only point into these tests.
 */
export function failOn(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const groups = Map.groupBy(
    findings,
    ({ likelyCause, fix }) => `Likely cause: ${likelyCause}\nFix:          ${fix}`,
  );
  const text = [...groups].map(([reason, group]) =>
    [
      ...group.map(({ what, expected, came }) => `${what}\nExpected:     ${expected}\nCame:         ${came}`),
      reason,
    ].join("\n"),
  );
  const error = new Error(text.join("\n\n"));
  // Jest prints the stack, and indents what it takes for a frame.
  error.stack = `${error.message}\n`;
  throw error;
}
