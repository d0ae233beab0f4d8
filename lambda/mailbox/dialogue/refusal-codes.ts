/** The failure code of a refusal: by its response code (RFC 5530, 2449, 3206), its words, or its phase. */

import { ownValue } from '../../wire/own-value.ts';
import type { MailboxFailureCode } from '../failures/mailbox-failures.ts';
import type { MailboxPhase } from '../failures/mailbox-phase.ts';

const BY_RESPONSE_CODE: Readonly<Record<string, MailboxFailureCode>> = {
  UNAVAILABLE: 'server-temporary-failure',
  SERVERBUG: 'server-temporary-failure',
  'SYS/TEMP': 'server-temporary-failure',
  INUSE: 'mailbox-in-use',
  'IN-USE': 'mailbox-in-use',
  LIMIT: 'vantage-rate-limited',
  'LOGIN-DELAY': 'vantage-rate-limited',
  AUTHENTICATIONFAILED: 'auth-rejected',
  AUTHORIZATIONFAILED: 'auth-rejected',
  EXPIRED: 'auth-rejected',
  AUTH: 'auth-rejected',
  PRIVACYREQUIRED: 'auth-not-offered',
  NONEXISTENT: 'folder-missing',
  TRYCREATE: 'folder-missing',
};

/** Words of servers that send no response code. The first match counts. */
const BY_WORDS: readonly (readonly [MailboxPhase | 'any', RegExp, MailboxFailureCode])[] = [
  ['auth', /application-specific password|app(?:lication)?[ -]password/i, 'auth-app-password'],
  [
    'auth',
    /basic auth\w* is (?:blocked|disabled)|not enabled for (?:imap|pop)|(?:imap|pop3?) access is disabled|(?:imap|pop3?) is disabled|LogonDenied-BasicAuthBlocked/i,
    'auth-disabled',
  ],
  [
    'any',
    /too many (?:simultaneous |concurrent )?(?:connections|logins|login attempts)|rate limit|maximum number of connections/i,
    'vantage-rate-limited',
  ],
  [
    'any',
    /mailbox (?:is )?(?:locked|in use)|maildrop (?:already )?(?:is )?locked|unable to lock|lock busy/i,
    'mailbox-in-use',
  ],
  ['any', /temporar(?:y|ily)|internal error|try (?:again )?later|server error/i, 'server-temporary-failure'],
  ['select', /(?:does not|doesn't|not) exist|unknown mailbox|no such mailbox|not found/i, 'folder-missing'],
];

const BY_PHASE: Readonly<Record<MailboxPhase, MailboxFailureCode>> = {
  dns: 'reply-unexpected',
  connect: 'reply-unexpected',
  greeting: 'greeting-refused',
  capability: 'reply-unexpected',
  starttls: 'starttls-refused',
  tls: 'reply-unexpected',
  certificate: 'reply-unexpected',
  auth: 'auth-rejected',
  list: 'list-refused',
  select: 'select-refused',
  search: 'search-refused',
  fetch: 'fetch-refused',
  store: 'store-refused',
  logout: 'update-refused',
};

/** A failure on the side of the server, in authentication. */
const IN_AUTH: Readonly<Partial<Record<MailboxFailureCode, MailboxFailureCode>>> = {
  'server-temporary-failure': 'auth-unavailable',
};

/** `responseCode`: in upper case, without brackets. */
export function refusalCodeOf(phase: MailboxPhase, responseCode: string | null, text: string): MailboxFailureCode {
  const byCode = responseCode === null ? undefined : ownValue(BY_RESPONSE_CODE, responseCode);
  const byWords = BY_WORDS.find(([where, words]) => (where === 'any' || where === phase) && words.test(text))?.[2];
  const found = byCode ?? byWords ?? BY_PHASE[phase];
  return phase === 'auth' ? (IN_AUTH[found] ?? found) : found;
}
