/** Reads a bounce mailbox of the config, on AWS and on one machine. */
import { createHash } from 'node:crypto';
import type { BounceMailbox } from '../config/bounce-settings.ts';
import type { SecretReference } from '../config/channel.ts';
import type { ReadMessagesStore } from '../history/bounces/read-messages.ts';
import { credentialsFromSecret } from '../mailbox/credentials.ts';
import type { openMailbox } from '../mailbox/open-mailbox.ts';
import type { BusEvent } from '../ports.ts';
import { type BounceMailboxPorts, type MailboxRead, readBounceMailbox } from './read-bounce-mailbox.ts';

export interface BounceMailboxWatchPorts extends BounceMailboxPorts {
  readonly read: ReadMessagesStore;
  readonly openMailbox: typeof openMailbox;
  secret(reference: SecretReference): Promise<string>;
  publishEvents(events: readonly BusEvent[]): Promise<void>;
}

/** What was read is stored once the session has ended: only then POP3 has removed what was counted. */
export async function watchBounceMailbox(
  ports: BounceMailboxWatchPorts,
  { endpoint, user, password, folder, remove }: BounceMailbox,
  signal: AbortSignal,
): Promise<MailboxRead> {
  const source = bounceSourceOf(user, endpoint.host, folder);
  const credentials = credentialsFromSecret(user, await ports.secret(password));
  const before = await ports.read.readMessages(source);
  const digests = new Set(before.digests);
  // Where another run was first, what only this one has read is read again, and counts once.
  const store = async () => {
    if (!isSame(digests, before.digests)) await ports.read.writeReadMessages(source, digests, before.version);
  };
  const session = await ports.openMailbox(endpoint, credentials, { signal });
  let report: MailboxRead;
  try {
    report = await readBounceMailbox(ports, session, { source, folder, remove }, digests);
  } catch (error) {
    await session.end().catch(() => {});
    // So that a mailbox that takes longer than a session is read all the same. POP3 removes nothing in one that was cut off.
    if (endpoint.protocol === 'imap' || !remove) await store();
    throw error;
  }
  if (report.counted > 0) await ports.publishEvents([{ type: 'Bounces Recorded', detail: { source } }]);
  await session.end();
  await store();
  return report;
}

/** The name of a mailbox in the history: nobody's address. */
function bounceSourceOf(user: string, host: string, folder: string): string {
  return `mailbox-${createHash('sha256').update(`${user} ${host} ${folder}`).digest('hex').slice(0, 8)}`;
}

function isSame(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((digest) => other.has(digest));
}
