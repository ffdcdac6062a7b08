/**
 * Preloaded into a site's process. A site listens on every address, because on Azure it has a container to itself; here that
 * would open it to the network, past the access restrictions of the site.
 */
import { Server } from "node:net";

const { listen } = Server.prototype;
const loopback = "127.0.0.1";

Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]) {
  return Reflect.apply(listen, this, onLoopback(args));
};

function onLoopback(args: unknown[]): unknown[] {
  const [first, second, ...rest] = args;
  if (first === undefined || first === null || typeof first === "function") {
    return [0, loopback, ...args.filter((argument) => typeof argument === "function")];
  }
  if (isPort(first)) {
    const replaced = typeof second === "string" || second === undefined;
    return [first, loopback, ...(replaced ? [] : [second]), ...rest];
  }
  if (typeof first !== "object" || elsewhere.some((name) => name in first)) return args;
  return [{ ...first, host: loopback, ipv6Only: false }, ...args.slice(1)];
}

/** Options that name something else than a port. */
const elsewhere = ["path", "fd", "_handle"];

/** Text of digits is a port, other text the path of a socket. */
function isPort(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
}
