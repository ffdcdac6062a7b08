/** Unit, component and local integration tests; `smoke-tests/` has its own configuration because it needs a deployment. */
export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2024" }, module: { type: "es6" } },
    ],
  },
  roots: ["<rootDir>"],
  globalSetup: "<rootDir>/local-azure/testing/clear-requests.js",
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/.local-azure/"],
  modulePathIgnorePatterns: ["<rootDir>/.local-azure/"],
  testTimeout: 180_000,
  maxWorkers: "100%",
};
