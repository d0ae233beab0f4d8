/** Counts the reports in a bounce mailbox. */

import type { MailProviders } from '../bounce-watch/mail-providers.ts';
import { OTHERS } from '../bounces/counts.ts';
import { type ReceivedDsn, recordOfDsn } from '../bounces/dsn/outcomes-of-dsn.ts';
import type { BounceRecord } from '../bounces/outcome.ts';
import { providerOf } from '../bounces/providers.ts';
import { messageDigest } from '../history/bounces/read-messages.ts';
import { type BounceRecorder, isInTime, type RecordedBounces } from '../history/bounces/record-bounces.ts';
import { fetchIfPresent } from '../mailbox/session/fetch-if-present.ts';
import type { FetchedMessage, MailboxSession, MessageId } from '../mailbox/session/mailbox-session.ts';
import type { DsnRecipient } from '../standards/dsn/dsn.ts';
import { parseDsn } from '../standards/dsn/parse-dsn.ts';
import { parseDate } from '../standards/mime/date.ts';
import { fieldValue, splitHeader } from '../standards/mime/header.ts';
import { receivedHops } from '../standards/received/received.ts';

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
/** Messages in memory at once. */
const BATCH = 40;

/**
 * Reads what arrived since yesterday and was not read before. Only a report as RFC 3464 defines it is ever removed, after it was
 * counted: a text may be a letter of a person who quotes one.
 * @param read digests of messages that earlier sessions have read; this session's are added
 */
export async function readBounceMailbox(
  ports: BounceMailboxPorts,
  session: MailboxSession,
  { source, folder, remove }: BounceFolder,
  read: Set<string>,
): Promise<MailboxRead> {
  const selected = await session.select(folder);
  const found = await session.search({ since: ports.now() - DAY });
  // Without an identifier for longer than a session, each message is read again, and counts once all the same.
  const digestOf = (id: MessageId) => messageDigest(`${selected.uidValidity ?? ''} ${id}`);
  const fresh = found.filter((id) => id.startsWith('#') || !read.has(digestOf(id))).slice(-MOST_MESSAGES);
  keepOnly(read, new Set(found.map(digestOf)));
  let sum: MailboxRead = { counted: 0, repeated: 0, late: 0, writes: 0, fetched: 0, others: 0, removed: 0 };
  for (let from = 0; from < fresh.length; from += BATCH) {
    const batch = fresh.slice(from, from + BATCH);
    sum = added(sum, await readBatch(ports, session, { source, folder, remove }, batch));
    for (const id of batch) if (!id.startsWith('#')) read.add(digestOf(id));
  }
  return sum;
}

/** What is no longer in the mailbox need not be known. */
function keepOnly(read: Set<string>, present: ReadonlySet<string>): void {
  for (const digest of read) if (!present.has(digest)) read.delete(digest);
}

function added(one: MailboxRead, other: MailboxRead): MailboxRead {
  return {
    counted: one.counted + other.counted,
    repeated: one.repeated + other.repeated,
    late: one.late + other.late,
    writes: one.writes + other.writes,
    fetched: one.fetched + other.fetched,
    others: one.others + other.others,
    removed: one.removed + other.removed,
  };
}

async function readBatch(
  ports: BounceMailboxPorts,
  session: MailboxSession,
  { source, remove }: BounceFolder,
  fresh: readonly MessageId[],
): Promise<MailboxRead> {
  const reports: (ReceivedDsn & { readonly id: MessageId })[] = [];
  for (const id of fresh) {
    // A message that the server cannot show does not hide the others.
    const message = await fetchIfPresent(session, id, MOST_OCTETS, ['fetch-refused']);
    const dsn = message === null ? null : parseDsn(message.raw);
    if (message !== null && dsn !== null)
      reports.push({ id, dsn, raw: message.raw, at: arrivalOf(message, ports.now()) });
  }
  const records = await recordsOf(ports, reports);
  const recorded = await ports.history.record(
    source,
    records.filter((record) => record !== null),
  );
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

/** POP3 does not say when a message arrived: the host that took it last does, or else the date that the message has. */
function arrivalOf({ arrived, raw }: FetchedMessage, now: number): number {
  if (arrived !== null) return arrived;
  const { fields } = splitHeader(raw.toString('latin1', 0, 65_536));
  return receivedHops(fields)[0]?.at ?? parseDate(fieldValue(fields, 'date') ?? '') ?? now;
}
