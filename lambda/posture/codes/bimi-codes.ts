/** Codes of BIMI. It is optional and no RFC: nothing of it is a failure. Sections are those of draft-brand-indicators-for-message-identification. */

import { defineCode, type PostureCodeTable } from './code.ts';

export const BIMI_CODES = {
  'bimi-valid': defineCode('bimi', 'pass', 'BIMI draft 4.3', 'The domain has a BIMI record, and its files are there.'),
  'bimi-declined': defineCode('bimi', 'pass', 'BIMI draft 4.3.1', 'The domain says that it has no logo.'),
  'bimi-misspelt': defineCode(
    'bimi',
    'warn',
    'BIMI draft 4.3',
    'A TXT record looks like BIMI, but does not begin with `v=BIMI1;`, so that receivers ignore it.',
    'Correct the beginning of the record.',
  ),
  'bimi-several': defineCode(
    'bimi',
    'warn',
    'BIMI draft 7.2',
    'The domain has more than one BIMI record. Receivers then show no logo.',
    'Keep one record.',
  ),
  'bimi-syntax': defineCode(
    'bimi',
    'warn',
    'BIMI draft 4.3',
    'The BIMI record has a mistake. Receivers show no logo.',
    'Correct the tag at the column.',
  ),
  'bimi-policy': defineCode(
    'bimi',
    'warn',
    'BIMI draft 7.1',
    'Receivers show a logo only if the DMARC policy of the domain, and of the domain above it, is quarantine or reject.',
    'Tighten the DMARC policy, or remove the BIMI record until then.',
  ),
  'bimi-logo': defineCode(
    'bimi',
    'warn',
    'BIMI draft 7.3',
    'The logo is not there, or is not an SVG in the profile Tiny PS. Receivers show no logo.',
    'Publish an SVG with baseProfile="tiny-ps" at the URL of l=.',
  ),
  'bimi-no-certificate': defineCode(
    'bimi',
    'warn',
    'BIMI draft 4.3',
    'The record names no certificate of the logo. Large receivers show no logo without one.',
    'Publish a mark certificate (VMC or CMC) at the URL of a=.',
  ),
  'bimi-certificate': defineCode(
    'bimi',
    'warn',
    'BIMI draft 7.4',
    'The certificate of the logo is not there, is not one for logos, has expired or expires soon, or is for another domain.',
    'Publish the certificate that its authority gave you at the URL of a=.',
  ),
  'bimi-unreachable': defineCode(
    'bimi',
    'unable',
    'BIMI draft 7.3',
    'The host of a file of BIMI could not be asked. Nothing is known about the file.',
    'Try again; look at the host of the URL if it stays so.',
  ),
} as const satisfies PostureCodeTable;
