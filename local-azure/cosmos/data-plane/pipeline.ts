import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestLog } from "../../core/request-log.ts";
import type { TokenVerifier } from "../../entra/tokens/verify.ts";
import { authenticate } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { notFound, toCosmosError } from "./errors.ts";
import type { Answer, Exchange } from "./exchange.ts";
import { loggedOperation } from "./logged-operation.ts";
import { parseTarget, splitPath } from "./parse-target.ts";

export interface PipelineOptions {
  readonly verifier: TokenVerifier;
  readonly requestLog: RequestLog;
}

/**
 * Every request of the data plane, in this order: parse → authenticate → authorize → validate → execute → log. A stage
 * refuses by throwing. Only metadata writes are asynchronous, so that nothing else waits for a turn of the event loop.
 */
export function runExchange(
  exchange: Exchange,
  request: IncomingMessage,
  response: ServerResponse,
  options: PipelineOptions,
): void {
  const finish = () => {
    respond(exchange, response);
    log(exchange, request, options.requestLog);
  };
  try {
    parse(exchange);
    exchange.caller = authenticate(exchange, options.verifier, exchange.services.clock);
    authorize(exchange, targetOf(exchange).operation);
    validate(exchange);
    const answer = targetOf(exchange).operation.execute(exchange);
    if (answer instanceof Promise) {
      answer.then(
        (late) => {
          exchange.answer = late;
          finish();
        },
        (error: unknown) => {
          refuse(exchange, error);
          finish();
        },
      );
      return;
    }
    exchange.answer = answer;
  } catch (error) {
    refuse(exchange, error);
  }
  finish();
}

function parse(exchange: Exchange): void {
  exchange.segments = splitPath(exchange.url);
  exchange.target = parseTarget(exchange);
}

/** The database and the container of the path must exist; only who may know that gets this far. */
function validate(exchange: Exchange): void {
  const { database, container, operation } = targetOf(exchange);
  if (database === undefined) return;
  const isOwner = operation.route.split("/").length > (container === undefined ? 3 : 5);
  exchange.database = exchange.account.databases.get(database);
  if (exchange.database === undefined) throw notFound(container !== undefined || isOwner);
  if (container === undefined) return;
  exchange.container = exchange.database.containers.get(container);
  if (exchange.container === undefined) throw notFound(isOwner);
}

function targetOf(exchange: Exchange) {
  if (exchange.target === undefined) throw new Error("the request was not parsed");
  return exchange.target;
}

function refuse(exchange: Exchange, error: unknown): void {
  exchange.refusal = toCosmosError(error);
  if (exchange.refusal.status === 500)
    console.error(`data plane, activity id ${exchange.activityId}:`, error);
}

function respond(exchange: Exchange, response: ServerResponse): void {
  const { refusal, answer, activityId, container } = exchange;
  const { status, headers, body } =
    refusal === undefined && answer !== undefined ? answer : refusalAnswer(exchange);
  const all = headers.concat("x-ms-activity-id", activityId);
  if (refusal !== undefined && container !== undefined) {
    all.push("x-ms-session-token", `0:-1#${container.items.lsn}`, "x-ms-content-path", container.rid);
  }
  const bytes = body === undefined ? 0 : Buffer.byteLength(body);
  exchange.responseLength = bytes;
  if (status !== 204 && status !== 304) all.push("content-length", String(bytes));
  response.writeHead(status, all);
  // Text of one byte a character is ASCII: as Latin-1 it is the same bytes, and Node writes them several times as fast.
  response.end(body, bytes === body?.length ? "latin1" : "utf8");
}

function refusalAnswer({ refusal, activityId }: Exchange): Answer {
  const error = refusal ?? toCosmosError(undefined);
  const headers = [
    "content-type",
    "application/json",
    "x-ms-request-charge",
    "0",
    "x-ms-substatus",
    String(error.substatus),
    ...error.headers,
  ];
  if (error.status === 304) return { status: 304, headers, body: undefined };
  const message = `${error.message}\r\nActivityId: ${activityId}, local-azure`;
  const body = JSON.stringify({ code: error.code, message, ...error.details });
  return { status: error.status, headers, body };
}

function log(exchange: Exchange, request: IncomingMessage, requestLog: RequestLog): void {
  const { account, caller, target, refusal, answer, url, body } = exchange;
  const query = url.indexOf("?");
  const logged = target === undefined ? undefined : loggedOperation(target.operation, exchange.method);
  requestLog.record({
    time: exchange.services.clock.now().toISOString(),
    surface: "cosmos",
    method: exchange.method,
    path: query < 0 ? url : url.slice(0, query),
    route: target?.operation.route ?? "",
    status: refusal?.status ?? answer?.status ?? 500,
    substatus: refusal?.substatus,
    code: refusal?.code,
    correlationId: exchange.activityId,
    principalId: caller?.kind === "principal" ? caller.token.principalId : undefined,
    userAgent: request.headers["user-agent"],
    durationMs: Math.round((performance.now() - exchange.startedAt) * 1000) / 1000,
    dataPlane: {
      account: account.name,
      region: account.location,
      database: target?.database,
      container: target?.container,
      operationName: logged?.operationName,
      resourceType: logged?.resourceType,
      clientIpAddress: exchange.sourceAddress,
      authTokenType:
        caller?.kind === "key" ? caller.tokenType : caller === undefined ? undefined : "AadToken",
      roleAssignmentId: exchange.roleAssignmentId,
      requestCharge: refusal === undefined && answer !== undefined ? chargeIn(answer.headers) : 0,
      requestLength: body.length === 0 ? 0 : Buffer.byteLength(body),
      responseLength: exchange.responseLength,
    },
  });
}

function chargeIn(headers: readonly string[]): number {
  const at = headers.indexOf("x-ms-request-charge");
  return at < 0 ? 0 : Number(headers[at + 1]);
}
