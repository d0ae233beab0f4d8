/** Which provider has the mail of a domain: by its MX records, because many domains have their mail at a provider. */
import { OTHERS } from '../bounces/counts.ts';
import { NO_HOST, providerOf } from '../bounces/providers.ts';
import { inParallel } from '../history/table/parallel.ts';

/** The MX records of a domain. Throws the error of node:dns. */
export type ResolveMx = (
  domain: string,
) => Promise<readonly { readonly exchange: string; readonly priority: number }[]>;

export interface MailProviders {
  /** By domain. A domain that could not be looked up in time is of `OTHERS`, and is looked up again later. */
  providersOf(domains: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface MailProviderLimits {
  /** Milliseconds for all domains of one call. */
  readonly within: number;
  readonly concurrent: number;
  /** Domains that are remembered. */
  readonly most: number;
  /** Milliseconds for which an answer is remembered. */
  readonly remembered: number;
}

export const MAIL_PROVIDER_LIMITS: MailProviderLimits = {
  within: 10_000,
  concurrent: 20,
  most: 10_000,
  remembered: 6 * 3_600_000,
};

/** Kept from one call to the next: a sender has few domains of recipients that matter. */
export function openMailProviders(
  resolveMx: ResolveMx,
  now: () => number,
  limits: MailProviderLimits = MAIL_PROVIDER_LIMITS,
): MailProviders {
  const known = new Map<string, { readonly provider: string; readonly until: number }>();
  const remember = (domain: string, provider: string) => {
    known.delete(domain);
    known.set(domain, { provider, until: now() + limits.remembered });
    const [oldest] = known.keys();
    if (known.size > limits.most && oldest !== undefined) known.delete(oldest);
  };
  return {
    async providersOf(domains) {
      const distinct = [...new Set(domains)];
      const unknown = distinct.filter((domain) => (known.get(domain)?.until ?? 0) <= now());
      const found = new Map<string, string>();
      const end = now() + limits.within;
      await inParallel(unknown, limits.concurrent, async (domain) => {
        const provider = now() >= end ? null : await withinTime(lookUp(domain, resolveMx), end - now());
        if (provider === null) return;
        remember(domain, provider);
        found.set(domain, provider);
      });
      return new Map(distinct.map((domain) => [domain, found.get(domain) ?? known.get(domain)?.provider ?? OTHERS]));
    },
  };
}

const NO_MAIL: ReadonlySet<unknown> = new Set(['ENODATA', 'ENOTFOUND']);

/** Null if DNS did not answer. */
async function lookUp(domain: string, resolveMx: ResolveMx): Promise<string | null> {
  try {
    const records = await resolveMx(domain);
    const [best] = records.filter(({ exchange }) => exchange !== '').sort((a, b) => a.priority - b.priority);
    return best === undefined ? NO_HOST : providerOf(best.exchange);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    // Without MX records, the domain itself is the host (RFC 5321 5.1).
    if (code === 'ENODATA') return providerOf(domain);
    return NO_MAIL.has(code) ? NO_HOST : null;
  }
}

function withinTime<Value>(work: Promise<Value>, milliseconds: number): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  return Promise.race([work, end]).finally(() => clearTimeout(timer));
}
