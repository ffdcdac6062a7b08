import type { Store } from "../core/store.ts";
import { isPresent } from "./directory/aside.ts";

/** Who is a member of which group. Ids compare without case. */
export interface Memberships {
  /** Answers whether the member is new to the group. */
  add(groupId: string, memberId: string): boolean;
  remove(groupId: string, memberId: string): boolean;
  /** Direct members, ordered by object id. */
  membersOf(groupId: string): readonly string[];
  /** All groups that hold the object, directly or through other groups; ordered by object id. */
  groupsOf(objectId: string): readonly string[];
  /** Forgets the object both as a member and as a group. */
  removeAll(objectId: string): void;
}

export function openMemberships(store: Store): Memberships {
  store.addSchema(`
CREATE TABLE IF NOT EXISTS directory_members (
  group_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  PRIMARY KEY (group_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS directory_members_by_member ON directory_members (member_id);
`);
  const { database } = store;
  const insert = database.prepare(
    "INSERT OR IGNORE INTO directory_members (group_id, member_id) VALUES (?, ?)",
  );
  const remove = database.prepare("DELETE FROM directory_members WHERE group_id = ? AND member_id = ?");
  const removeAll = database.prepare("DELETE FROM directory_members WHERE group_id = ?1 OR member_id = ?1");
  const selectMembers = database.prepare(
    `SELECT member_id FROM directory_members WHERE group_id = ? AND ${isPresent("member_id")} ORDER BY member_id`,
  );
  const selectGroups = database.prepare(`
WITH RECURSIVE holding (id) AS (
  SELECT group_id FROM directory_members WHERE member_id = ?
  UNION
  SELECT group_id FROM directory_members JOIN holding ON member_id = holding.id
)
SELECT id FROM holding ORDER BY id`);
  return {
    add: (groupId, memberId) => Number(insert.run(groupId.toLowerCase(), memberId.toLowerCase()).changes) > 0,
    remove: (groupId, memberId) =>
      Number(remove.run(groupId.toLowerCase(), memberId.toLowerCase()).changes) > 0,
    membersOf: (groupId) => selectMembers.all(groupId.toLowerCase()).map((row) => String(row.member_id)),
    groupsOf: (objectId) => selectGroups.all(objectId.toLowerCase()).map((row) => String(row.id)),
    removeAll(objectId) {
      removeAll.run(objectId.toLowerCase());
    },
  };
}
