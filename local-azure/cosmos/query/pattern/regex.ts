import { limitExceeded, QueryError } from "../errors.ts";
import { type Assertion, type CharacterTest, isWord, parseRegex, type RegexNode } from "./regex-syntax.ts";

/** A step of the compiled expression; `next` and `other` are places of steps. */
type Step =
  | { readonly type: "character"; readonly test: CharacterTest }
  | { readonly type: "assertion"; readonly assertion: Assertion }
  | { readonly type: "split"; next: number; other: number }
  | { readonly type: "match" };

const maximumSteps = 2_000;
const maximumWork = 50_000_000;
const cache = new Map<string, (text: string) => boolean>();
const cacheSize = 64;

/**
 * The test of REGEXMATCH: whether a part of a text matches. All states are followed at once, so the time is
 * at most the length of the text times the size of the expression: no pattern can make it explode, as a
 * backtracking engine lets it. The price is that backreferences and lookaround are refused.
 *
 * @param flags any of m, s, i and x
 * @throws QueryError for an invalid or too large expression, an unsupported part of it, or an unknown flag;
 * the test itself throws one when text and expression together are too large
 */
export function regexMatcher(pattern: string, flags: string): (text: string) => boolean {
  const key = `${flags}/${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const unknown = [...flags].find((flag) => !"msix".includes(flag));
  if (unknown !== undefined) throw new QueryError(`RegexMatch has no modifier '${unknown}'.`, "SC2064");
  const has = (flag: string) => flags.includes(flag);
  const steps: Step[] = [];
  emit(parseRegex(pattern, { m: has("m"), s: has("s"), i: has("i"), x: has("x") }), steps);
  push(steps, { type: "match" });
  const matcher = (text: string) => simulate(steps, text);
  const [oldest] = cache.keys();
  if (cache.size >= cacheSize && oldest !== undefined) cache.delete(oldest);
  cache.set(key, matcher);
  return matcher;
}

function push<T extends Step>(steps: Step[], step: T): T {
  if (steps.length >= maximumSteps) throw limitExceeded("The regular expression of RegexMatch is too large.");
  steps.push(step);
  return step;
}

function emit(node: RegexNode, steps: Step[]): void {
  switch (node.type) {
    case "character":
    case "assertion":
      push(steps, node);
      return;
    case "sequence":
      for (const part of node.parts) emit(part, steps);
      return;
    case "choice":
      emitChoice(node.options, steps);
      return;
    case "repeat":
      emitRepeat(node, steps);
  }
}

function split(steps: Step[]): Extract<Step, { type: "split" }> {
  const step = push(steps, { type: "split" as const, next: steps.length + 1, other: steps.length + 1 });
  return step;
}

function emitChoice(options: readonly RegexNode[], steps: Step[]): void {
  const exits: Extract<Step, { type: "split" }>[] = [];
  for (const [index, option] of options.entries()) {
    const fork = index < options.length - 1 ? split(steps) : undefined;
    emit(option, steps);
    if (fork === undefined) continue;
    exits.push(split(steps));
    fork.other = steps.length;
  }
  for (const exit of exits) exit.next = exit.other = steps.length;
}

function emitRepeat(node: Extract<RegexNode, { type: "repeat" }>, steps: Step[]): void {
  for (let count = 0; count < node.minimum; count++) emit(node.node, steps);
  if (node.maximum === Number.POSITIVE_INFINITY) {
    const place = steps.length;
    const loop = split(steps);
    emit(node.node, steps);
    const back = split(steps);
    back.next = back.other = place;
    loop.other = steps.length;
    return;
  }
  const exits: Extract<Step, { type: "split" }>[] = [];
  for (let count = node.minimum; count < node.maximum; count++) {
    exits.push(split(steps));
    emit(node.node, steps);
  }
  for (const exit of exits) exit.other = steps.length;
}

function simulate(steps: readonly Step[], text: string): boolean {
  if (steps.length * text.length > maximumWork) {
    throw limitExceeded("RegexMatch: the text and the regular expression are too large together.");
  }
  let current: number[] = [];
  let upcoming: number[] = [];
  const enteredAt = new Int32Array(steps.length).fill(-1);
  const stack: number[] = [];
  const matchPlace = steps.length - 1;
  for (let position = 0; position <= text.length; position++) {
    for (const place of [...current, 0]) enter(place, position);
    if (enteredAt[matchPlace] === position) return true;
    const character = text.charAt(position);
    current = [];
    for (const place of upcoming) {
      const step = steps[place];
      if (step?.type === "character" && character !== "" && step.test(character)) current.push(place + 1);
    }
    upcoming = [];
  }
  return false;

  /** Follows splits and assertions from a place; characters to be tested are gathered in `upcoming`. */
  function enter(start: number, position: number): void {
    stack.push(start);
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      if (enteredAt[place] === position) continue;
      enteredAt[place] = position;
      const step = steps[place];
      if (step?.type === "split") stack.push(step.next, step.other);
      else if (step?.type === "assertion") {
        if (holds(step.assertion, text, position)) stack.push(place + 1);
      } else if (step?.type === "character") upcoming.push(place);
    }
  }
}

function holds(assertion: Assertion, text: string, position: number): boolean {
  const before = text.charAt(position - 1);
  const after = text.charAt(position);
  switch (assertion) {
    case "start":
      return position === 0;
    case "end":
      return position === text.length;
    case "lineStart":
      return position === 0 || before === "\n";
    case "lineEnd":
      return position === text.length || after === "\n";
    case "boundary":
      return (before !== "" && isWord(before)) !== (after !== "" && isWord(after));
    case "noBoundary":
      return (before !== "" && isWord(before)) === (after !== "" && isWord(after));
  }
}
