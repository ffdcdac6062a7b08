const interval = 500;

/**
 * Ends this process when the one that started it is gone, so that nothing outlives a killed engine. The process is
 * not kept alive by this watch.
 */
export function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, interval).unref();
}
