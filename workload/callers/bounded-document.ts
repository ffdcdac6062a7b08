/** The most that a discovery document or a key set may hold; Entra's are below 30 KB. */
const maximumBytes = 256 * 1024;

/**
 * Fetches one JSON document over https: no redirect is followed, and an issuer that hangs or answers without end is cut off
 * after `timeoutMs` or 256 KB.
 *
 * @throws Error that says why there is no document.
 */
export async function fetchDocument(url: string, timeoutMs: number): Promise<unknown> {
  if (!url.startsWith("https://")) throw new Error(`${url} is not https`);
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the body and closes the connection.
    if (size > maximumBytes) throw new Error(`${url} holds more than ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new Error(`${url} is not JSON`);
  }
}
