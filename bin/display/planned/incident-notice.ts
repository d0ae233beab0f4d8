import { safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { Hold } from '../../../lambda/consensus/news/again.ts';
import type { IncidentNotice } from '../../../lambda/reports/status/incident-notices.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { timeText } from '../layout/times.ts';

/** `mx1: nobody is told, in the window patches until …`, and who acknowledged it. */
export function noticeText({ subject, held, acknowledged }: IncidentNotice, clock: Clock): string {
  const parts = [
    ...(held === null ? [] : [holdText(held, clock)]),
    ...(acknowledged === null
      ? []
      : [`acknowledged by ${safeText(acknowledged.by, 120)}, ${timeText(acknowledged.at, clock)}`]),
  ];
  return `${safeText(subject, 64)}: ${parts.join('; ')}`;
}

function holdText({ why, what, until }: Hold, clock: Clock): string {
  const name = safeText(what, 120);
  const end = until === null ? '' : ` until ${timeText(until, clock)}`;
  switch (why) {
    case 'window':
      return `nobody is told, in the maintenance window ${name}${end}`;
    case 'mute':
      return `nobody is told, muted${end}: ${name}`;
    case 'behind':
      return `told as part of ${name}, which is down`;
    default:
      return why satisfies never;
  }
}
