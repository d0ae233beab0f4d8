/** Which messages of a bounce mailbox were read: one small item for each mailbox, so that a run fetches what is new alone. */
import { createHash } from 'node:crypto';
import { bounceMailboxesKey } from '../table/keys.ts';
import type { Item, Table } from '../table/table.ts';
import { isCount, isText } from '../table/type-guards.ts';
import { must, type ReportUnreadable, readOrNull, reportOnce } from '../table/unreadable.ts';
import { writeVersion } from '../table/write-version.ts';

export interface ReadMessages {
  /** Digests of the identifiers of messages that are still in the mailbox. */
  readonly digests: ReadonlySet<string>;
  readonly version: number;
}

export interface ReadMessagesStore {
  /** A mailbox that is not known, or whose item cannot be read, is a new one: its messages are read again, and count once. */
  readMessages(source: string): Promise<ReadMessages>;
  /** False if another run was first. @param version that of what was read; 0: there was nothing */
  writeReadMessages(source: string, digests: ReadonlySet<string>, version: number): Promise<boolean>;
}

/** Characters of a digest: 48 bits tell apart what a mailbox gets in a day. */
const LENGTH = 8;
/** Digests of an item: 80 KB. */
const MOST = 10_000;
/** Seconds. Messages are looked for since yesterday. */
const KEPT = 3 * 86_400;

export function messageDigest(identifier: string): string {
  return createHash('sha256').update(identifier).digest('base64url').slice(0, LENGTH);
}

export function openReadMessages(table: Table, now: () => number, report?: ReportUnreadable): ReadMessagesStore {
  const tell = reportOnce(report);
  return {
    async readMessages(source) {
      const item = await table.get(bounceMailboxesKey, source);
      return (item === null ? null : readOrNull(item, readMessagesOf, tell)) ?? { digests: new Set(), version: 0 };
    },
    async writeReadMessages(source, digests, version) {
      const read = [...digests].slice(-MOST).join('');
      const ttl = Math.floor(now() / 1000) + KEPT;
      const item = { pk: bounceMailboxesKey, sk: source, ttl, read, version: version + 1 };
      return writeVersion(table, item, version, readMessagesOf);
    },
  };
}

/** @throws where it is none */
export function readMessagesOf({ read, version }: Item): ReadMessages {
  must(isText(read) && read.length % LENGTH === 0, 'the messages that were read');
  must(isCount(version), 'the version');
  return { digests: new Set(read.match(/.{8}/g)), version };
}
