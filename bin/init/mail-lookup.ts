import { resolveMx } from 'node:dns/promises';
import type { InitAnswers } from '../arguments/init-answers.ts';

/** What DNS has of the domain. */
export interface MailLookup {
  /** Names of the MX hosts, the best preference first. */
  readonly hosts: readonly string[];
  /** Why there are none; null if there are some, or nothing was looked up. */
  readonly problem: string | null;
}

export async function lookUpMail({ domain }: Pick<InitAnswers, 'domain'>): Promise<MailLookup> {
  if (domain === null) return { hosts: [], problem: null };
  try {
    const records = await resolveMx(domain);
    const hosts = records.sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
    // RFC 7505: a null MX says that the domain takes no mail.
    if (hosts.every((host) => host === '')) return { hosts: [], problem: 'it has a null MX: it takes no mail' };
    return { hosts, problem: null };
  } catch (error) {
    return { hosts: [], problem: `its MX records could not be looked up: ${(error as NodeJS.ErrnoException).code}` };
  }
}
