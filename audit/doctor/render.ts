import colours from "picocolors";
import type { Check } from "./check.ts";
import type { Diagnosis } from "./diagnose.ts";
import type { Claims } from "./facts/token.ts";
import { timeText } from "./time-text.ts";

const columnWidth = 21;

/** The diagnosis for people: every link with its mark and why, then the cause and its fix. */
export function renderText(diagnosis: Diagnosis): string {
  const { principal, principalId, account, target, operation, token, notes } = diagnosis;
  const id = principalId === undefined ? "" : ` ${principalId}`;
  const lines = [
    `${colours.bold("Principal")}  ${plain(principal)}${id}`,
    `${colours.bold("Target")}     ${operation} on ${plain(target)} of ${plain(account)}`,
    ...(token === undefined ? [] : [`${colours.bold("Token")}      ${claimsText(token)}`]),
    "",
    ...diagnosis.links.map(({ link, check }) => linkLine(link, check)),
    ...(notes.length === 0 ? [] : [""]),
    ...notes.map(
      ({ code, why, fix }) =>
        `${colours.yellow(code)}: ${plain(why)}. ${colours.bold("Fix:")} ${plain(fix)}.`,
    ),
    "",
    ...verdictLines(diagnosis),
  ];
  return lines.join("\n");
}

function linkLine(link: string, check: Check): string {
  const mark = {
    holds: colours.green("✔"),
    broken: colours.red("✖"),
    skipped: colours.dim("–"),
    unseen: colours.yellow("–"),
  }[check.state];
  const needs = check.state === "unseen" ? ` (not looked at; needs ${check.needs})` : "";
  return `${mark} ${link.padEnd(columnWidth)}${plain(check.why)}${needs}`;
}

function verdictLines({ cause, verdict, tried }: Diagnosis): string[] {
  if (cause !== undefined) {
    return [
      `${colours.red(cause.code)}: ${cause.link} is the first broken link: ${plain(cause.why)}`,
      `${colours.bold("Fix:")} ${plain(cause.fix)}`,
    ];
  }
  if (verdict === "unseen")
    return [colours.yellow("No cause was found, but not every link could be looked at.")];
  return [
    colours.green(
      tried ? "Access works: it was tried." : "No link is broken; the operation itself was not tried.",
    ),
  ];
}

function claimsText(claims: Claims): string {
  const shown = Object.entries(claimsShown(claims)).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? value.join(" ") : value}`,
  );
  return plain(shown.join(" "));
}

/** Claims with times that people can read; of groups their number, because there may be 200. */
function claimsShown({ groups, groupOverage, iat, nbf, exp, ...claims }: Claims): Record<string, unknown> {
  const times = Object.entries({ iat, nbf, exp }).flatMap(([name, seconds]) =>
    seconds === undefined ? [] : [[name, timeText(seconds)]],
  );
  const count = groupOverage ? "too many" : groups?.length;
  return { ...claims, ...Object.fromEntries(times), ...(count === undefined ? {} : { groups: count }) };
}

/** Names and messages come from elsewhere: what a terminal could take for a command goes. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");
}

/**
 * The diagnosis for machines. The names of its members and the states `holds`, `broken`, `skipped`, `unseen` stay; `version`
 * grows when they change.
 */
export function renderJson(diagnosis: Diagnosis): string {
  const { links, token, cause, principalId, ...rest } = diagnosis;
  return JSON.stringify(
    {
      version: 1,
      ...rest,
      principalId: principalId ?? null,
      token: token === undefined ? null : claimsShown(token),
      links: links.map(({ link, check }) => ({ link, ...check })),
      cause: cause ?? null,
    },
    null,
    2,
  );
}
