/** What sessions with the MX hosts add to a posture, as they end. */

import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { PostureFinding } from '../../../lambda/posture/finding.ts';
import type { ServedHost } from '../../../lambda/smtp/sample/served-host.ts';
import { counted } from '../layout/numbers.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { wrapText } from '../layout/wrap.ts';
import { findingBlocks, outcomeText, textOfBlocks } from './findings.ts';

/** Printed before the sessions end. */
export function waitingText(sessions: number): string {
  return `\nSessions with ${counted(sessions, 'MX host')} follow as they end.\n`;
}

export function sessionText(
  host: ServedHost,
  findings: readonly PostureFinding[],
  all: boolean,
  screen: Screen,
): string {
  const safe = safeText(sessionLine(host), 400);
  const head = isBounded(screen) ? wrapText(safe, screen.width) : [safe];
  return `\n${textOfBlocks([head, ...findingBlocks(findings, all, screen)])}`;
}

function sessionLine({ name, address, greeting, starttls, chain, unable }: ServedHost): string {
  const where = address === null ? name : `${name} [${address}]`;
  if (unable !== null) return `Session with ${where}: none. ${unable}`;
  const [leaf] = chain?.certificates ?? [];
  const tls =
    leaf === undefined
      ? starttls === 'not offered'
        ? 'no STARTTLS'
        : 'no certificate'
      : `certificate until ${leaf.validTo.slice(0, 10)}, key ${leaf.key.sha256.slice(0, 16)}…`;
  return `Session with ${where}: greets as ${greeting ?? 'nothing'}; ${tls}`;
}

/** The last line: the outcome of all. `findings`: those of all sessions that no host has alone. */
export function endText(
  domain: string,
  findings: readonly PostureFinding[],
  added: readonly PostureFinding[],
  all: boolean,
  screen: Screen,
): string {
  const blocks = findingBlocks(added, all, screen);
  return `\n${textOfBlocks([...blocks, [`${outcomeText(domain, findings, screen)}, with sessions`]])}`;
}
