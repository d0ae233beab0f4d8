/** Detects a refusal because the client has no TLS certificate. */

import type { Reply } from './reply-reader.ts';

/** Servers that ask for a certificate in TLS, and refuse in SMTP: `421 4.7.1 Error: No client certificate presented`. */
const WORDS =
  /\bno client certificate\b|\bclient certificate (?:is )?(?:required|missing|not (?:trusted|presented))\b/i;

export function wantsClientCertificate({ code, lines }: Reply): boolean {
  return code >= 400 && WORDS.test(lines[0] ?? '');
}
