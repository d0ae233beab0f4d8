import type { OpenFinding } from '../../../lambda/reports/posture/open-findings.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { timeText } from '../layout/times.ts';
import { wrapIndented } from '../layout/wrap.ts';

/** A line for each open finding of posture. */
export function openFindingLines(findings: readonly OpenFinding[], clock: Clock, screen: Screen): readonly string[] {
  const lines = findings.map((finding) => escapeForDisplay(lineOf(finding, clock)));
  const fitted = isBounded(screen) ? lines.flatMap((line) => wrapIndented(line, screen.width)) : lines;
  return fitted.map((line) => colourText('degraded', line, screen.paint));
}

function lineOf({ domain, kind, code, subject, since, acknowledged }: OpenFinding, clock: Clock): string {
  const what =
    kind === 'listed' ? `listed: ${subject}` : `to mend: ${code}${subject === domain ? '' : ` (${subject})`}`;
  const by = acknowledged === null ? '' : `, acknowledged by ${acknowledged}`;
  return `${domain} ${what}, since ${timeText(since, clock)}${by}`;
}
