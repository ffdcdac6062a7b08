/** Tells the parent that this target serves, answers its questions about CPU and memory, and ends with it. */
export function reportReady(
  ready: { endpoint: string; ca: string; token?: string; key?: string },
  stop: () => void,
): void {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicroseconds: user + system, residentBytes: process.memoryUsage.rss() });
  });
  process.once("disconnect", stop);
  process.send?.(ready);
}
