/** Sessions with the simulated mailbox. */
import { mailboxFinding } from '../../../lambda/mailbox/failures/mailbox-failures.ts';
import type { MailboxError, MailboxReport } from '../../../lambda/mailbox/session/mailbox-report.ts';
import type { MailboxSession } from '../../../lambda/mailbox/session/mailbox-session.ts';
import type { Invocation } from '../invocation.ts';
import type { Random } from '../random.ts';
import type { TripRoutes } from './route.ts';

const REPORT: MailboxReport = {
  ...{ findings: [], timings: {}, address: null, greeting: null, capabilities: [], tls: null, transcript: [] },
};

/**
 * Rejects if the mailbox is down, and each command does once it is.
 * @param Failure the class of the product under test: a copy has a class of its own
 */
export async function openSimulatedMailbox(
  routes: TripRoutes,
  invocation: Invocation,
  random: Random,
  breaks: () => boolean,
  Failure: typeof MailboxError,
): Promise<MailboxSession> {
  let folder = 'INBOX';
  const call = <T>(effect: () => T) =>
    invocation.call(
      async () => {
        if (routes.isMailboxDown() || breaks())
          throw new Failure(mailboxFinding('connect-refused', { detail: 'down' }), true, REPORT);
        return effect();
      },
      random.between(5, 80),
    );
  const own = () => routes.messages.filter((one) => one.folder === folder);
  await call(() => null);
  return {
    folders: () =>
      call(() => [
        { name: 'INBOX', use: 'inbox', selectable: true },
        { name: 'Junk', use: 'junk', selectable: true },
      ]),
    select: (name) =>
      call(() => {
        folder = name;
        return { name, messages: own().length, uidValidity: '1', readOnly: false };
      }),
    search: () => call(() => own().map(({ uid }) => String(uid))),
    fetch: (id) =>
      call(() => {
        const found = own().find(({ uid }) => String(uid) === id);
        const raw = found?.raw ?? Buffer.alloc(0);
        return { id, raw, truncated: false, size: raw.length, arrived: found?.arrived ?? null, labels: null };
      }),
    remove: (ids) =>
      call(() => {
        const left = routes.messages.filter(({ uid }) => !ids.includes(String(uid)));
        routes.removed.push(...routes.messages.filter(({ uid }) => ids.includes(String(uid))));
        routes.messages.splice(0, routes.messages.length, ...left);
        return 'expunged';
      }),
    end: async () => {},
    report: () => REPORT,
  };
}
