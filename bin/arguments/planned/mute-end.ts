import type { Clock } from '../clock-and-time-zone.ts';
import { durationArgument, timeArgument } from '../time.ts';
import { UsageError } from '../usage-error.ts';

export interface EndOptions {
  readonly for?: string;
  readonly until?: string;
}

const DAY = 86_400_000;
/** What is muted for longer is better taken out of the config. */
const LONGEST = 30 * DAY;

/** Epoch milliseconds. @throws UsageError where there is none, or it is too far */
export function muteEnd(options: EndOptions, clock: Clock): number {
  const { for: length, until } = options;
  if (length === undefined && until === undefined)
    throw new UsageError('a mute has an end: add --for 2h, or --until 2026-11-27T08:00');
  if (length !== undefined && until !== undefined) throw new UsageError('--for and --until exclude each other');
  const end = length === undefined ? endOf(until ?? '', clock) : clock.now + durationArgument(length, '--for', 60_000);
  if (end - clock.now <= LONGEST) return end;
  throw new UsageError(
    `--${length === undefined ? 'until' : 'for'}: 30 days at most; longer planned work stands under \`maintenance\` in the config`,
  );
}

function endOf(until: string, clock: Clock): number {
  if (/^\d+(?:\.\d+)?[a-z]+$/i.test(until))
    throw new UsageError(`--until: '${until}' is a duration; use --for ${until}`);
  const end = Date.parse(timeArgument(until, '--until', clock, 'end'));
  if (end > clock.now) return end;
  throw new UsageError(`--until: ${until} has passed`);
}
