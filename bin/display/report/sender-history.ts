/** What became of the mail of a sending domain, hour by hour. */
import { asciiJson, safeText } from '../../../lambda/alert/words/safe-text.ts';
import { isoSeconds } from '../../../lambda/consensus/judgement/round-name.ts';
import type { SenderBounces } from '../../../lambda/reports/bounces/bounce-report.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { csv } from '../layout/csv.ts';
import { grid } from '../layout/grid.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { timeText } from '../layout/times.ts';
import { wrapIndented } from '../layout/wrap.ts';
import { bounceLines } from './bounce-section.ts';

const COUNTS = ['delivered', 'bounced', 'deferred', 'complained'] as const;

/** Hours without mail are left out. Below them are the providers. */
export function senderHistoryLines(sender: SenderBounces, clock: Clock, screen: Screen): readonly string[] {
  const columns = [
    { title: 'HOUR' },
    ...COUNTS.map((name) => ({ title: name.toUpperCase(), align: 'right' as const })),
    { title: 'RATE', align: 'right' as const },
  ];
  const rows = sender.hours.map((hour) => {
    const { at, delivered, bounced } = hour;
    const rate = delivered + bounced === 0 ? '-' : `${((bounced / (delivered + bounced)) * 100).toFixed(2)} %`;
    const texts = [timeText(isoSeconds(at), clock), ...COUNTS.map((name) => String(hour[name])), rate];
    return texts.map((text) => ({ text }));
  });
  const providers = bounceLines(sender).map((line) => safeText(line, 400));
  const fitted = isBounded(screen) ? providers.flatMap((line) => wrapIndented(line, screen.width)) : providers;
  return [...grid(columns, rows, screen), '', ...fitted];
}

/** A line for each hour. */
export function senderHistoryAsJson({ domain, hours }: SenderBounces): string {
  return hours.map(({ at, ...counts }) => `${asciiJson({ domain, hour: isoSeconds(at), ...counts })}\n`).join('');
}

export function senderHistoryAsCsv({ domain, hours }: SenderBounces): string {
  const rows = hours.map((hour) => [domain, isoSeconds(hour.at), ...COUNTS.map((name) => hour[name])]);
  return csv([['domain', 'hour', ...COUNTS], ...rows]);
}
