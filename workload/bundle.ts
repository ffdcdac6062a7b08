import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { strToU8, zipSync } from "fflate";

/** A package that App Service can run as it is, and the version that it reports at `/health`. */
export interface WorkloadBundle {
  readonly zip: Uint8Array;
  /** `1.0.0-` and the first 12 hexadecimal digits of the code's SHA-256. */
  readonly version: string;
}

/** Zip entries carry a time; a fixed one makes equal code an equal package. */
const entryTime = new Date("1980-01-01T00:00:00");

/**
 * Bundles the workload into one file: Node strips no types under node_modules, and App Service installs nothing unless
 * told to build. The same sources and lockfile give the same bytes.
 */
export async function bundleWorkload(): Promise<WorkloadBundle> {
  const { outputFiles } = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: [join(import.meta.dirname, "main.ts")],
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    minify: true,
    legalComments: "none",
    write: false,
    outfile: "index.js",
    // Some dependencies are CommonJS and call require for Node's own modules.
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "silent",
  });
  const code = outputFiles[0]?.contents;
  if (code === undefined) throw new Error("esbuild wrote no file");
  const version = `1.0.0-${createHash("sha256").update(code).digest("hex").slice(0, 12)}`;
  const manifest = {
    name: "workload",
    version,
    private: true,
    type: "module",
    main: "index.js",
    scripts: { start: "node index.js" },
  };
  const zip = zipSync(
    { "index.js": code, "package.json": strToU8(`${JSON.stringify(manifest, null, 2)}\n`) },
    { mtime: entryTime, level: 9 },
  );
  return { zip, version };
}
