import { chance, MINUTE, START, YEAR, type Year } from './random-year-of-outages.ts';

/** When people were paged, and when each page was taken back; epoch milliseconds. */
export interface Page {
  readonly at: number;
  readonly until: number;
}

export type Watch = (year: Year, vantages: number, seed: number) => readonly Page[];

/** Each minute, from what that minute's probes say: whether it is down, and when that could be known. */
type Rule = (
  year: Year,
  minute: number,
  vantages: number,
  seed: number,
) => { readonly down: boolean; readonly known: number };

/** Rules of others, as their documents tell them, each looking once a minute and all regions together. */
export const PEERS: Readonly<Record<string, Watch>> = {
  'one location': watch(oneLocation, 1),
  '3 retries in one location': watch(oneLocation, 3),
  'three of three random (UptimeRobot)': watch(threeRandom, 1),
  'half of the regions (OpenStatus)': watch(halfOfRegions, 1),
  'down at 18 % or less, 3 in a row (Route 53)': watch(eighteenPercent, 3),
};

/** Pages when a rule says down so many minutes in a row, and takes it back at the first that does not. */
function watch(rule: Rule, inARow: number): Watch {
  return (year, vantages, seed) => {
    const pages: Page[] = [];
    let [streak, paged]: [number, number | null] = [0, null];
    for (let minute = START; minute < START + YEAR; minute += MINUTE) {
      const { down, known } = rule(year, minute, vantages, seed);
      streak = down ? streak + 1 : 0;
      if (streak >= inARow && paged === null) paged = known;
      if (!down && paged !== null) {
        pages.push({ at: paged, until: known });
        paged = null;
      }
    }
    return pages;
  };
}

/** None of these tells a probe that could not run from a server that does not answer. */
function look(year: Year, vantage: number, minute: number) {
  const probe = year.probe(vantage, minute);
  return probe === null ? null : { failed: probe.outcome !== 'pass', known: minute + probe.took };
}

function lookFrom(year: Year, vantages: readonly number[], minute: number) {
  const looks = vantages.flatMap((vantage) => look(year, vantage, minute) ?? []);
  return {
    looks: looks.length,
    failed: looks.filter(({ failed }) => failed).length,
    known: Math.max(minute, ...looks.map(({ known }) => known)),
  };
}

function oneLocation(year: Year, minute: number) {
  const { failed, known } = lookFrom(year, [0], minute);
  return { down: failed === 1, known };
}

function threeRandom(year: Year, minute: number, vantages: number, seed: number) {
  const drawn = Array.from({ length: vantages }, (_, vantage) => vantage)
    .sort((a, b) => chance(seed + 1, a, minute) - chance(seed + 1, b, minute))
    .slice(0, 3);
  const { looks, failed, known } = lookFrom(year, drawn, minute);
  return { down: looks > 0 && failed === looks, known };
}

function allOf(vantages: number): readonly number[] {
  return Array.from({ length: vantages }, (_, vantage) => vantage);
}

function halfOfRegions(year: Year, minute: number, vantages: number) {
  const { failed, known } = lookFrom(year, allOf(vantages), minute);
  return { down: failed >= vantages / 2, known };
}

function eighteenPercent(year: Year, minute: number, vantages: number) {
  const { looks, failed, known } = lookFrom(year, allOf(vantages), minute);
  return { down: looks > 0 && looks - failed <= 0.18 * looks, known };
}
