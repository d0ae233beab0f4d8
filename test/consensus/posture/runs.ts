/** Findings and runs for tests of posture. */

import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { PostureArea } from '../../../lambda/posture/codes/code.ts';
import { type PostureCode, postureCodeRow } from '../../../lambda/posture/codes/codes.ts';
import { type PostureEvidence, type PostureFinding, postureFinding } from '../../../lambda/posture/finding.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const START = Date.parse('2026-11-22T05:00:00Z');

/** ISO 8601, so many minutes after the start. */
export function at(minutes: number): string {
  return isoSeconds(START + minutes * MINUTE);
}

export function found(code: PostureCode, subject: string, rest: Partial<PostureEvidence> = {}): PostureFinding {
  const { area } = postureCodeRow(code);
  return postureFinding(code, area === 'any' ? 'spf' : area, { subject, detail: `detail of ${code}`, ...rest });
}

export function unable(area: PostureArea, subject: string): PostureFinding {
  return postureFinding('no-answer', area, { subject, detail: 'no answer within 5 s' });
}

export function listed(address: string, codes = '127.0.0.3 CSS: source of spam', zone = 'zen.spamhaus.org') {
  return found('dnsbl-listed', `${address} on ${zone}`, {
    detail: `Spamhaus ZEN: ${codes}; removal: https://check.spamhaus.org/`,
    command: `dig +short TXT 25.2.0.192.${zone}`,
  });
}
