import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** The path that App Service asks a new container for; any answer, 404 too, means that it is up. */
const startProbePath = "/robots933456.txt";
const pauseMs = 50;

/**
 * Waits until the process on 127.0.0.1:`port` answers http.
 *
 * @param limitMs how long at most, in milliseconds.
 * @param signal ends the wait.
 * @returns whether it answered.
 */
export async function awaitReady(port: number, limitMs: number, signal: AbortSignal): Promise<boolean> {
  const start = performance.now();
  while (!signal.aborted && performance.now() - start < limitMs) {
    if ((await probe(port, startProbePath, 5_000)) !== undefined) return true;
    await delay(pauseMs, undefined, { signal }).catch(() => {});
  }
  return false;
}

/**
 * @param timeoutMs how long to wait for the answer, in milliseconds.
 * @returns the status of a GET of `path`; undefined when there was no answer.
 */
export async function probe(
  port: number,
  path: string,
  timeoutMs: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(
      { host: "127.0.0.1", port, path, headers, agent: false, timeout: timeoutMs },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(undefined));
  });
}
