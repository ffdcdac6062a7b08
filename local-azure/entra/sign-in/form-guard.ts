import { createHmac, timingSafeEqual } from "node:crypto";
import type { Platform } from "../../core/platform.ts";
import { invalidRequest } from "../tokens/token-error.ts";

/** What a form that was sent back proves: it is one of ours, shown to this browser a short while ago. */
export interface FormGuard {
  /**
   * @param state what the form is about; it is signed, not hidden.
   * @returns the hidden field `flow` and the headers that bind it to the browser.
   */
  seal(
    request: Request,
    state: string,
  ): { readonly flow: string; readonly headers: Readonly<Record<string, string>> };
  /**
   * The state of the form that was sent back.
   *
   * @throws TokenError 90013 when it comes from another page, 50089 when it is too old or of another browser.
   */
  open(request: Request, flow: string | null): string;
}

const cookieName = "__Host-local-azure-sign-in";
const lifeMs = 600_000;

/**
 * Guards sign-in forms against being sent by other pages: the state is signed together with a cookie that no other host
 * can set, and a request that names another origin is refused. The key lives as long as the process.
 */
export function createFormGuard({
  clock,
  ids,
  origin,
}: Pick<Platform, "clock" | "ids" | "origin">): FormGuard {
  const key = ids.bytes(32);
  const sign = (payload: string, browser: string) =>
    createHmac("sha256", key).update(`${browser}.${payload}`).digest();
  return {
    seal(request, state) {
      const browser = browserOf(request) ?? ids.token(32);
      const payload = Buffer.from(JSON.stringify({ state, until: clock.nowMs() + lifeMs })).toString(
        "base64url",
      );
      return {
        flow: `${payload}.${sign(payload, browser).toString("base64url")}`,
        headers: { "Set-Cookie": `${cookieName}=${browser}; Path=/; Secure; HttpOnly; SameSite=Lax` },
      };
    },
    open(request, flow) {
      const from = request.headers.get("origin");
      if (from !== null && from !== origin) {
        throw invalidRequest(
          90013,
          "Invalid input received from the user. The form was sent by another page.",
        );
      }
      const browser = browserOf(request);
      const [payload = "", signature = ""] = (flow ?? "").split(".");
      const offered = Buffer.from(signature, "base64url");
      const wanted = sign(payload, browser ?? "");
      const isOurs =
        browser !== undefined && offered.length === wanted.length && timingSafeEqual(offered, wanted);
      const { state, until } = isOurs
        ? (JSON.parse(Buffer.from(payload, "base64url").toString()) as { state: string; until: number })
        : { state: "", until: 0 };
      if (clock.nowMs() < until) return state;
      throw invalidRequest(
        50089,
        "Authentication failed due to flow token expired. Go back to the application and sign in again.",
      );
    },
  };
}

function browserOf(request: Request): string | undefined {
  const cookies = (request.headers.get("cookie") ?? "").split(/;\s*/);
  const value = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined;
}
