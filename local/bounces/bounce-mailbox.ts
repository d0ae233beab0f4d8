/** Reads a bounce mailbox on one machine. */
import { createHash } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { openMailProviders } from '../../lambda/bounce-watch/mail-providers.ts';
import { type BounceMailboxPorts, readBounceMailbox } from '../../lambda/bounce-watch/read-bounce-mailbox.ts';
import type { BounceMailbox } from '../../lambda/config/bounce-settings.ts';
import { openBounceRecorder } from '../../lambda/history/bounces/record-bounces.ts';
import { credentialsFromSecret } from '../../lambda/mailbox/credentials.ts';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { BounceOptions } from './follow-log.ts';

/** Never rejects. A failure is reported once, until reading succeeds again. */
export function mailboxReader(
  options: BounceOptions,
  mailbox: BounceMailbox,
  signal: AbortSignal,
): () => Promise<void> {
  const { table, ports, reportUnreadable, onError } = options;
  const { endpoint, user, folder, remove } = mailbox;
  const source = `mailbox-${createHash('sha256').update(`${user} ${endpoint.host} ${folder}`).digest('hex').slice(0, 8)}`;
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const readerPorts: BounceMailboxPorts = {
    history: openBounceRecorder(table, { now: ports.now, reportUnreadable }),
    providers: openMailProviders((domain) => resolver.resolveMx(domain), ports.now),
    now: ports.now,
  };
  const known = new Set<string>();
  let hasFailed = false;
  const readOnce = async () => {
    const credentials = credentialsFromSecret(user, await ports.secret(mailbox.password));
    const session = await openMailbox(endpoint, credentials, { signal });
    try {
      const { counted } = await readBounceMailbox(readerPorts, session, { source, folder, remove }, known);
      if (counted > 0) await ports.publishEvents([{ type: 'Bounces Recorded', detail: { source } }]);
    } finally {
      await session.end();
    }
  };
  return async () => {
    try {
      await readOnce();
      hasFailed = false;
    } catch (error) {
      if (!hasFailed && !signal.aborted)
        onError(new Error(`the mailbox of bounces at ${endpoint.host}: ${wordsOf(error)}`));
      hasFailed = true;
    }
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
