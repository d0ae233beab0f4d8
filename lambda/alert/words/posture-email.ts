/** The findings of an alert about posture, for its e-mail: as it is, as it should be, and how to see it. */
import type { Alert } from '../../consensus/judgement/incident.ts';
import type { PostureNews, ToldFinding } from '../../consensus/news/posture-news.ts';
import type { EvidenceLimits } from './evidence-limits.ts';
import { safeText } from './safe-text.ts';
import { clockTime } from './time-text.ts';

/** A section: its title, and its lines. */
export type PostureSection = readonly [string, readonly string[]];

export function postureSections(alert: Alert, news: PostureNews, limits: EvidenceLimits): readonly PostureSection[] {
  const findings = news.findings.slice(0, limits.witnesses);
  const left = news.findings.length - findings.length + news.more;
  return [
    ...findings.map((finding) => findingSection(finding, alert, limits)),
    ['More', left > 0 ? [`${left} more findings: the command \`posture\` shows all`] : []],
    ['Warnings of this domain', news.warnings.map((warning) => warningLine(warning, limits))],
    [
      'What each vantage said of the first',
      // A trip is seen by the vantage that sent it alone: the decision says which.
      (OF_TRIPS.has(alert.kind) ? [] : alert.votes).slice(0, limits.witnesses).map((vote) => voteLine(vote, limits)),
    ],
  ];
}

const OF_TRIPS: ReadonlySet<Alert['kind']> = new Set(['trip', 'trip-over']);

const ENDS: ReadonlySet<Alert['kind']> = new Set(['delisted', 'posture-over', 'trip-over']);

function findingSection(finding: ToldFinding, alert: Alert, limits: EvidenceLimits): PostureSection {
  const { code, subject, detail, since, vantages, meaning, hint, rfc, evidence, command } = finding;
  const { width } = limits;
  const where = vantages.length === 0 ? '' : `, at ${vantages.map((one) => safeText(one, 32)).join(', ')}`;
  const isOver = ENDS.has(alert.kind);
  const to = isOver ? ` to ${safeText(clockTime(alert.at, alert.at), 32)}` : '';
  const lines = [
    ...labelled(
      isOver ? 'as it was' : 'as it is',
      [detail, ...evidence.slice(0, limits.timeline)].map((line) => safeText(line, width)),
    ),
    ...labelled('as it should be', recordsOf(finding, limits)),
    ...labelled('to see it', command === null ? [] : [safeText(command, width)]),
    ...labelled(isOver ? 'from' : 'since', [`${safeText(clockTime(since, alert.at), 32)}${to}${isOver ? '' : where}`]),
    ...labelled(
      'meaning',
      meaning === '' ? [] : [`${safeText(meaning, width)}${rfc === '' ? '' : ` (${safeText(rfc, 48)})`}`],
    ),
    ...labelled('what to do', hint === null || hint === '' ? [] : [safeText(hint, width)]),
  ];
  return [`${safeText(code, 48)}: ${safeText(subject, width)}`, lines];
}

/** A record that has no room is left out: half of one must not be published. */
function recordsOf({ publish }: ToldFinding, { width }: EvidenceLimits): readonly string[] {
  return publish.filter((record) => record.length <= width * 4).map((record) => safeText(record, width * 4));
}

const LABEL_WIDTH = 'as it should be: '.length;

function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, at) => `${(at === 0 ? `${label}:` : '').padEnd(LABEL_WIDTH)}${line}`);
}

function warningLine({ code, subject, detail }: PostureNews['warnings'][number], { width }: EvidenceLimits): string {
  return `${safeText(code, 48)}: ${safeText(subject, width)}: ${safeText(detail, width)}`;
}

const VOTES = { down: 'there', up: 'not there', abstain: 'no word' } as const;

function voteLine({ vantage, vote, why }: Alert['votes'][number], { width }: EvidenceLimits): string {
  return `${safeText(vantage, 32).padEnd(16)} ${VOTES[vote].padEnd(10)} ${safeText(why, width)}`.trimEnd();
}
