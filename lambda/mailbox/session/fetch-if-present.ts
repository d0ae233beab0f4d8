import { MailboxError } from './mailbox-report.ts';
import type { FetchedMessage, MailboxSession, MessageId } from './mailbox-session.ts';

/** Null if another program has moved or removed the message since the search. */
export async function fetchIfPresent(
  session: Pick<MailboxSession, 'fetch'>,
  id: MessageId,
  octets: number,
): Promise<FetchedMessage | null> {
  try {
    return await session.fetch(id, octets);
  } catch (error) {
    if (error instanceof MailboxError && error.failure.code === 'message-missing' && !error.fatal) return null;
    throw error;
  }
}
