/** One session each with every real server that has the door, and what the probe must see. */

import type { Credentials, Endpoint, Security } from '../../lambda/smtp/endpoint/endpoint.ts';
import type { Sample } from '../../lambda/smtp/sample/sample.ts';
import { type Door, WORLD } from './server.ts';

export type Expected = Pick<Sample, 'outcome' | 'phase' | 'code'> & { readonly reply?: RegExp };

export interface Case {
  readonly what: string;
  readonly door: Door;
  readonly security: Security;
  readonly with?: Partial<Endpoint>;
  readonly seen: Expected;
  /** Servers that answer otherwise, and rightly so. */
  readonly except?: Readonly<Record<string, Expected>>;
}

const PASS: Expected = { outcome: 'pass', phase: null, code: null };
/** Debian 12's OpenSMTPD 6.8 cannot use its key with OpenSSL 3: every handshake ends in an alert. */
const BROKEN: Expected = { outcome: 'fail', phase: 'tls', code: 'tls-alert' };
const BROKEN_TLS = { OpenSMTPD: BROKEN };
const NEEDS_LOGIN: Expected = { outcome: 'fail', phase: 'mail', code: 'auth-required', reply: /^530 5\.7\.0/ };
const NO_TOKENS: Expected = { outcome: 'fail', phase: 'auth', code: 'auth-not-offered' };
const TOKENS_OF_DOVECOT = { ...BROKEN_TLS, Exim: NO_TOKENS, Haraka: NO_TOKENS };
/** The words are those of greylisting, too: they must not hide an outage. */
const BROKEN_FILTER: Expected = {
  outcome: 'fail',
  phase: 'rcpt',
  code: 'rcpt-refused-temporarily',
  reply: /^451 4\.7\.1/,
};
const UNKNOWN: Expected = { outcome: 'fail', phase: 'rcpt', code: 'rcpt-refused', reply: /^550 / };

const auth: Credentials = { user: WORLD.user, password: WORLD.password };
const token: Credentials = { user: WORLD.user, password: WORLD.token, mechanism: 'XOAUTH2' };
const from = { mailFrom: WORLD.user };
const known = { ...from, rcptTo: [WORLD.accepted] };
const unknown = { ...from, rcptTo: [WORLD.unknown] };
const later = { ...from, rcptTo: [WORLD.greylisted] };
const relay = { rcpt: { accepts: [WORLD.accepted], rejects: [WORLD.foreign] } };
const strict = { rcpt: { accepts: [WORLD.accepted], rejects: [WORLD.unknown, WORLD.foreign] } };

// biome-ignore format: a table reads by its rows
export const CASES: readonly Case[] = [
  // Sessions
  { what: 'plain', door: 'mail', security: 'none', seen: PASS },
  { what: 'HELO instead of EHLO', door: 'mail', security: 'none', with: { helo: 'helo' }, seen: PASS },
  { what: 'STARTTLS', door: 'submission', security: 'starttls', seen: PASS, except: BROKEN_TLS },
  { what: 'implicit TLS', door: 'tls', security: 'tls', seen: PASS, except: BROKEN_TLS },
  { what: 'IPv6', door: 'sixth', security: 'starttls', with: { host: '::1', ...known }, seen: PASS },
  // Certificates
  { what: 'a certificate for another name', door: 'submission', security: 'starttls', with: { serverName: 'mx.example.org' },
    seen: { outcome: 'fail', phase: 'certificate', code: 'certificate-wrong-name' }, except: BROKEN_TLS },
  // Passwords
  { what: 'AUTH PLAIN', door: 'submission', security: 'starttls', with: { auth: { ...auth, mechanism: 'PLAIN' } }, seen: PASS, except: BROKEN_TLS },
  { what: 'AUTH LOGIN', door: 'submission', security: 'starttls', with: { auth: { ...auth, mechanism: 'LOGIN' } }, seen: PASS, except: BROKEN_TLS },
  { what: 'AUTH CRAM-MD5', door: 'submission', security: 'starttls', with: { auth: { ...auth, mechanism: 'CRAM-MD5' } }, seen: PASS, except: BROKEN_TLS },
  { what: 'AUTH XOAUTH2', door: 'submission', security: 'starttls', with: { auth: token }, seen: PASS, except: TOKENS_OF_DOVECOT },
  { what: 'AUTH SCRAM-SHA-1', door: 'submission', security: 'starttls', with: { auth: { ...auth, mechanism: 'SCRAM-SHA-1' } }, seen: PASS, except: TOKENS_OF_DOVECOT },
  { what: 'AUTH SCRAM-SHA-256', door: 'submission', security: 'starttls', with: { auth: { ...auth, mechanism: 'SCRAM-SHA-256' } }, seen: PASS, except: TOKENS_OF_DOVECOT },
  { what: 'AUTH SCRAM-SHA-256 with a wrong password', door: 'submission', security: 'starttls', with: { auth: { ...auth, password: 'wrong', mechanism: 'SCRAM-SHA-256' } },
    seen: { outcome: 'fail', phase: 'auth', code: 'auth-rejected', reply: /^535 / }, except: TOKENS_OF_DOVECOT },
  { what: 'AUTH OAUTHBEARER', door: 'submission', security: 'starttls', with: { auth: { ...token, mechanism: 'OAUTHBEARER' } }, seen: PASS, except: TOKENS_OF_DOVECOT },
  { what: 'AUTH OAUTHBEARER with a wrong token', door: 'submission', security: 'starttls', with: { auth: { ...token, password: 'wrong', mechanism: 'OAUTHBEARER' } },
    seen: { outcome: 'fail', phase: 'auth', code: 'auth-rejected', reply: /^535 / }, except: TOKENS_OF_DOVECOT },
  { what: 'AUTH inside implicit TLS', door: 'tls', security: 'tls', with: { auth }, seen: PASS, except: BROKEN_TLS },
  { what: 'a wrong password', door: 'submission', security: 'starttls', with: { auth: { ...auth, password: 'wrong' } },
    seen: { outcome: 'fail', phase: 'auth', code: 'auth-rejected', reply: /^535 / }, except: BROKEN_TLS },
  { what: 'a wrong token', door: 'submission', security: 'starttls', with: { auth: { ...token, password: 'wrong' } },
    seen: { outcome: 'fail', phase: 'auth', code: 'auth-rejected', reply: /^535 / }, except: TOKENS_OF_DOVECOT },
  // Recipients
  { what: 'a known recipient', door: 'mail', security: 'starttls-if-offered', with: known, seen: PASS, except: { Dovecot: NEEDS_LOGIN } },
  { what: 'an unknown recipient', door: 'mail', security: 'starttls-if-offered', with: unknown, seen: UNKNOWN, except: { Dovecot: NEEDS_LOGIN } },
  { what: 'a known recipient, after login', door: 'submission', security: 'starttls', with: { ...known, auth }, seen: PASS, except: BROKEN_TLS },
  { what: 'a greylisted recipient', door: 'mail', security: 'starttls-if-offered', with: later,
    seen: { outcome: 'warn', phase: 'rcpt', code: 'rcpt-greylisted', reply: /^45[01] / }, except: { Dovecot: NEEDS_LOGIN, OpenSMTPD: UNKNOWN } },
  { what: 'no open relay', door: 'mail', security: 'starttls-if-offered', with: { ...from, expect: strict }, seen: PASS, except: { Dovecot: NEEDS_LOGIN } },
  { what: 'an open relay', door: 'openRelay', security: 'starttls-if-offered', with: { ...from, expect: relay },
    seen: { outcome: 'fail', phase: 'rcpt', code: 'open-relay' } },
  // Mail
  { what: 'a mail delivered', door: 'mail', security: 'starttls-if-offered', with: { ...known, deliver: true }, seen: PASS, except: { Dovecot: NEEDS_LOGIN } },
  { what: 'a mail delivered after login', door: 'submission', security: 'starttls', with: { ...known, auth, deliver: true }, seen: PASS, except: BROKEN_TLS },
  // Servers in trouble
  { what: 'a full disk', door: 'full', security: 'starttls', with: known,
    seen: { outcome: 'fail', phase: 'mail', code: 'storage-insufficient', reply: /^452 4\.3\.1/ } },
  { what: 'postscreen, which greets after 6 s', door: 'screened', security: 'starttls', with: known,
    seen: { outcome: 'warn', phase: 'rcpt', code: 'rcpt-greylisted', reply: /^450 4\.3\.2/ } },
  { what: 'a Diffie-Hellman group of 1024 bits', door: 'weakDh', security: 'starttls', with: { insecure: true },
    seen: { outcome: 'warn', phase: 'tls', code: 'weak-dh' } },
  { what: 'a Diffie-Hellman group of the TLS library', door: 'strongDh', security: 'starttls', with: { insecure: true }, seen: PASS },
  { what: 'a client certificate that is required', door: 'clientCertificate', security: 'tls',
    seen: { outcome: 'fail', phase: 'tls', code: 'client-certificate-wanted', reply: /^421 4\.7\.1 .*No client certificate presented/ } },
  { what: 'a server behind a load balancer, without its PROXY header', door: 'proxied', security: 'none',
    seen: { outcome: 'fail', phase: 'greeting', code: 'service-unavailable', reply: /^421 4\.3\.0 .*Server local error/ } },
  { what: 'a filter that nobody serves', door: 'milterAbsent', security: 'none', with: known, seen: { ...BROKEN_FILTER, phase: 'mail', code: 'mail-refused-temporarily' } },
  { what: 'a filter that dies', door: 'milterDies', security: 'none', with: known, seen: BROKEN_FILTER },
  { what: 'a filter that fails for now', door: 'milterTempfails', security: 'none', with: known, seen: BROKEN_FILTER },
  { what: 'a filter that hangs', door: 'milterHangs', security: 'none', with: known, seen: BROKEN_FILTER },
  { what: 'rspamd that greylists the first mail', door: 'rspamd', security: 'none', with: { ...known, deliver: true },
    seen: { outcome: 'warn', phase: 'data', code: 'greylisted', reply: /^451 4\.7\.1 .*Try again later/ } },
  { what: 'rspamd that greylists a mail again', door: 'rspamd', security: 'none', with: { ...known, deliver: true },
    seen: { outcome: 'warn', phase: 'data', code: 'greylisted', reply: /^451 4\.7\.1 / } },
  { what: 'rspamd, without a mail', door: 'rspamd', security: 'none', with: known, seen: PASS },
  { what: 'verification of a recipient by a server with a full disk', door: 'verifying', security: 'none', with: known,
    seen: { outcome: 'fail', phase: 'rcpt', code: 'storage-insufficient', reply: /452 4\.3\.1/ } },
  { what: 'a process that dies before it greets', door: 'crashing', security: 'none', seen: { outcome: 'fail', phase: 'greeting', code: 'closed' } },
];

/** Where the client speaks the wrong protocol: it has to break off, and the server's log says so. */
// biome-ignore format: a table reads by its rows
export const MISMATCHES: readonly Case[] = [
  { what: 'a TLS port, spoken to in clear', door: 'tls', security: 'none',
    seen: { outcome: 'fail', phase: 'greeting', code: 'tls-on-plain-port' } },
  { what: 'a plain port, spoken to in TLS', door: 'mail', security: 'tls',
    seen: { outcome: 'fail', phase: 'tls', code: 'plain-on-tls-port' } },
];
