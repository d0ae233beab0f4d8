import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chapterOf } from '../../../lambda/consensus/incident/chapters.ts';
import type { Incident } from '../../../lambda/consensus/judgement/incident.ts';
import type { Chapter } from '../../../lambda/consensus/judgement/incident-chapter.ts';
import { type Letter, SEEN, type Told, tell } from './stories.ts';

/** Each chapter with its times and what its witnesses saw. */
function chaptersOf({ judgement, ended }: Told) {
  const { incident } = judgement;
  const present = incident === null ? null : chapterOf(incident);
  const all = present === null ? ended : [...ended, { ...present, witnesses: incident?.witnesses ?? [] }];
  const minute = (at: string | null) => at?.slice(14, 19) ?? 'now';
  return all.map(({ from, to, code, witnesses }) => {
    const seen = witnesses.map(
      (one) => `${one.vantage} ${one.code} ${minute(one.firstFailure)}-${minute(one.lastFailure)}`,
    );
    return [`${code} ${minute(from)}-${minute(to)}`, ...seen].join(', ');
  });
}

describe('a chapter begins with each change of the failure', () => {
  const everywhere = (row: string) => ({ a: row, b: row, c: row });
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'one failure',
      everywhere('ppsss'),
      ['silence 02:00-now, a silence 02:00-03:00, b silence 02:00-03:00, c silence 02:00-03:00'],
    ],
    [
      'a warning, then a failure',
      everywhere('ppwwwsss'),
      [
        'slow 02:00-05:00, a slow 02:00-04:00, b slow 02:00-04:00, c slow 02:00-04:00',
        'silence 05:00-now, a silence 05:00-06:00, b silence 05:00-06:00, c silence 05:00-06:00',
      ],
    ],
    [
      'another code at the same phase',
      { a: 'pptttrr', b: 'pptttrr' },
      [
        'auth-unavailable 02:00-05:00, a auth-unavailable 02:00-04:00, b auth-unavailable 02:00-04:00',
        'auth-rejected 05:00-now, a auth-rejected 05:00-05:00, b auth-rejected 05:00-05:00',
      ],
    ],
    [
      'a minority with another failure stays in it',
      { a: 'ppsss', b: 'ppsss', c: 'ppttt' },
      ['silence 02:00-now, a silence 02:00-03:00, b silence 02:00-03:00, c auth-unavailable 02:00-03:00'],
    ],
    [
      'the next threshold of a warning',
      { a: 'ppeeEE', b: 'ppeeEE' },
      [
        'certificate-expiring 02:00-04:00, a certificate-expiring 02:00-03:00, b certificate-expiring 02:00-03:00',
        'certificate-expiring 04:00-now, a certificate-expiring 04:00-04:00, b certificate-expiring 04:00-04:00',
      ],
    ],
    [
      'too few voters',
      { a: 'ppsss....', b: 'ppsss....' },
      ['silence 02:00-07:05, a silence 02:00-04:00, b silence 02:00-04:00', 'null 07:05-now'],
    ],
  ])('%s', (_, rows, chapters) => expect(chaptersOf(tell(rows))).toEqual(chapters));

  test('a target that flaps begins one with each failure, and its last failure is that of the chapter', () => {
    const row = `${'ppss'.repeat(8)}${'p'.repeat(40)}`;
    const told = tell({ a: row, b: row });
    const chapters = chaptersOf(told);
    expect(chapters).toEqual([
      'silence 14:00-17:05, a silence 14:00-15:00, b silence 14:00-15:00',
      'silence 18:00-21:05, a silence 18:00-19:00, b silence 18:00-19:00',
      'silence 22:00-25:05, a silence 22:00-23:00, b silence 22:00-23:00',
      'silence 26:00-29:05, a silence 26:00-27:00, b silence 26:00-27:00',
      'silence 30:00-33:05, a silence 30:00-31:00, b silence 30:00-31:00',
    ]);
    expect(told.judgement.incident?.closed).toBe('2026-11-22T13:03:05Z');
  });
});

test('an incident of version 0.1 goes on, and its evidence is the first chapter', () => {
  const { judgement } = tell({ a: 'ppsss', b: 'ppsss' });
  const { chapter: _, first: __, ...old } = judgement.incident as Incident;
  expect(chapterOf(old)).toMatchObject({ number: 1, from: old.opened, to: null, phase: 'greeting', code: 'silence' });
});

const letters = fc.string({
  unit: fc.constantFrom(...(Object.keys(SEEN) as Letter[]), '.'),
  minLength: 6,
  maxLength: 24,
});

test('law: chapters follow one another, times do not run backwards, and evidence is of one session', () => {
  fc.assert(
    fc.property(letters, letters, letters, (a, b, c) => {
      const { judgement, ended } = tell({ a, b, c });
      const { incident } = judgement;
      const excerpts = judgement.owed.flatMap((alert) => (alert.incident === null ? [] : [alert.incident]));
      for (const one of [...excerpts, ...(incident === null ? [] : [incident])]) checkIncident(one);
      for (const chapter of ended) {
        checkTimes(chapter);
        for (const witness of chapter.witnesses) checkWitness(witness);
      }
    }),
    { numRuns: 300 },
  );
});

function checkIncident({ opened, timeline, witnesses, chapter }: Incident): void {
  expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted());
  for (const witness of witnesses) {
    checkWitness(witness);
    expect(witness.firstFailure >= opened).toBe(true);
  }
  if (chapter === undefined) return;
  checkTimes(chapter);
  expect(chapter.from >= opened).toBe(true);
  const isShared = ({ phase, code }: Incident['witnesses'][0]) => phase === chapter.phase && code === chapter.code;
  expect(witnesses.some(isShared)).toBe(chapter.code !== null);
}

function checkTimes({ from, to }: Chapter): void {
  expect(to === null || from <= to).toBe(true);
}

function checkWitness({ firstFailure, lastFailure, code, reply, detail, transcript }: Incident['witnesses'][0]): void {
  expect(firstFailure <= lastFailure).toBe(true);
  const sessions = Object.values(SEEN).filter((one) => one.code === code);
  // An excerpt for an alert has the transcript of one witness.
  expect(sessions).toContainEqual(
    expect.objectContaining({ reply, detail, ...(transcript.length === 0 ? {} : { transcript }) }),
  );
}
