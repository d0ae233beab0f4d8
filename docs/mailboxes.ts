/** Writes docs/mailboxes.md from the table of failures: `npx tsx docs/mailboxes.ts`. A test keeps them equal. */

import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MAILBOX_SESSION_FAILURES, type MailboxFailure } from '../lambda/mailbox/failures/mailbox-failure-codes.ts';
import { mailboxFailureTextOf } from '../lambda/mailbox/failures/mailbox-failure-texts.ts';
import { MAILBOX_LIMITS } from '../lambda/mailbox/session/mailbox-limits.ts';
import { markdownTable } from './failures.ts';

const PHASES = [
  'any',
  'greeting',
  'capability',
  'starttls',
  'auth',
  'list',
  'select',
  'search',
  'fetch',
  'store',
  'logout',
] as const;

function mebibytes(octets: number): string {
  return `${octets / 2 ** 20} MB`;
}

const INTRODUCTION = `# Mailboxes

How a mailbox is read by IMAP and POP3, and every failure that such a session reports. The codes are stable.

- **IMAP** (RFC 3501 and 9051): TLS from the first octet (993) or STARTTLS (143); \`AUTHENTICATE PLAIN\`, \`LOGIN\`, or
  \`AUTHENTICATE XOAUTH2\`; folders with their use (\`SPECIAL-USE\`, RFC 6154; else a folder named Junk or Spam); searches by day and
  header field; \`BODY.PEEK\`, which does not mark a message as seen.
- **POP3** (RFC 1939): TLS from the first octet (995) or \`STLS\` (110); \`AUTH PLAIN\`, \`AUTH XOAUTH2\`, or \`USER\` and \`PASS\`. POP3 has
  no folders and no search: headers of the newest ${MAILBOX_LIMITS.readHeaders} messages are read (\`TOP\`) and compared here.
- Phases are \`dns\`, \`connect\`, \`greeting\`, \`tls\`, \`certificate\`, \`capability\`, \`starttls\`, \`auth\`, \`list\`, \`select\`, \`search\`,
  \`fetch\`, \`store\` and \`logout\`. Each has its time, and every failure names one.
- The transcript has what was said, without credentials, names of folders, search terms, and anything of a message.

## Credentials

Credentials are sent only over TLS with a verified certificate (unless the endpoint says \`security: none\` or \`insecure\`). The
secret is a password, or JSON:

\`\`\`json
{
  "refreshToken": "…",
  "tokenEndpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
  "clientId": "…",
  "clientSecret": "…",
  "scope": "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
}
\`\`\`

The names of RFC 6749 (\`refresh_token\`, \`client_id\`, \`client_secret\`) and \`token_uri\` work as well. Access tokens live for an hour,
so a session gets one when it needs it: by https, without redirects, within ${MAILBOX_LIMITS.token / 1000} s. They are kept in memory only.

- **Microsoft 365** takes no passwords. It may hand out a new refresh token with each access token. The new one is not stored: the
  old one is valid for 90 days after it was issued, and must be replaced before.
- **Gmail** takes an app password, or a refresh token with the scope \`https://mail.google.com/\` and \`tokenEndpoint\`
  \`https://oauth2.googleapis.com/token\`.

## What is removed

Only messages that the caller names, by their UID or unique-id.

- With UIDPLUS (RFC 4315) or IMAP4rev2: \`UID STORE\` with \`\\Deleted\`, then \`UID EXPUNGE\` of the same UIDs. \`EXPUNGE\` and \`CLOSE\` are
  never sent, because they remove what other clients have marked.
- Without UIDPLUS the messages are only marked, and the report has \`expunge-unsafe\`.
- Gmail: the label \`\\Trash\`. (\`\\Deleted\` would only archive the message.) Gmail empties its trash after 30 days.
- POP3: \`DELE\`, which counts only if \`QUIT\` is answered. A session that breaks removes nothing.

## Bounds

| what | bound |
| --- | --- |
| the whole session | ${MAILBOX_LIMITS.deadline / 1000} s, or what the caller sets |
| a response; a message | ${MAILBOX_LIMITS.reply / 1000} s; ${MAILBOX_LIMITS.fetch / 1000} s |
| octets of a line | ${MAILBOX_LIMITS.lineOctets / 1024} KB |
| octets of a message | what the caller asks for, ${mebibytes(MAILBOX_LIMITS.messageOctets)} at most |
| octets of everything else in a session | ${mebibytes(MAILBOX_LIMITS.sessionOctets)} |
| responses to one command | ${MAILBOX_LIMITS.responses} |
| messages that are searched | the newest ${MAILBOX_LIMITS.searchedMessages} (IMAP) |
| folders | ${MAILBOX_LIMITS.folders} |
| transcript | ${MAILBOX_LIMITS.transcriptOctets / 1024} KB |

## Failures

**outcome**, **temporary** and **vantage** mean what they mean in [failures](failures.md). Names, connections, TLS and certificates have
the codes of that page.

This page is generated from \`lambda/mailbox/failures/\`; run \`npx tsx docs/mailboxes.ts\` after a change.
`;

export function mailboxesPage(): string {
  return [INTRODUCTION, ...PHASES.map(section)].join('\n');
}

function section(phase: MailboxFailure['phase']): string {
  const failures = Object.entries(MAILBOX_SESSION_FAILURES).filter(([, failure]) => failure.phase === phase);
  const title = phase === 'any' ? 'In any phase' : `Phase \`${phase}\``;
  return `### ${title}\n\n${markdownTable(['code', 'outcome', 'meaning', 'where to look'], failures.map(row))}`;
}

function row([code, { outcome, temporary, vantageFault }]: readonly [string, MailboxFailure]): readonly string[] {
  const { meaning = '', hint = '' } = mailboxFailureTextOf(code) ?? {};
  const nature = [outcome, ...(temporary ? ['temporary'] : []), ...(vantageFault ? ['vantage'] : [])].join(', ');
  return [`\`${code}\``, nature, meaning, hint];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(fileURLToPath(new URL('mailboxes.md', import.meta.url)), mailboxesPage());
}
