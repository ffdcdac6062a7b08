import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { eventually } from "../../local-azure/hosting/testing/eventually.ts";
import { type SecretSite, startSecretSite } from "../testing/secret-site.ts";

let site: SecretSite;
beforeEach(async () => {
  site = await startSecretSite();
});
afterEach(() => site?.close());

/** The codes of the failures since `before` as soon as there are as many as that. */
async function codes(before: number, count: number): Promise<unknown[]> {
  const events = await eventually(
    async () => site.events().slice(before),
    ({ length }) => length >= count,
  );
  return events.map(({ action, principal, code, substatus }) => [action, principal, code, substatus]);
}

test("the secret out of the vault opens the account; once it has ended, the next version does", async () => {
  const first = await site.addPassword(90);
  await site.place(first);
  await site.allowReading(true);
  expect([(await site.read()).status, site.events()]).toEqual([200, []]);

  site.advanceDays(91);
  const ended = await site.read();
  expect([ended.status, JSON.parse(ended.text).error.code]).toEqual([502, "Dependency"]);
  const token = ["getToken", site.clientId, "AADSTS7000222", null];
  const byCosmos = ["query", site.clientPrincipalId, 401, 0];
  const byVault = ["getSecret", site.sitePrincipalId, 401, "Unauthorized"];
  expect(await codes(0, 3)).toEqual([byCosmos, byVault, token]);

  const next = await site.addPassword(90);
  await site.place(next);
  const before = site.events().length;
  expect((await site.read()).status).toBe(200);
  expect(await codes(before, 1)).toEqual([token]);
  for (const { value } of [first, next]) expect(site.log()).not.toContain(value);
  expect(site.log()).not.toMatch(/eyJ/);
});

test("a secret that was taken from the registration is read again before anything fails", async () => {
  const first = await site.addPassword(90);
  await site.place(first);
  await site.allowReading(true);
  expect((await site.read()).status).toBe(200);

  await site.place(await site.addPassword(90));
  await site.removePassword(first);
  // The token that the old secret brought still works; after its end a new one is asked for.
  expect((await site.read()).status).toBe(200);
  site.advanceDays(1);
  expect((await site.read()).status).toBe(200);
});

test("a vault that the site's identity may not read is an event that names it", async () => {
  await site.place(await site.addPassword(90));
  const answer = await site.read();
  expect([answer.status, JSON.parse(answer.text).error.code]).toEqual([502, "Dependency"]);
  const [event] = await eventually(
    async () => site.events(),
    ({ length }) => length > 0,
  );
  expect(event).toMatchObject({
    principal: site.sitePrincipalId,
    action: "getSecret",
    resource: site.vaultSecret,
    code: 403,
    substatus: "ForbiddenByRbac",
    cause: expect.stringContaining("Caller is not authorized to perform action on resource"),
  });
  await site.allowReading(true);
  expect((await site.read()).status).toBe(200);
  await site.allowReading(false);
  expect((await site.read()).status).toBe(200);
});
