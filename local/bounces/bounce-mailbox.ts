/** Reads a bounce mailbox on one machine. */
import { Resolver } from 'node:dns/promises';
import { type BounceMailboxWatchPorts, watchBounceMailbox } from '../../lambda/bounce-mailbox/watch-bounce-mailbox.ts';
import { openMailProviders } from '../../lambda/bounce-watch/mail-providers.ts';
import type { BounceMailbox } from '../../lambda/config/bounce-settings.ts';
import { openReadMessages } from '../../lambda/history/bounces/read-messages.ts';
import { openBounceRecorder } from '../../lambda/history/bounces/record-bounces.ts';
import { openMailbox } from '../../lambda/mailbox/open-mailbox.ts';
import type { BounceOptions } from './follow-log.ts';

/** Never rejects. A failure is reported once, until reading succeeds again. */
export function mailboxReader(
  options: BounceOptions,
  mailbox: BounceMailbox,
  signal: AbortSignal,
): () => Promise<void> {
  const { table, ports, reportUnreadable, onError } = options;
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const readerPorts: BounceMailboxWatchPorts = {
    history: openBounceRecorder(table, { now: ports.now, reportUnreadable }),
    providers: openMailProviders((domain) => resolver.resolveMx(domain), ports.now),
    now: ports.now,
    read: openReadMessages(table, ports.now, reportUnreadable),
    openMailbox,
    secret: ports.secret,
    publishEvents: ports.publishEvents,
  };
  let hasFailed = false;
  return async () => {
    try {
      await watchBounceMailbox(readerPorts, mailbox, signal);
      hasFailed = false;
    } catch (error) {
      if (!hasFailed && !signal.aborted)
        onError(new Error(`the mailbox of bounces at ${mailbox.endpoint.host}: ${wordsOf(error)}`));
      hasFailed = true;
    }
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
