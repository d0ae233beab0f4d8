/** The trips, mailboxes and verdicts of round trips in the table. */
import type { RoundTripVerdict, StoredRoundTripVerdict } from '../../consensus/trips/round-trip-verdict.ts';
import { endOfKeys, tripKey, tripMailboxesKey, tripVerdictsKey } from '../table/keys.ts';
import type { Table } from '../table/table.ts';
import { type ReportUnreadable, readable, readOrNull, reportOnce } from '../table/unreadable.ts';
import { writeVersion } from '../table/write-version.ts';
import { type MailboxState, mailboxItem, mailboxStateOf, NEW_MAILBOX } from './mailbox-state.ts';
import { roundTripVerdictItem, roundTripVerdictOf } from './round-trip-verdict-item.ts';
import { type TripRecord, tripItem, tripOf } from './trip-record.ts';

export interface TripStore {
  /** A mailbox that is not known, or whose item cannot be read, is a new one. */
  mailbox(mailbox: string): Promise<MailboxState>;
  /** Returns the state as stored; null if it has changed since `state` was read. */
  writeMailbox(mailbox: string, state: MailboxState): Promise<MailboxState | null>;
  /** All mailboxes that were ever sent to. */
  mailboxes(): Promise<readonly MailboxState[]>;
  trip(roundTrip: string, at: number): Promise<TripRecord | null>;
  /** Likewise. A record whose version is 0 must be new. */
  writeTrip(record: TripRecord): Promise<TripRecord | null>;
  /** Those that were claimed from one time to another, epoch milliseconds, oldest first. */
  trips(roundTrip: string, from: number, to: number): Promise<readonly TripRecord[]>;
  verdict(roundTrip: string): Promise<StoredRoundTripVerdict | null>;
  verdicts(): Promise<readonly StoredRoundTripVerdict[]>;
  /** @param version that of the verdict that was read; 0: there was none */
  writeVerdict(verdict: RoundTripVerdict, version: number): Promise<boolean>;
}

export function openTripStore(table: Table, report?: ReportUnreadable): TripStore {
  const tell = reportOnce(report);
  return {
    async mailbox(mailbox) {
      const item = await table.get(tripMailboxesKey, mailbox);
      return (item === null ? null : readOrNull(item, mailboxStateOf, tell)) ?? NEW_MAILBOX;
    },
    async writeMailbox(mailbox, state) {
      const next = { ...state, version: state.version + 1 };
      return (await writeVersion(table, mailboxItem(mailbox, next), state.version, mailboxStateOf)) ? next : null;
    },
    async mailboxes() {
      return readable(await table.query(tripMailboxesKey), mailboxStateOf, tell);
    },
    async trip(roundTrip, at) {
      const item = await table.get(tripKey.pk(roundTrip), tripKey.sk(at));
      return item === null ? null : readOrNull(item, tripOf, tell);
    },
    async writeTrip(record) {
      const { version } = record;
      const next = { ...record, version: version + 1 };
      // One that cannot be read is not replaced: its message may have been sent.
      return (await table.put(tripItem(next), version === 0 ? { absent: true } : { version })) ? next : null;
    },
    async trips(roundTrip, from, to) {
      const range = { from: tripKey.sk(from), to: `${tripKey.sk(to)}${endOfKeys}` };
      return readable(await table.query(tripKey.pk(roundTrip), range), tripOf, tell);
    },
    async verdict(roundTrip) {
      const item = await table.get(tripVerdictsKey, roundTrip);
      return item === null ? null : readOrNull(item, roundTripVerdictOf, tell);
    },
    async verdicts() {
      return readable(await table.query(tripVerdictsKey, { consistent: true }), roundTripVerdictOf, tell);
    },
    writeVerdict: (verdict, version) =>
      writeVersion(table, roundTripVerdictItem(verdict, version + 1), version, roundTripVerdictOf),
  };
}
