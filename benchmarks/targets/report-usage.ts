/** What a client needs to know of a target. */
export interface Ready {
  readonly endpoint: string;
  readonly ca: string;
  readonly token?: string;
  readonly key?: string;
}

/** Tells the parent that this target serves, answers its questions about CPU and memory, and ends with it. */
export function reportReady(ready: Ready, stop: () => void): void {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicroseconds: user + system, residentBytes: process.memoryUsage.rss() });
  });
  process.once("disconnect", stop);
  process.send?.(ready);
}
