/** Routes that no official client calls in the tests, by surface and name, each with the reason. */
export const withoutOfficialClient: Readonly<Record<string, string>> = {};
