import { defineFailure } from './failure.ts';

/** Failures of a server that works, but not as its owner expects. */
// biome-ignore format: a table reads by its rows
export const EXPECTATION_FAILURES = {
  'greeting-mismatch': defineFailure('greeting', 'fail', 'lasting', 'The greeting is not the expected one.',
    'Another server than intended, or its name was changed.'),
  'keyword-missing': defineFailure('ehlo', 'warn', 'lasting', 'An expected extension keyword is not offered.',
    'Compare with other vantages: a device in between may strip it.'),
  'keyword-unwanted': defineFailure('ehlo', 'warn', 'lasting', 'An extension keyword is offered that should not be.',
    'Disable the extension on the server.'),
  'size-too-small': defineFailure('ehlo', 'warn', 'lasting', 'The server accepts smaller mail than expected, or does not declare a size (SIZE, RFC 1870).',
    'Check the message size limit.'),
  'auth-in-clear': defineFailure('ehlo', 'warn', 'lasting', 'AUTH is offered before TLS: passwords may be sent in clear text (RFC 4954 4).',
    'Offer AUTH only after STARTTLS (Postfix: `smtpd_tls_auth_only`).'),
  'auth-missing': defineFailure('ehlo', 'warn', 'lasting', 'AUTH is not offered in an encrypted session, or the session is not encrypted.',
    'Are authentication and TLS enabled for this service?'),
  'reply-code-mismatch': defineFailure('any', 'fail', 'lasting', 'The reply code is not the expected one.',
    'The config of the target has the expected codes.'),
  'accept-all': defineFailure('rcpt', 'warn', 'lasting', 'A recipient that does not exist is accepted.',
    'The server bounces later, to forged senders (backscatter), or discards mail.'),
  'open-relay': defineFailure('rcpt', 'fail', 'lasting', 'A recipient of a foreign domain is accepted: the server is an open relay.',
    'Restrict relaying at once (Postfix: `smtpd_relay_restrictions`); blocklists follow within hours.'),
  slow: defineFailure('any', 'warn', 'temporary', 'The phase is slower than the latency budget.',
    'A greeting after 6 s is typical of postscreen; other phases wait for name servers, filters or disks.'),
} as const;
