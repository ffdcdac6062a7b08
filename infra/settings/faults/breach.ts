/** A rule that a value breaks, in words, or undefined when the value is fine. */
export interface Breach {
  readonly problem: string;
  readonly fix: string;
}
