import colours from "picocolors";

/** Prints one line when a step begins and one when it ends, with its duration in seconds. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  console.log(`${colours.cyan("▶")} ${title}`);
  try {
    const result = await work();
    console.log(`${colours.green("✔")} ${title} ${colours.dim(`(${seconds(begun)} s)`)}`);
    return result;
  } catch (error) {
    console.log(`${colours.red("✘")} ${title} ${colours.dim(`(${seconds(begun)} s)`)}`);
    throw error;
  }
}

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(1);
}
