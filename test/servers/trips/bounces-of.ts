/** The bounces in the mailbox of the sender. */

import { openMailbox } from '../../../lambda/mailbox/open-mailbox.ts';
import type { Dsn } from '../../../lambda/standards/dsn/dsn.ts';
import { parseDsn } from '../../../lambda/standards/dsn/parse-dsn.ts';
import type { TripLab } from './trip-lab.ts';
import { PASSWORD, SENDER } from './trip-world.ts';

/** Those of Postfix and of Exim. */
export async function bouncesOf({ mailboxes, certificate }: TripLab): Promise<readonly Dsn[]> {
  const endpoint = { protocol: 'pop3', host: '127.0.0.1', port: mailboxes.ports.pop3, security: 'starttls' } as const;
  const mailbox = await openMailbox(
    { ...endpoint, serverName: SENDER.host, ca: certificate.ca },
    { user: SENDER.user, password: PASSWORD },
  );
  await mailbox.select('INBOX');
  const found: Dsn[] = [];
  for (const id of await mailbox.search({ header: ['From', 'Mail Deliver'] })) {
    const bounce = parseDsn((await mailbox.fetch(id, 1_000_000)).raw);
    if (bounce !== null) found.push(bounce);
  }
  await mailbox.end();
  return found;
}
