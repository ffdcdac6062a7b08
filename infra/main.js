/** The Node major that strips types by itself, so that `index.ts` runs as it is. */
const REQUIRED_MAJOR = 24;

/**
 * Entry point named by Pulumi.yaml. Plain JavaScript without static imports, so that an older Node reaches the
 * check instead of failing on the first TypeScript file.
 *
 * @returns {Promise<object>} the stack outputs.
 * @throws {Error} when the running Node is too old.
 */
export default async function main() {
  const major = Number(process.versions.node.split(".")[0]);
  if (!(major >= REQUIRED_MAJOR)) {
    const error = new Error(
      `This program needs Node ${REQUIRED_MAJOR} or newer, but runs on ${process.version} (${process.execPath}). ` +
        "Start it through npm (`npm run up -- -s <stack>`), which uses the Node that `npm ci` installed, " +
        `or put Node ${REQUIRED_MAJOR} first on PATH.`,
    );
    // Pulumi hides the stack trace of an error that carries this mark; importing its RunError here could itself fail.
    error.__pulumiRunError = true;
    throw error;
  }
  // Pulumi's runner maps every stack trace through source maps and takes one for each property of each resource: a quarter
  // of a second for a stack of this size. Node strips types in place, so this program's own lines need no map.
  Error.prepareStackTrace = undefined;
  const { program } = await import("./index.ts");
  return program();
}
