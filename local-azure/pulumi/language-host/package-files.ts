import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type messages from "@pulumi/pulumi/proto/language_pb.js";

/** The parts of a package.json that the language host reads. */
export interface PackageFile {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  /** Set in packages that come with a provider plugin. */
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
    readonly parameterization?: { readonly name: string; readonly version: string; readonly value: string };
  };
}

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly directory: string;
  readonly file: PackageFile;
}

/** Where a program is: the folder of its code and that of Pulumi.yaml. */
export interface ProgramPlace {
  readonly programDirectory: string;
  readonly rootDirectory: string;
}

/** Reads the place out of a request's program information. */
export function programPlace(info: messages.ProgramInfo | undefined): ProgramPlace {
  if (info === undefined) throw new Error("the request names no program");
  return { programDirectory: info.getProgramDirectory(), rootDirectory: info.getRootDirectory() };
}

function read(path: string): PackageFile {
  return JSON.parse(readFileSync(path, "utf8")) as PackageFile;
}

/** The nearest package.json at or above a folder, or `undefined`. */
export function nearestPackageFile(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    const candidate = join(folder, "package.json");
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

function locate(name: string, from: string): string | undefined {
  for (const folder of createRequire(join(from, "package.json")).resolve.paths(name) ?? []) {
    const candidate = join(folder, name, "package.json");
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}

/**
 * The packages that a program depends on and that are installed.
 * @param transitive also those that they depend on
 */
export function installedPackages(programDirectory: string, transitive: boolean): InstalledPackage[] {
  const start = nearestPackageFile(programDirectory);
  if (start === undefined) return [];
  const found = new Map<string, InstalledPackage>();
  const visit = (from: string, names: readonly string[], deeper: boolean) => {
    for (const name of names) {
      const path = locate(name, from);
      if (path === undefined || found.has(path)) continue;
      const file = read(path);
      found.set(path, { name, version: file.version ?? "", directory: dirname(path), file });
      if (deeper) visit(dirname(path), Object.keys(file.dependencies ?? {}), deeper);
    }
  };
  const { dependencies = {}, devDependencies = {} } = read(start);
  visit(dirname(start), [...Object.keys(dependencies), ...Object.keys(devDependencies)], transitive);
  return [...found.values()];
}
