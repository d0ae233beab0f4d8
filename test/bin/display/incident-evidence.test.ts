import { expect, test } from 'vitest';
import { type Screen, screenOf } from '../../../bin/display/layout/screen.ts';
import { widthOf } from '../../../bin/display/layout/text-width.ts';
import { evidenceLines } from '../../../bin/display/tables/incident-evidence.ts';
import type { ChapterEvidence } from '../../../lambda/consensus/judgement/incident.ts';
import { readChapters } from '../../../lambda/reports/source/incidents.ts';
import { FAILURES } from '../../../lambda/smtp/failures/failures.ts';
import { type Told, tell } from '../../consensus/incident/stories.ts';

const clock = { now: Date.parse('2026-11-22T12:20:00Z'), utc: true };
const terminal = (columns: number): Screen => ({ ...screenOf({}, {}), drawing: true, bounded: true, width: columns });
const row = 'ppwwwsstrrpppp';
const story = tell({ 'us-east-1': row, 'eu-west-1': row, 'ap-southeast-1': row });

async function linesOf({ judgement, ended }: Told, columns: number, kept = (_: ChapterEvidence) => true) {
  const { incident } = judgement;
  if (incident === null) throw new Error('there is no incident');
  const chapters = await readChapters({ history: { chapters: async () => ended.filter(kept) } as never }, incident);
  return evidenceLines(incident, chapters, null, clock, terminal(columns));
}

/** From the beginning of a chapter to that of the next one. */
function chapterIn(lines: readonly string[], number: number): string {
  const from = lines.findIndex((line) => line.startsWith(`Chapter ${number} `));
  const to = lines.findIndex((line, at) => at > from && /^(Chapter|Meaning|…)/.test(line));
  return lines.slice(from, to).join('\n');
}

test('an incident has all its chapters, each with its evidence; 80 columns', async () => {
  const lines = await linesOf(story, 80);
  expect(widthOf(lines)).toBeLessThanOrEqual(80);
  expect(chapterIn(lines, 2)).toMatchInlineSnapshot(`
    "Chapter 2 of 4: greeting silence  2026-11-22 12:05:00 until 12:07:00 UTC

    First and last failure of each vantage  (2026-11-22 UTC)
      VANTAGE         FIRST     LAST      PHASE     CODE
      us-east-1       12:05:00  12:06:00  greeting  silence
      eu-west-1       12:05:00  12:06:00  greeting  silence
      ap-southeast-1  12:05:00  12:06:00  greeting  silence
      us-east-1, eu-west-1, ap-southeast-1: no greeting within 12.0 s

    Transcript from us-east-1, eu-west-1, ap-southeast-1
      * mx1.example.com is 192.0.2.1, port 25
    "
  `);
  expect(chapterIn(lines, 3)).toMatchInlineSnapshot(`
    "Chapter 3 of 4: auth auth-unavailable  2026-11-22 12:07:00 until 12:08:00 UTC

    First and last failure of each vantage  (2026-11-22 UTC)
      VANTAGE         FIRST     LAST      PHASE  CODE
      us-east-1       12:07:00  12:07:00  auth   auth-unavailable
      eu-west-1       12:07:00  12:07:00  auth   auth-unavailable
      ap-southeast-1  12:07:00  12:07:00  auth   auth-unavailable
      us-east-1, eu-west-1, ap-southeast-1: 454 4.7.0 Temporary authentication
        failure

    Transcript from us-east-1, eu-west-1, ap-southeast-1
      S: 220 mx1.example.com ESMTP
      C: EHLO probe.example.com
      S: 250 mx1.example.com
      C: AUTH PLAIN ***
      S: 454 4.7.0 Temporary authentication failure
      C: QUIT
      S: 221 Bye
    "
  `);
});

test('a chapter that is under way has no last failure: it is recorded at the end of the chapter', async () => {
  const failing = 'ppwwwwwww';
  const text = (
    await linesOf(tell({ 'us-east-1': failing, 'eu-west-1': failing, 'ap-southeast-1': failing }), 120)
  ).join('\n');
  expect(text).toMatch(/First failure of each vantage .*\n +VANTAGE +FIRST +PHASE +CODE/);
  expect(text).not.toMatch(/LAST|last failure/);
});

test('the same in 120 columns', async () => {
  const lines = await linesOf(story, 120);
  expect(widthOf(lines)).toBeLessThanOrEqual(120);
  expect(chapterIn(lines, 3)).toMatchInlineSnapshot(`
    "Chapter 3 of 4: auth auth-unavailable  2026-11-22 12:07:00 until 12:08:00 UTC

    First and last failure of each vantage  (2026-11-22 UTC)
      VANTAGE         FIRST     LAST      PHASE  CODE              REPLY OR DETAIL
      us-east-1       12:07:00  12:07:00  auth   auth-unavailable  454 4.7.0 Temporary authentication failure
      eu-west-1       12:07:00  12:07:00  auth   auth-unavailable  454 4.7.0 Temporary authentication failure
      ap-southeast-1  12:07:00  12:07:00  auth   auth-unavailable  454 4.7.0 Temporary authentication failure

    Transcript from us-east-1, eu-west-1, ap-southeast-1
      S: 220 mx1.example.com ESMTP
      C: EHLO probe.example.com
      S: 250 mx1.example.com
      C: AUTH PLAIN ***
      S: 454 4.7.0 Temporary authentication failure
      C: QUIT
      S: 221 Bye
    "
  `);
});

test('chapters that are not kept are counted', async () => {
  const lines = await linesOf(story, 80, ({ number }) => number !== 2);
  expect(lines).toContain('… 1 chapter left out');
  expect(lines.filter((line) => line.startsWith('Chapter ')).map((line) => line.slice(0, 14))).toEqual([
    'Chapter 1 of 4',
    'Chapter 3 of 4',
    'Chapter 4 of 4',
  ]);
});

test('a single chapter has no title', async () => {
  const lines = await linesOf(tell({ a: 'ppss', b: 'ppss' }), 80);
  expect(lines.join('\n')).not.toContain('Chapter');
  expect(lines).toContain('Transcript from a, b');
});

test('a chapter without enough voters says so', async () => {
  const lines = await linesOf(tell({ a: 'ppss......', b: 'ppss......' }), 80);
  expect(lines).toContain('Chapter 2 of 2: too few vantages voted  from 2026-11-22 12:06:05 UTC');
});

test.each([60, 80, 120])('the title of a chapter with the longest phase and code fits %i columns', async (columns) => {
  const codes = Object.keys(FAILURES).toSorted((a, b) => b.length - a.length);
  const ended = story.ended.map((chapter) => ({ ...chapter, phase: 'certificate', code: codes[0] ?? '' }));
  const lines = await linesOf({ ...story, ended }, columns);
  expect(lines.filter((line) => line.includes(codes[0] ?? 'none')).length).toBeGreaterThan(1);
  expect(widthOf(lines)).toBeLessThanOrEqual(columns);
});
