/** Meaning and hint of each code of `expectation-failure-codes.ts`. */

import type { EXPECTATION_FAILURES } from './expectation-failure-codes.ts';
import type { FailureTexts } from './failure-definition.ts';

// biome-ignore format: a table reads by its rows
export const EXPECTATION_TEXTS: FailureTexts<keyof typeof EXPECTATION_FAILURES> = {
  'greeting-mismatch': { meaning: 'The greeting is not the expected one.', hint: 'Another server than intended, or its name was changed.' },
  'keyword-missing': { meaning: 'An expected extension keyword is not offered.',
    hint: 'Compare with other vantages: a device in between may strip it.' },
  'keyword-unwanted': { meaning: 'An extension keyword is offered that should not be.', hint: 'Disable the extension on the server.' },
  'size-too-small': { meaning: 'The server accepts smaller mail than expected, or does not declare a size (SIZE, RFC 1870).',
    hint: 'Check the message size limit.' },
  'auth-in-clear': { meaning: 'AUTH is offered before TLS: passwords may be sent in clear text (RFC 4954 4).',
    hint: 'Offer AUTH only after STARTTLS (Postfix: `smtpd_tls_auth_only`).' },
  'auth-missing': { meaning: 'AUTH is not offered in an encrypted session, or the session is not encrypted.',
    hint: 'Are authentication and TLS enabled for this service?' },
  'reply-code-mismatch': { meaning: 'The reply code is not the expected one.', hint: 'The config of the target has the expected codes.' },
  'accept-all': { meaning: 'A recipient that does not exist is accepted.',
    hint: 'The server bounces later, to forged senders (backscatter), or discards mail.' },
  'open-relay': { meaning: 'A recipient of a foreign domain is accepted: the server is an open relay.',
    hint: 'Restrict relaying at once (Postfix: `smtpd_relay_restrictions`); blocklists follow within hours.' },
  slow: { meaning: 'The phase is slower than the latency budget.',
    hint: 'A greeting after 6 s is typical of postscreen; other phases wait for name servers, filters or disks.' },
};
