import type { BouncePolicy } from '../consensus/bounces/bounce-policy.ts';
import { defaultMailboxSecurity, type MailboxEndpoint } from '../mailbox/session/mailbox-endpoint.ts';
import type { SecretReference } from './channel.ts';
import type { CheckedBounces } from './schema/bounces.ts';

/** What is watched of sent mail, with all defaults. */
export interface BounceSettings {
  readonly policy: BouncePolicy;
  /** Whether events of Amazon SES are counted. */
  readonly ses: boolean;
  /** Logs of Postfix, for one machine. */
  readonly logs: readonly string[];
  /** Mailboxes with reports. */
  readonly mailboxes?: readonly BounceMailbox[];
}

export interface BounceMailbox {
  readonly endpoint: MailboxEndpoint;
  readonly user: string;
  readonly password: SecretReference;
  readonly folder: string;
  /** Whether reports are removed once they are counted. */
  readonly remove: boolean;
}

/** @param pemOf the PEM of each `ca` file, by the path as written */
export function bounceSettings(
  checked: CheckedBounces,
  pemOf: (path: string) => string | undefined,
): BounceSettings | undefined {
  if (checked === undefined) return undefined;
  const { sources, ...policy } = checked;
  const mailboxes = sources.flatMap(({ mailbox }) =>
    mailbox === undefined ? [] : [mailboxOf(mailbox, pemOf(mailbox.ca ?? ''))],
  );
  return {
    policy,
    ses: sources.some(({ ses }) => ses === true),
    ...(mailboxes.length === 0 ? {} : { mailboxes }),
    logs: sources.flatMap(({ log }) => (log === undefined ? [] : [log])),
  };
}

type CheckedMailbox = NonNullable<NonNullable<CheckedBounces>['sources'][number]['mailbox']>;

const PORTS = { imap: 993, pop3: 995 } as const;

function mailboxOf(
  { protocol, host, serverName, insecure, user, password, folder, delete: remove, ...written }: CheckedMailbox,
  ca: string | undefined,
): BounceMailbox {
  const port = written.port ?? PORTS[protocol];
  const security = written.security ?? defaultMailboxSecurity(port);
  const stored = password.secret === undefined ? { env: password.env ?? '' } : { secret: password.secret };
  const certificate = { ...(serverName === undefined ? {} : { serverName }), ...(ca === undefined ? {} : { ca }) };
  return {
    endpoint: { protocol, host, port, security, family: 'any', insecure, ...certificate },
    user,
    password: stored,
    folder,
    remove,
  };
}
