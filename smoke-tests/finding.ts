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
 * Fails a test with every finding: what was expected, what came, the likely cause and the fix. Nothing else is shown: a
 * stack would only point into these tests.
 */
export function failOn(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const text = findings.map(
    ({ what, expected, came, likelyCause, fix }) =>
      `${what}\n    expected:     ${expected}\n    came:         ${came}\n    likely cause: ${likelyCause}\n    fix:          ${fix}`,
  );
  const error = new Error(text.join("\n\n"));
  error.stack = `${error.message}\n`;
  throw error;
}
