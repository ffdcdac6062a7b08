import { type Clock, clockFrom } from "./clock.ts";
import type { Store } from "./store.ts";

/** A clock that is off from another by an offset, which the store keeps through a restart. */
export interface MovableClock extends Clock {
  /** Milliseconds that it is ahead of the other clock; negative when it is behind. */
  readonly offsetMs: number;
  /** Puts the clock `offsetMs` milliseconds ahead of the other one; 0 is the other one's time. */
  move(offsetMs: number): void;
  /** Reads again what another process wrote to the store. */
  reload(): void;
}

/**
 * The clock of a cloud: `base` moved by what the store keeps. Time goes on at its own pace from wherever it was moved to.
 */
export function openMovableClock(store: Store, base: Clock): MovableClock {
  store.addSchema("CREATE TABLE IF NOT EXISTS clock (offset_ms INTEGER NOT NULL) STRICT");
  const select = store.database.prepare("SELECT offset_ms FROM clock");
  const insert = store.database.prepare("INSERT INTO clock (offset_ms) VALUES (?)");
  const read = () => Number(select.get()?.offset_ms ?? 0);
  let offset = read();
  return {
    ...clockFrom(() => base.nowMs() + offset),
    get offsetMs() {
      return offset;
    },
    move(offsetMs) {
      store.transaction(() => {
        store.database.exec("DELETE FROM clock");
        insert.run(Math.round(offsetMs));
      });
      offset = read();
    },
    reload() {
      offset = read();
    },
  };
}
