import { describe, expect, test } from "@jest/globals";
import { loopbackUrl } from "./loopback.ts";

describe("loopbackUrl", () => {
  test.each([
    "https://localhost",
    "https://127.0.0.1:8443/x",
    "https://127.9.8.7",
    "https://[::1]:1",
    "https://v.vault.localhost:1",
  ])("admits %s", (endpoint) => {
    expect(loopbackUrl(endpoint, "endpoint").href).toBe(new URL(endpoint).href);
  });

  test.each([
    "https://management.azure.com",
    "http://localhost",
    "https://localhost.example.com",
    "https://127.0.0.1.example.com",
    "https://localhost@example.com",
    "https://10.0.0.1",
    "https://[::2]",
    "https://169.254.169.254",
    "localhost",
    "",
  ])("refuses '%s'", (endpoint) => {
    expect(() => loopbackUrl(endpoint, "login endpoint")).toThrow(
      `the local plugins only talk to this machine, but the login endpoint is '${endpoint}'.`,
    );
  });
});
