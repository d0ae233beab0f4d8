import type { MailboxFailureCode } from '../failures/mailbox-failures.ts';
import { MailboxError } from './mailbox-report.ts';
import type { FetchedMessage, MailboxSession, MessageId } from './mailbox-session.ts';

/** Null if another program has moved or removed the message since the search, or for another refusal that the caller names. */
export async function fetchIfPresent(
  session: Pick<MailboxSession, 'fetch'>,
  id: MessageId,
  octets: number,
  skipped: readonly MailboxFailureCode[] = [],
): Promise<FetchedMessage | null> {
  try {
    return await session.fetch(id, octets);
  } catch (error) {
    const codes: readonly string[] = ['message-missing', ...skipped];
    if (error instanceof MailboxError && !error.fatal && codes.includes(error.failure.code)) return null;
    throw error;
  }
}
