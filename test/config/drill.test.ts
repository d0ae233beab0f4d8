import { expect, test } from 'vitest';
import { parseConfig } from '../../lambda/config/parse.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';

function read(drill: string, notify = "[{ webhook: 'https://hooks.example.com/' }]") {
  const text = `vantages: [local]\nnotify: ${notify}\ntargets: [{ id: mx1, host: mx1.example.net }]\ndrill: ${drill}\n`;
  const parsed = parseConfig(text, 'c.yaml', () => '');
  return parsed.ok ? parsed.config.drill : formatProblems(parsed.problems);
}

test('the time of the week, with its defaults', () => {
  const time = { zone: 'UTC', weekday: 1, minute: 600, weeks: 1 };
  expect(read("{ at: 'Mon 10:00' }")).toEqual({ time, within: 900_000 });
  expect(read("{ every: 2w, at: 'friday 7:05', zone: Europe/Berlin, within: 1h }")).toEqual({
    time: { zone: 'Europe/Berlin', weekday: 5, minute: 425, weeks: 2 },
    within: 3_600_000,
  });
});

test.each<[string, string, RegExp]>([
  ['no day', "{ at: '10:00' }", /c\.yaml:4:\d+.*drill\.at.*has a time without days.*write one, as in `Mon 10:00`/s],
  ['two days', "{ at: 'Mon-Fri 10:00' }", /drill\.at.*is not one day with one time.*write it as in `Mon 10:00`/s],
  ['a span', "{ at: 'Mon 10:00-11:00' }", /is not one day with one time/],
  ['a day that is none', "{ at: 'Mox 10:00' }", /has a day that is none/],
  ['a zone that is none', "{ at: 'Mon 10:00', zone: Europe/Berln }", /drill\.zone.*did you mean `Europe\/Berlin`/s],
  ['too short', "{ at: 'Mon 10:00', within: 1m }", /drill\.within.*must be from `2m` to `6h`/s],
  ['each day', "{ at: 'Mon 10:00', every: 1d }", /drill\.every/],
])('refused: %s', (_, drill, message) => {
  expect(read(drill)).toMatch(message);
});

test('a duration out of bounds is not suggested again', () => {
  expect(read("{ at: 'Mon 10:00', within: 1m }")).not.toContain('did you mean');
  expect(read("{ at: 'Mon 10:00', within: 5 min }")).toContain('did you mean `5m`?');
});

test('a drill for nobody is refused', () => {
  const message = /drill.*is for nobody: no entry of `notify` is told of outages.*add an entry with `down`/s;
  expect(read("{ at: 'Mon 10:00' }", '[]')).toMatch(message);
  const some = "[{ webhook: 'https://hooks.example.com/', when: [blind, degraded], severity: [warning] }]";
  expect(read("{ at: 'Mon 10:00' }", some)).toMatch(message);
});
