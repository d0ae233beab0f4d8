/** The link by which the reader of one e-mail acknowledges its incident. */
import { acknowledgeLink, linkKeys } from '../lambda/answer/acknowledge-link.ts';
import type { Config } from '../lambda/config/config.ts';
import type { Alert } from '../lambda/consensus/judgement/incident.ts';
import { acknowledgeable } from '../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../lambda/consensus/judgement/round-name.ts';
import { readSecret } from './secrets.ts';

/** Lines for the end of the e-mail; none if there is nothing to acknowledge, or no key: the e-mail goes without it. */
export async function linkLines(
  { answers }: Pick<Config, 'answers'>,
  alert: Alert,
  address: string,
  now: number,
): Promise<readonly string[]> {
  if (answers?.url === undefined || answers.linkKey === undefined) return [];
  const incident = acknowledgeable(alert);
  if (incident === null) return [];
  try {
    const [key] = linkKeys(await readSecret(answers.linkKey));
    const maker = { url: answers.url, key, lifetime: answers.linkLifetime };
    const until = isoSeconds(now + answers.linkLifetime)
      .replace('T', ' ')
      .replace('Z', ' UTC');
    return [
      'Acknowledge',
      `  ${acknowledgeLink(incident.id, address, maker, now)}`,
      `  Made for ${address}, valid until ${until}.`,
      '  Who has this link can acknowledge this incident, and nothing else.',
    ];
  } catch {
    // `start` said it when it began.
    return [];
  }
}
