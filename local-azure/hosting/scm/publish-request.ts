import { refusal } from "./answers.ts";
import type { ScmRouteName } from "./routes.ts";

/** What a publisher asks for besides its package. */
export interface PublishRequest {
  readonly async: boolean;
  /** Removes what the package does not hold. */
  readonly clean: boolean;
  readonly restart: boolean;
  readonly trackProgress: boolean;
  readonly deployer: string;
  readonly author: string;
  readonly message: string;
  /** SHA-256 of the package in hexadecimal, when the publisher sent it. */
  readonly checksum: string | undefined;
}

/**
 * Reads the query and headers of OneDeploy (`/api/publish`) or of the older `/api/zipdeploy`
 * (https://github.com/projectkudu/kudu/wiki/Deploying-from-a-zip-file-or-url).
 *
 * @throws ScmError 400 for a type, path or source that the local cloud does not take.
 */
export function readPublishRequest(
  route: ScmRouteName,
  query: URLSearchParams,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): PublishRequest {
  const isOneDeploy = route.endsWith("/api/publish");
  const flag = (name: string, fallback: boolean) => {
    const value = query.get(name)?.toLowerCase() ?? "";
    if (value === "") return fallback;
    if (value === "true" || value === "false") return value === "true";
    throw bad("InvalidParameter", `The parameter ${name} is true or false.`);
  };
  if (isOneDeploy) checkOneDeploy(query);
  const [mediaType = ""] = String(headers["content-type"] ?? "").split(";");
  if (mediaType.trim().toLowerCase() === "application/json") {
    throw bad(
      "PackageUriNotSupported",
      "The local cloud does not fetch packages (packageUri): send the zip itself.",
    );
  }
  const checksum = headers["x-ms-artifact-checksum"];
  if (checksum !== undefined && !/^[0-9a-f]{64}$/i.test(String(checksum))) {
    throw bad(
      "InvalidChecksum",
      "x-ms-artifact-checksum is the SHA-256 of the package, 64 hexadecimal digits.",
    );
  }
  const text = (name: string, fallback: string) => query.get(name)?.slice(0, 256) || fallback;
  return {
    async: flag(isOneDeploy ? "async" : "isAsync", false),
    clean: flag("clean", true),
    restart: flag("restart", true),
    trackProgress: flag("trackDeploymentProgress", false),
    deployer: text("deployer", isOneDeploy ? "OneDeploy" : "ZipDeploy"),
    author: text("author", "N/A"),
    message: text("message", isOneDeploy ? "OneDeploy" : "Created via a push deployment"),
    checksum: checksum === undefined ? undefined : String(checksum).toLowerCase(),
  };
}

function checkOneDeploy(query: URLSearchParams): void {
  const type = query.get("type")?.toLowerCase() ?? "";
  if (type !== "zip") {
    throw bad("UnsupportedType", `The local cloud publishes type=zip only, not '${type.slice(0, 20)}'.`);
  }
  const path = query.get("path") ?? "";
  if (path !== "" && path !== "/home/site/wwwroot") {
    throw bad("UnsupportedPath", "The local cloud publishes to /home/site/wwwroot only: leave path out.");
  }
}

function bad(code: string, message: string) {
  return refusal(400, code, message);
}
