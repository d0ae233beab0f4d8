/** Hours of the week as people write them: `Mon-Fri 08:00-18:00, Sat 09:00-12:00`. */
import { fault, MINUTES_OF_DAY, notADay, type Read, readTimes, type Times, weekdayNamed } from './clock-time.ts';

/** Some days of the week, and a time on each. Days are numbered as in ISO 8601, 1 for Monday. */
export interface WeekEntry extends Times {
  readonly days: readonly number[];
}

const DAILY = /^(?:daily|every\s*day)$/i;
const ENTRY = /^((?:daily|every\s*day|[A-Za-z]+(?:\s*[-–]\s*[A-Za-z]+)?))(?:\s+(\d.*))?$/i;

/** Entries are separated by commas. Days without a time have that of the next entry: `Mon, Wed 08:00-12:00`. */
export function readWeek(text: string): Read<readonly WeekEntry[]> {
  const entries: WeekEntry[] = [];
  let days: readonly number[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    const entry = readEntry(part);
    if (!entry.ok) return entry;
    days = [...days, ...entry.value.days];
    if (entry.value.times === '') continue;
    const times = readTimes(entry.value.times, days);
    if (!times.ok) return times;
    entries.push({ days: [...new Set(days)].sort((a, b) => a - b), ...times.value });
    days = [];
  }
  if (days.length > 0) return fault('has days without a time', 'write them as in `Mon-Fri 08:00-18:00`');
  return overlapOf(entries) ?? { ok: true, value: entries };
}

function readEntry(part: string): Read<{ days: readonly number[]; times: string }> {
  if (part === '') return fault('has an empty entry', 'write it as in `Mon-Fri 08:00-18:00, Sat 09:00-12:00`');
  if (/^\d/.test(part)) return fault('has a time without days', `write \`daily ${part}\``.slice(0, 60));
  const [, words, times = ''] = ENTRY.exec(part) ?? [];
  if (words === undefined) return notADay(part);
  const days = daysOf(words);
  return days === null ? notADay(words) : { ok: true, value: { days, times } };
}

function daysOf(words: string): readonly number[] | null {
  if (DAILY.test(words)) return [1, 2, 3, 4, 5, 6, 7];
  const [first, last] = words.split(/\s*[-–]\s*/).map(weekdayNamed);
  if (first == null || last === null) return null;
  const count = last === undefined ? 1 : ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, more) => ((first - 1 + more) % 7) + 1);
}

const NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const WEEK = 7 * MINUTES_OF_DAY;

/** A time that two entries name, as a fault. */
function overlapOf(entries: readonly WeekEntry[]): Read<never> | null {
  const spans = entries
    .flatMap(({ days, from, to }) => {
      return days.map((day) => {
        const begins = (day - 1) * MINUTES_OF_DAY;
        return { day, from: begins + from, to: begins + (to ?? from + 1) };
      });
    })
    .sort((a, b) => a.from - b.from);
  for (const [at, span] of spans.entries()) {
    const next = spans[at + 1] ?? spans[0];
    const starts = (next?.from ?? 0) + (at + 1 === spans.length ? WEEK : 0);
    if (span.to > starts) return fault(`overlaps itself on ${NAMES[(next?.day ?? 1) - 1]}`, 'join the two entries');
  }
  return null;
}
