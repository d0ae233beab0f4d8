/** What changed in the posture of a domain from one run to the next. */
import { safeText as shown } from '../../../lambda/alert/words/safe-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { PostureArea } from '../../../lambda/posture/codes/code.ts';
import type { CheckedDomain, FailingFinding, PostureReport } from '../../../lambda/posture-watch/run-report.ts';
import type { Screen } from '../layout/screen.ts';
import type { PaintedText } from '../layout/wrap.ts';

type Checked = Extract<CheckedDomain, { readonly kind: 'checked' }>;

export interface PostureChange {
  readonly domain: string;
  /** Everything that is to be mended now. */
  readonly failing: number;
  readonly appeared: readonly FailingFinding[];
  readonly ended: readonly FailingFinding[];
  /** Areas in which something did not answer. */
  readonly open: readonly PostureArea[];
}

interface Known {
  readonly failing: readonly FailingFinding[];
  /** Whether DNS did not answer for the domain itself: the resolver or its name servers are silent. */
  readonly isSilent: boolean;
}

/**
 * Remembers what failed. An area in which something did not answer says of nothing that it ended, and is no news by itself: some
 * list is always silent. That DNS does not answer for the domain is told once, and so is its end.
 */
export function openPostureChanges() {
  const known = new Map<string, Known>();
  const next = (report: PostureReport): readonly PostureChange[] =>
    report.domains.flatMap((checked) => {
      if (checked.kind !== 'checked') return [];
      const before = known.get(checked.domain);
      const after = stillFailing(before?.failing ?? [], checked);
      const isSilent = checked.areas.includes('mx') ? checked.open.includes('mx') : (before?.isSilent ?? false);
      known.set(checked.domain, { failing: after, isSilent });
      const change = {
        domain: checked.domain,
        failing: after.length,
        appeared: after.filter((one) => !has(before?.failing ?? [], one)),
        ended: (before?.failing ?? []).filter((one) => !has(after, one)),
        open: checked.open,
      };
      const isNews = before?.isSilent !== isSilent || change.appeared.length + change.ended.length > 0;
      return isNews ? [change] : [];
    });
  return { next };
}

function stillFailing(before: readonly FailingFinding[], { areas, open, failing }: Checked): readonly FailingFinding[] {
  const kept = before.filter(({ area }) => !areas.includes(area) || open.includes(area));
  return [...failing, ...kept.filter((one) => !has(failing, one))];
}

function has(findings: readonly FailingFinding[], { code, subject }: FailingFinding): boolean {
  return findings.some((one) => one.code === code && one.subject === subject);
}

const MOST = 3;

/** `06:09:48 UTC  posture of example.com: dnsbl-listed (192.0.2.25 on zen.spamhaus.org)`. */
export function postureParts(
  { domain, failing, appeared, ended, open }: PostureChange,
  { paint }: Screen,
  now = Date.now(),
): readonly PaintedText[] {
  const told = [listed('', appeared), listed('no longer ', ended)].filter((text) => text !== '');
  const rest = failing - appeared.length;
  const more = rest > 0 ? [`${rest} known ${rest === 1 ? 'finding' : 'findings'} to mend`] : [];
  const nothing = failing === 0 && open.length === 0 ? ['nothing to mend'] : [];
  const unable = open.length === 0 ? [] : [`no answer for ${open.join(', ')}`];
  return [
    { text: `${isoSeconds(now).slice(11, 19)} UTC`, paint: paint.dim },
    { text: '  ' },
    {
      text: `posture of ${shown(domain, 253)}: ${[...told, ...more, ...nothing, ...unable].join('; ')}`,
      paint: appeared.length > 0 ? paint.red : open.length > 0 ? paint.yellow : paint.green,
    },
  ];
}

function listed(before: string, findings: readonly FailingFinding[]): string {
  const texts = findings.slice(0, MOST).map(({ code, subject }) => `${before}${code} (${shown(subject, 120)})`);
  const more = findings.length > MOST ? [`${findings.length - MOST} more`] : [];
  return [...texts, ...more].join(', ');
}
