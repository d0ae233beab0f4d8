/** Counts the reports in a bounce mailbox. */

import { OTHERS } from '../bounces/counts.ts';
import { type ReceivedDsn, recordOfDsn } from '../bounces/dsn/outcomes-of-dsn.ts';
import type { BounceRecord } from '../bounces/outcome.ts';
import { providerOf } from '../bounces/providers.ts';
import { type BounceRecorder, isInTime, type RecordedBounces } from '../history/bounces/record-bounces.ts';
import type { FetchedMessage, MailboxSession, MessageId } from '../mailbox/session/mailbox-session.ts';
import type { DsnRecipient } from '../standards/dsn/dsn.ts';
import { parseDsn } from '../standards/dsn/parse-dsn.ts';
import { parseDate } from '../standards/mime/date.ts';
import type { MailProviders } from './mail-providers.ts';

export interface MailboxRead extends RecordedBounces {
  /** Messages that were fetched. */
  readonly fetched: number;
  /** Messages that are no report. They are left alone. */
  readonly others: number;
  readonly removed: number;
}

export interface BounceMailboxPorts {
  readonly history: BounceRecorder;
  readonly providers: MailProviders;
  now(): number;
}

export interface BounceFolder {
  /** Of the history. */
  readonly source: string;
  readonly folder: string;
  /** Whether reports are removed once they are counted. */
  readonly remove: boolean;
}

const DAY = 24 * 3_600_000;
/** Octets of one message: the report comes before the message that it is about. */
const MOST_OCTETS = 262_144;
/** Messages of one session. */
const MOST_MESSAGES = 500;

/**
 * Reads what arrived since yesterday and was not read before. Only a report as RFC 3464 defines it is ever removed, after it was
 * counted: a text may be a letter of a person who quotes one.
 * @param read ids of earlier sessions; this session's are added
 */
export async function readBounceMailbox(
  ports: BounceMailboxPorts,
  session: MailboxSession,
  { source, folder, remove }: BounceFolder,
  read: Set<MessageId>,
): Promise<MailboxRead> {
  const selected = await session.select(folder);
  const found = await session.search({ since: ports.now() - DAY });
  // Without an identifier for longer than a session, each message is read again, and counts once all the same.
  const keyOf = (id: MessageId) => `${selected.uidValidity ?? ''} ${id}`;
  const fresh = found.filter((id) => id.startsWith('#') || !read.has(keyOf(id))).slice(-MOST_MESSAGES);
  const reports: (ReceivedDsn & { readonly id: MessageId })[] = [];
  for (const id of fresh) {
    const message = await session.fetch(id, MOST_OCTETS);
    const dsn = parseDsn(message.raw);
    if (dsn !== null) reports.push({ id, dsn, raw: message.raw, at: arrivalOf(message, ports.now()) });
  }
  const records = await recordsOf(ports, reports);
  const recorded = await ports.history.record(
    source,
    records.filter((record) => record !== null),
  );
  for (const id of fresh) read.add(keyOf(id));
  for (const key of [...read].slice(0, Math.max(0, read.size - 20 * MOST_MESSAGES))) read.delete(key);
  const isCounted = (at: number, nth: number) => records[nth] !== null && isInTime(at, ports.now());
  const removable = remove
    ? reports.filter(({ dsn, at }, nth) => dsn.form === 'report' && isCounted(at, nth)).map(({ id }) => id)
    : [];
  if (removable.length > 0) await session.remove(removable);
  return { ...recorded, fetched: fresh.length, others: fresh.length - reports.length, removed: removable.length };
}

/** Of each report; null if it reports neither a failure nor a delay. */
async function recordsOf(
  { providers }: BounceMailboxPorts,
  reports: readonly ReceivedDsn[],
): Promise<readonly (BounceRecord | null)[]> {
  const unknown = reports.flatMap(({ dsn }) =>
    dsn.recipients.flatMap(({ remoteHost, domain }) => (remoteHost === null && domain !== null ? [domain] : [])),
  );
  const known = await providers.providersOf(unknown);
  const providerOfRecipient = ({ remoteHost, domain }: DsnRecipient) =>
    remoteHost === null ? (known.get(domain ?? '') ?? OTHERS) : providerOf(remoteHost);
  return reports.map((report) => recordOfDsn(report, providerOfRecipient));
}

/** POP3 does not say when a message arrived: the date that it has. */
function arrivalOf({ arrived, raw }: FetchedMessage, now: number): number {
  if (arrived !== null) return arrived;
  const [, date = ''] = /^date:[ \t]*([^\r\n]{1,100})/im.exec(raw.subarray(0, 16_384).toString('latin1')) ?? [];
  return parseDate(date) ?? now;
}
