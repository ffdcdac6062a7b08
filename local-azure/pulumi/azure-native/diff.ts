import type { Change, PropertyChange, ResourceDiff } from "../provider/provider.ts";
import { isArray, isObject, type Value, type Values } from "../provider/values.ts";
import { createBeforeDelete } from "./check/autoname.ts";
import type { ResourceType } from "./schema/resource-type.ts";

/** The part of a resource id whose letter case does not matter: everything up to the provider namespace. */
function foldId(text: string): string {
  const match = /^\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?(\/providers\/)?/i.exec(text);
  return match === null ? text : match[0].toLowerCase() + text.slice(match[0].length);
}

function foldLocation(text: string): string {
  return text.toLowerCase().replaceAll(" ", "");
}

function sameText(path: string, before: string, after: string): boolean {
  if (before === after) return true;
  if (path === "resourceGroupName") return before.toLowerCase() === after.toLowerCase();
  if (path === "location") return foldLocation(before) === foldLocation(after);
  return foldId(before) === foldId(after);
}

/** Keys that are no plain identifiers are written in brackets, as the engine's property paths are. */
function child(path: string, key: string): string {
  const step = /^[A-Za-z_$][\w$]*$/.test(key) ? key : `["${key.replaceAll('"', '\\"')}"]`;
  if (path === "") return step;
  return step.startsWith("[") ? `${path}${step}` : `${path}.${step}`;
}

function compare(
  path: string,
  before: Value | undefined,
  after: Value | undefined,
  found: Map<string, Change>,
): void {
  if (before === undefined || after === undefined) {
    if (before !== after) found.set(path, before === undefined ? "add" : "delete");
  } else if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      if (!key.startsWith("__")) compare(child(path, key), before[key], after[key], found);
    }
  } else if (isArray(before) && isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
      compare(`${path}[${index}]`, before[index], after[index], found);
    }
  } else if (typeof before === "string" && typeof after === "string") {
    if (!sameText(path, before, after)) found.set(path, "update");
  } else if (before !== after) {
    found.set(path, "update");
  }
}

function topLevelKey(path: string): string {
  return /^[^.[]+/.exec(path)?.[0] ?? path;
}

/**
 * Compares old inputs with new ones. Outputs only decide whether an added input is really new.
 * @param oldOutputs the outputs of the old state
 */
export function diffInputs(
  resource: ResourceType,
  oldInputs: Values,
  oldOutputs: Values,
  newInputs: Values,
): ResourceDiff {
  const found = new Map<string, Change>();
  compare("", oldInputs, newInputs, found);

  const detailed = new Map<string, PropertyChange>();
  for (const [path, change] of found) {
    const key = topLevelKey(path);
    const added = change === "add" && path === key;
    if (added && newInputs[key] !== undefined && newInputs[key] === resource.defaults[key]) continue;
    const alreadySo = added && equal(key, oldOutputs[key], newInputs[key]);
    detailed.set(path, { change, replaces: resource.replaceOnChanges.includes(key) && !alreadySo });
  }
  const replaces = [...detailed].filter(([, change]) => change.replaces).map(([path]) => path);
  return {
    detailed,
    changes: [...new Set([...detailed.keys()].map((path) => topLevelKey(path)))],
    replaces,
    deleteBeforeReplace: replaces.length > 0 && oldInputs[createBeforeDelete] !== true,
  };
}

function equal(path: string, before: Value | undefined, after: Value | undefined): boolean {
  const found = new Map<string, Change>();
  compare(path, before, after, found);
  return before !== undefined && found.size === 0;
}
