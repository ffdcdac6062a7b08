/** Run against a deployment, by run.ts, which says which one. */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2024" }, module: { type: "es6" } },
    ],
  },
  testMatch: ["**/*.smoke.ts"],
  // Longer than the wait for role propagation, so that what it waited for is told.
  testTimeout: 10 * 60_000,
  verbose: true,
  reporters: [
    "default",
    ["jest-junit", { outputDirectory: "reports", outputName: "smoke.xml", suiteName: "smoke tests" }],
  ],
};
