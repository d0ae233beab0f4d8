import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mailboxesPage } from '../../../docs/mailboxes.ts';
import { refusalCodeOf } from '../../../lambda/mailbox/dialogue/refusal-codes.ts';
import { MAILBOX_SESSION_FAILURES } from '../../../lambda/mailbox/failures/mailbox-failure-codes.ts';
import { mailboxFailureTextOf } from '../../../lambda/mailbox/failures/mailbox-failure-texts.ts';
import {
  MAILBOX_FAILURES,
  type MailboxFailureCode,
  mailboxFailureOf,
  mailboxFinding,
} from '../../../lambda/mailbox/failures/mailbox-failures.ts';
import type { MailboxPhase } from '../../../lambda/mailbox/failures/mailbox-phase.ts';
import { FAILURES } from '../../../lambda/smtp/failures/failures.ts';

test('docs/mailboxes.md has the table', () => {
  const page = readFileSync(new URL('../../../docs/mailboxes.md', import.meta.url), 'utf8');
  expect(page, 'run `npx tsx docs/mailboxes.ts`').toBe(mailboxesPage());
});

test('the page has every code of a mailbox once', () => {
  const codes = [...mailboxesPage().matchAll(/^\| `([a-z0-9-]+)` /gm)].map(([, code]) => code);
  expect(codes.toSorted()).toEqual(Object.keys(MAILBOX_SESSION_FAILURES).toSorted());
});

const PHASES = {
  any: true,
  dns: true,
  connect: true,
  greeting: true,
  capability: true,
  starttls: true,
  tls: true,
  certificate: true,
  auth: true,
  list: true,
  select: true,
  search: true,
  fetch: true,
  store: true,
  logout: true,
} satisfies Record<MailboxPhase | 'any', true>;

test.each(Object.keys(MAILBOX_FAILURES) as MailboxFailureCode[])('%s has a phase and sentences', (code) => {
  const { phase, outcome, vantageFault } = MAILBOX_FAILURES[code];
  const { meaning = '', hint = '' } = mailboxFailureTextOf(code) ?? {};
  expect(Object.keys(PHASES)).toContain(phase);
  expect(outcome === 'unable').toBe(vantageFault);
  expect(meaning).toMatch(/^[A-Z"`].*\.$/);
  expect(hint).toMatch(/[.?]$/);
  expect(`${meaning}${hint}`).not.toContain('|');
});

test('a code that the SMTP probe has, too, is of the same kind', () => {
  const shared = Object.entries(MAILBOX_FAILURES).filter(([code]) => Object.hasOwn(FAILURES, code));
  expect(shared.length).toBeGreaterThan(50);
  for (const [code, { outcome, vantageFault }] of shared) {
    expect({ code, outcome, vantageFault }).toEqual({
      code,
      outcome: FAILURES[code as keyof typeof FAILURES].outcome,
      vantageFault: FAILURES[code as keyof typeof FAILURES].vantageFault,
    });
  }
});

test('a code of another version is unknown, and details are one line', () => {
  expect(mailboxFailureOf('constructor')).toBeUndefined();
  expect(mailboxFailureTextOf('constructor')).toBeUndefined();
  expect(mailboxFinding('closed', { phase: 'search', detail: 'a\r\nb' })).toEqual({
    phase: 'search',
    code: 'closed',
    outcome: 'fail',
    detail: 'a, b',
    reply: null,
  });
});

/** Replies of servers as they were seen. */
test.each<[MailboxPhase, string | null, string, MailboxFailureCode]>([
  ['auth', 'AUTHENTICATIONFAILED', 'A1 NO [AUTHENTICATIONFAILED] Authentication failed.', 'auth-rejected'],
  ['auth', 'AUTHENTICATIONFAILED', 'A1 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)', 'auth-rejected'],
  [
    'auth',
    'ALERT',
    'A1 NO [ALERT] Application-specific password required: https://support.example (Failure)',
    'auth-app-password',
  ],
  [
    'auth',
    'ALERT',
    'A1 NO [ALERT] Your account is not enabled for IMAP use. Please visit your settings. (Failure)',
    'auth-disabled',
  ],
  ['auth', null, 'A1 NO LOGIN failed.', 'auth-rejected'],
  ['auth', null, '-ERR Logon failure: unknown user name or bad password.', 'auth-rejected'],
  ['auth', 'AUTH', '-ERR [AUTH] Username and password not accepted.', 'auth-rejected'],
  ['auth', 'SYS/TEMP', '-ERR [SYS/TEMP] Temporary authentication failure.', 'auth-unavailable'],
  ['auth', 'UNAVAILABLE', 'A1 NO [UNAVAILABLE] Temporary authentication failure.', 'auth-unavailable'],
  ['auth', 'IN-USE', '-ERR [IN-USE] Mailbox is locked by another session', 'mailbox-in-use'],
  ['auth', null, '-ERR maildrop already locked', 'mailbox-in-use'],
  ['auth', 'LOGIN-DELAY', '-ERR [LOGIN-DELAY] minimum time between mail checks violation', 'vantage-rate-limited'],
  ['auth', 'PRIVACYREQUIRED', 'A1 NO [PRIVACYREQUIRED] Plaintext authentication disallowed', 'auth-not-offered'],
  ['auth', 'ALERT', 'A1 NO [ALERT] Too many simultaneous connections. (Failure)', 'vantage-rate-limited'],
  ['greeting', null, '* BYE Maximum number of connections from user+IP exceeded', 'vantage-rate-limited'],
  ['select', 'NONEXISTENT', 'A1 NO [NONEXISTENT] Unknown Mailbox: x (Failure)', 'folder-missing'],
  ['select', null, 'A1 NO Mailbox does not exist', 'folder-missing'],
  ['select', 'NOPERM', 'A1 NO [NOPERM] Permission denied', 'select-refused'],
  ['fetch', 'SERVERBUG', 'A1 NO [SERVERBUG] Internal error occurred.', 'server-temporary-failure'],
  ['store', 'NOPERM', 'A1 NO [NOPERM] Permission denied', 'store-refused'],
  ['search', 'CONSTRUCTOR', 'A1 NO [CONSTRUCTOR] no', 'search-refused'],
])('%s %s %s', (phase, responseCode, text, code) => {
  expect(refusalCodeOf(phase, responseCode, text)).toBe(code);
});
