/** What a session can be asked, as talks. IMAP and POP3 each have their own. */

import type { MailboxEndpoint, PasswordCredentials, TokenCredentials } from '../session/mailbox-endpoint.ts';
import type {
  FetchedMessage,
  MailboxFolder,
  MessageId,
  MessageQuery,
  Removal,
  SelectedFolder,
} from '../session/mailbox-session.ts';
import type { Dialogue, Talk } from './dialogue.ts';

export interface MailboxTalks<Response> {
  readonly dialogue: Dialogue<Response>;
  /** What is known so far. */
  facts(): {
    readonly greeting: string | null;
    readonly capabilities: readonly string[];
    readonly folder: SelectedFolder | null;
    /** Messages are removed only if the session ends as it should. */
    readonly removesAtEnd: boolean;
  };
  open(
    endpoint: Pick<MailboxEndpoint, 'security'>,
    credentials: PasswordCredentials | TokenCredentials,
  ): Talk<void, Response>;
  folders(): Talk<readonly MailboxFolder[], Response>;
  select(folder: string): Talk<SelectedFolder, Response>;
  search(query: MessageQuery): Talk<readonly MessageId[], Response>;
  fetch(id: MessageId, maxOctets: number): Talk<FetchedMessage, Response>;
  remove(ids: readonly MessageId[]): Talk<Removal, Response>;
  end(): Talk<void, Response>;
}
