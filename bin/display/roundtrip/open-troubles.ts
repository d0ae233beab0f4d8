import type { OpenTrouble } from '../../../lambda/reports/trips/open-troubles.ts';
import { escapeForDisplay } from '../../../lambda/smtp/bounds/escape.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { colourText } from '../layout/outcome-colours.ts';
import { isBounded, type Screen } from '../layout/screen.ts';
import { timeText } from '../layout/times.ts';
import { wrapIndented } from '../layout/wrap.ts';

const NAMES = { trip: 'round trip', bounces: 'mail of' } as const;

/** A line for each round trip and each sending domain in trouble. */
export function openTroubleLines(troubles: readonly OpenTrouble[], clock: Clock, screen: Screen): readonly string[] {
  const lines = troubles.map(({ kind, subject, what, since }) =>
    escapeForDisplay(`${NAMES[kind]} ${subject}: ${what.join(', ')}, since ${timeText(since, clock)}`),
  );
  const fitted = isBounded(screen) ? lines.flatMap((line) => wrapIndented(line, screen.width)) : lines;
  return fitted.map((line) => colourText('degraded', line, screen.paint));
}
