/**
 * Bad days of a monitor on one machine: rounds on time, and what became of the alerts on each channel. Each case runs the
 * whole monitor in a process of its own, with rounds of 2 s, real mail servers and real receivers of webhooks.
 *
 * `npm run bench -- bad-day` kills for a minute, with `--long` for five; `--case=WORDS` runs the cases whose name has them.
 */
import { casesOf } from './cases.ts';
import { type Case, type Day, dayOf, EVERY } from './run-one-case.ts';

const HEAD = [
  'case',
  'rounds on time',
  'CPU per round',
  'stop',
  'channel',
  'sent once',
  'lost',
  'doubled',
  'latest after the terminal',
];

export async function run(): Promise<void> {
  const options = process.argv.slice(2);
  const words = options.find((option) => option.startsWith('--case='))?.slice('--case='.length) ?? '';
  const cases = casesOf(options.includes('--long') ? 300_000 : 60_000).filter(({ name }) => name.includes(words));
  const notes: string[] = [];
  console.log(`| ${HEAD.join(' | ')} |\n| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: |`);
  for (const one of cases) {
    const day = await dayOf(one);
    if (day === null) notes.push(`${one.name}: skipped, this user cannot mount a file system`);
    else report(one, day);
    for (const word of day?.words ?? []) notes.push(`${one.name}: ${word}`);
    if (day !== null && day.conclusion !== null) notes.push(`${one.name}: ${day.conclusion}`);
  }
  console.log(`\n${notes.join('\n')}`);
}

function report({ name }: Case, { rounds, cpu, stopped, expected, told }: Day): void {
  const head = [name, `${onTime(rounds).toFixed(1)} %`, `${cpu.toFixed(0)} ms`, `${(stopped / 1000).toFixed(1)} s`];
  for (const [channel, alerts] of Object.entries(told)) {
    const once = [...alerts.values()].filter(({ length }) => length === 1).length;
    const late = [...alerts].map(([id, [at = 0]]) => at - (told.terminal.get(id)?.[0] ?? at));
    const latest = `${(Math.max(0, ...late) / 1000).toFixed(1)} s`;
    const lost = Math.max(0, expected - alerts.size);
    // Of the same id, or of another for the same change.
    const doubled = alerts.size - once + Math.max(0, alerts.size - expected);
    console.log(`| ${[...head, channel, once, lost, doubled, latest].join(' | ')} |`);
  }
}

/** Percent of the rounds that began when they were due, also across restarts. */
function onTime(rounds: readonly number[]): number {
  const began = new Set(rounds.map((at) => Math.floor(at / EVERY)));
  const due = Math.max(...began) - Math.min(...began) + 1;
  return (100 * began.size) / due;
}
