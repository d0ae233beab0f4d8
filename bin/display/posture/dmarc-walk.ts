import type { DmarcExplanation } from '../../../lambda/posture/explain.ts';
import type { PublishedRecord, WalkStep } from '../../../lambda/standards/dmarc/discovery.ts';
import { publishedOf } from '../../../lambda/standards/dmarc/evaluate.ts';
import { highest } from '../layout/numbers.ts';
import type { Screen } from '../layout/screen.ts';
import { columnsOf } from '../layout/text-width.ts';
import { hanging } from './explanation-lines.ts';

/** The names that were asked, and what applies. */
export function dmarcWalkLines({ domain, discovery }: DmarcExplanation, screen: Screen): readonly string[] {
  const published = publishedOf(discovery);
  const applied = published === null ? 'no record applies' : `the record of ${published.domain} applies`;
  const width = highest(
    discovery.steps.map((step) => columnsOf(nameOf(step))),
    0,
  );
  return [
    ...hanging(`DMARC  ${domain}  `, discovery.kind === 'failed' ? discovery.failure.detail : applied, screen),
    '',
    ...discovery.steps.flatMap((step) => hanging(`${nameOf(step).padEnd(width)}  `, foundAt(step), screen)),
    ...(discovery.kind === 'failed' ? [] : ['', ...field('organizational domain', discovery.organizational, screen)]),
    ...(published === null ? [] : policyLines(domain, published, screen)),
  ];
}

function nameOf({ domain }: WalkStep): string {
  return `_dmarc.${domain}`;
}

function foundAt({ texts, failure }: WalkStep): string {
  if (failure !== null) return failure.detail;
  if (texts.length > 1) return `${texts.length} records, which count as none`;
  return texts[0] ?? 'no record';
}

function policyLines(domain: string, { domain: owner, record }: PublishedRecord, screen: Screen): readonly string[] {
  const { policy, subdomains, missingSubdomains, testing, dkimAlignment, spfAlignment } = record;
  const modes = { r: 'relaxed', s: 'strict' } as const;
  return [
    ...(owner === domain ? [] : field(`policy of ${domain}`, `${subdomains}, as a subdomain of ${owner}`, screen)),
    ...field(`policy of ${owner}`, policy, screen),
    ...field('of its subdomains', subdomains, screen),
    ...field('of names that do not exist', missingSubdomains, screen),
    ...(testing ? field('test (t=y)', 'receivers apply the policy one step weaker', screen) : []),
    ...field('alignment', `DKIM ${modes[dkimAlignment]}, SPF ${modes[spfAlignment]}`, screen),
  ];
}

const LABEL = 28;

function field(label: string, value: string, screen: Screen): readonly string[] {
  return hanging(`${label.padEnd(LABEL)}  `, value, screen);
}
