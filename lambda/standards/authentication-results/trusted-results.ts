/** Which results to believe: RFC 8601 7.1. Pure. */

import type { AuthenticationResult, AuthenticationResults } from './authentication-results.ts';

/**
 * Results of the receiver that is trusted, by method. A sender may have put a field of the same name into the message: it is
 * below the Received field of the receiver. So only the newest field counts, and others of the receiver at the same place.
 * @param authservId empty for a receiver that writes none
 */
export function trustedResults(
  all: readonly AuthenticationResults[],
  authservId: string,
): ReadonlyMap<string, AuthenticationResult> {
  const own = all.filter((one) => one.authservId === authservId.trim().toLowerCase());
  const newest = own.filter(({ hopsAbove }) => hopsAbove === own[0]?.hopsAbove);
  const results = new Map<string, AuthenticationResult>();
  for (const field of newest) {
    for (const [method, result] of bestOf(field.results)) {
      const known = results.get(method);
      if (known === undefined || (isOfGreeting(known) && !isOfGreeting(result))) results.set(method, result);
    }
  }
  return results;
}

/** A message may have several signatures: one that passes is enough (RFC 6376 6.1). */
function bestOf(results: readonly AuthenticationResult[]): ReadonlyMap<string, AuthenticationResult> {
  const best = new Map<string, AuthenticationResult>();
  for (const result of results) {
    const known = best.get(result.method);
    if (known === undefined || rankOf(result) > rankOf(known)) best.set(result.method, result);
  }
  return best;
}

function rankOf(result: AuthenticationResult): number {
  return (isOfGreeting(result) ? 0 : 2) + (result.result === 'pass' ? 1 : 0);
}

/** SPF of the name in EHLO alone: DMARC asks for that of the sender (RFC 7208 2.3, RFC 7489 3.1.2). */
function isOfGreeting({ method, properties }: AuthenticationResult): boolean {
  return method === 'spf' && properties.has('smtp.helo') && !properties.has('smtp.mailfrom');
}
