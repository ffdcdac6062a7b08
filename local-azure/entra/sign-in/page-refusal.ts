import type { Platform } from "../../core/platform.ts";
import type { EntraContext } from "../context.ts";
import { refusalOf } from "../pipeline.ts";
import { entraTimestamp } from "../tokens/token-error.ts";
import { alert, escapeHtml, renderPage } from "./page.ts";

/** Answers a refusal as a page for the person in front of the browser. */
export function refuseWithPage(platform: Platform, context: EntraContext, error: unknown): void {
  const refusal = refusalOf(context, error);
  const rows = [
    `Request Id: ${context.traceId}`,
    `Correlation Id: ${context.correlationId}`,
    `Timestamp: ${entraTimestamp(platform.clock.now())}`,
  ];
  context.answer = renderPage({
    status: refusal.status,
    code: `AADSTS${refusal.code}`,
    title: "Sign-in failed",
    main: `${alert(refusal.message)}\n<p>${rows.map(escapeHtml).join("<br>")}</p>`,
  });
}
