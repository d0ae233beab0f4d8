import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgePosture, withdrawPosture } from '../../../lambda/consensus/posture/judge-posture.ts';
import { found, HOUR, listed, START, unable } from './runs.ts';
import { linesOf, type Story, sightsOf, tellPosture } from './stories.ts';

const SEES = {
  L: [listed('192.0.2.25')],
  M: [listed('192.0.2.26')],
  B: [listed('192.0.2.25'), listed('192.0.2.26')],
  S: [found('spf-missing', 'example.com')],
  A: [found('spf-missing', 'example.com'), listed('192.0.2.25')],
  W: [found('dmarc-policy-none', 'example.com')],
  X: [found('spf-missing', 'example.com'), found('dmarc-policy-none', 'example.com')],
  u: [unable('dnsbl', 'zen.spamhaus.org')],
  v: [unable('dnsbl', 'bl.spamcop.net')],
  d: [unable('dnsbl', 'example.com')],
  s: [unable('spf', 'example.com')],
};

/** One row for each vantage, one letter for each run of 15 minutes. */
const story = (rows: Readonly<Record<string, string>>, rest: Partial<Story> = {}): Story => ({
  sights: Object.fromEntries(Object.entries(rows).map(([vantage, row]) => [vantage, sightsOf(row, SEES)])),
  ...rest,
});

const cases: readonly [string, Readonly<Record<string, string>>, readonly string[]][] = [
  ['two runs of both vantages', { a: '.LLLL', b: '.LLLL' }, ['2 listed']],
  ['not one run of both vantages', { a: '.L...', b: '.L...' }, []],
  ['not two runs of one vantage', { a: '.LLLLLLLL', b: '.........' }, []],
  ['when the second vantage has two runs', { a: '.LLLLL', b: '...LLL' }, ['4 listed']],
  ['two runs of a single vantage', { local: '.LLL' }, ['2 listed']],
  ['two runs of a single vantage, and over', { local: '.LLL...' }, ['2 listed', '5 delisted']],
  ['over after two runs of both', { a: '.LLLL....', b: '.LLLL....' }, ['2 listed', '6 delisted']],
  ['not over after one run of both', { a: '.LLLL.LLL', b: '.LLLL.LLL' }, ['2 listed']],
  ['not over at one vantage', { a: '.LLLL......', b: '.LLLLLLLLLL' }, ['2 listed']],
  ['over when the second vantage agrees', { a: '.LLLL......', b: '.LLLLLL....' }, ['2 listed', '8 delisted']],
  ['a posture finding', { a: '.SSSS....', b: '.SSSS....' }, ['2 posture', '6 posture-over']],
  ['both kinds, in two alerts', { a: '.AAAA', b: '.AAAA' }, ['2 listed', '2 posture']],
  ['two listings in one alert', { a: '.BBB', b: '.BBB' }, ['2 listed']],
  ['another listing', { a: '.LLBB', b: '.LLBB' }, ['2 listed', '4 listed']],
  ['one of two listings is over', { a: '.BBBLLLL', b: '.BBBLLLL' }, ['2 listed', '5 delisted']],
  ['not a warning by itself', { a: '.WWWW', b: '.WWWW' }, []],
  ['`unable` does not end it', { a: '.LLuuuuuu', b: '.LLuuuuuu' }, ['2 listed']],
  ['`unable` does not count as a run without it', { a: '.LLu.LLL', b: '.LLu.LLL' }, ['2 listed']],
  ['`unable` in between two runs that see it', { a: '.LuLL', b: '.LuLL' }, ['3 listed']],
  ['`unable` of another list says nothing', { a: '.LLvvvv', b: '.LLvvvv' }, ['2 listed', '4 delisted']],
  ['`unable` of the addresses of the domain', { a: '.LLdddd', b: '.LLdddd' }, ['2 listed']],
  ['`unable` of the record', { a: '.SSssss', b: '.SSssss' }, ['2 posture']],
  ['a vantage that saw nothing and then cannot tell is waited for', { a: '.LLL', b: '.uuu' }, []],
  ['a vantage that cannot tell for long abstains', { a: '.LLLLLLL', b: '.uuuuuuu' }, ['5 listed']],
  ['a vantage that is silent for long is left out', { a: '.LLLLLLL', b: '.-------' }, ['4 listed']],
  ['a vantage that is silent for a short time is waited for', { a: '.LLLLLLL', b: '.--LLLLL' }, ['4 listed']],
  ['a vantage that never ran is left out in the end', { a: `.${'L'.repeat(16)}`, b: '-'.repeat(17) }, ['4 listed']],
  ['the end, while a vantage is silent for long', { a: '.LLLL......', b: '.LLLL------' }, ['2 listed', '8 delisted']],
  ['nothing at all', { a: '......', b: '......' }, []],
];

test.each(cases)('told: %s', (_, rows, expected) => {
  expect(linesOf(tellPosture(story(rows)))).toEqual(expected);
});

describe('flapping', () => {
  const once = 'LL..';
  test('a listing that comes and goes is told three times in a day, then no more', () => {
    const row = `.${once.repeat(20)}`;
    const lines = linesOf(tellPosture(story({ a: row, b: row })));
    expect(lines).toEqual(['2 listed', '4 delisted', '6 listed', '8 delisted', '10 listed']);
  });

  test('it is told as over when it has been away for six hours', () => {
    const row = `.${once.repeat(4)}${'.'.repeat(30)}`;
    const lines = linesOf(tellPosture(story({ a: row, b: row })));
    expect(lines).toEqual(['2 listed', '4 delisted', '6 listed', '8 delisted', '10 listed', `${16 + 24} delisted`]);
  });

  test('the alert says so', () => {
    const row = `.${once.repeat(3)}`;
    const { told } = tellPosture(story({ a: row, b: row }));
    expect(told.at(-1)?.alert.reason).toContain('it comes and goes');
  });
});

describe('reminders', () => {
  test('once a day while it is open', () => {
    const row = 'L'.repeat(60);
    const lines = linesOf(tellPosture(story({ a: row, b: row }, { step: 60 })));
    expect(lines).toEqual(['1 listed', '25 still listed', '49 still listed']);
  });

  test('none without a reminder', () => {
    const row = 'L'.repeat(60);
    expect(linesOf(tellPosture(story({ a: row, b: row }, { step: 60, policy: { reminder: null } })))).toEqual([
      '1 listed',
    ]);
  });
});

describe('ignored findings', () => {
  const ignore = [{ code: 'spf-missing', subject: null, reason: 'no mail is sent', until: '2026-11-23' }];

  test('are not told until the entry has ended, and then with its reason', () => {
    const row = 'S'.repeat(60);
    const ending = tellPosture(story({ a: row, b: row }, { step: 60, policy: { ignore, reminder: null } }));
    // It began at 05:00 on the 22nd: the 24th begins 43 hours later.
    expect(linesOf(ending)).toEqual(['43 posture']);
    expect(ending.told[0]?.alert.reason).toContain('it was ignored until 2026-11-23 (no mail is sent)');
  });

  test('are not told while nobody can say that they are there: when somebody does', () => {
    // The entry ends in the gap, in which a pass of the judge has no run.
    const row = `${'S'.repeat(30)}${'-'.repeat(20)}SSSS`;
    const after = tellPosture(story({ a: row, b: row }, { step: 60, policy: { ignore, reminder: null } }));
    expect(linesOf(after)).toEqual(['50 posture']);
    expect(after.told[0]?.alert.reason).toContain('it was ignored until 2026-11-23 (no mail is sent)');
    const gone = `${'S'.repeat(30)}${'-'.repeat(20)}....`;
    expect(linesOf(tellPosture(story({ a: gone, b: gone }, { step: 60, policy: { ignore } })))).toEqual([]);
  });

  test('of another subject are told', () => {
    const other = [{ ...ignore[0], subject: 'example.net' } as (typeof ignore)[0] & { subject: string }];
    expect(linesOf(tellPosture(story({ a: '.SSS', b: '.SSS' }, { policy: { ignore: other } })))).toEqual(['2 posture']);
  });

  test('that end while they are ignored are not told', () => {
    expect(linesOf(tellPosture(story({ a: 'SSSS....', b: 'SSSS....' }, { policy: { ignore } })))).toEqual([]);
  });
});

describe('what an alert has', () => {
  test('a record to publish as a whole, or not at all', () => {
    const records = [1_900, 2_100, 70_000].map((length) => `example.com. IN TXT "${'x'.repeat(length)}"`);
    const sees = { R: [found('spf-missing', 'example.com', { publish: records })] };
    const { told } = tellPosture({ sights: { a: sightsOf('.RRR', sees) } });
    expect(told[0]?.alert.posture?.findings[0]?.publish).toEqual(records.slice(0, 1));
  });

  test('warnings with a failure', () => {
    const { told } = tellPosture(story({ a: '.XXX', b: '.XXX' }));
    expect(told[0]?.alert.posture).toMatchObject({
      findings: [{ code: 'spf-missing', vantages: ['a', 'b'] }],
      warnings: [{ code: 'dmarc-policy-none' }],
    });
  });

  test('warnings by themselves, if the config asks', () => {
    const lines = linesOf(tellPosture(story({ a: '.WWW', b: '.WWW' }, { policy: { warnings: true } })));
    expect(lines).toEqual(['2 posture']);
  });

  test('the time of the first run that saw it, and its votes', () => {
    const { told } = tellPosture(story({ a: '.LLL', b: '..LLL' }));
    expect(told[0]?.alert).toMatchObject({
      subject: 'example.com',
      was: 'up',
      is: 'degraded',
      incident: { id: 'example.com/listed@2026-11-22T05:15:00Z', closed: null },
      votes: [
        { vantage: 'a', vote: 'down' },
        { vantage: 'b', vote: 'down' },
      ],
      posture: { findings: [{ since: '2026-11-22T05:15:00Z' }] },
    });
  });

  test('an end that leaves another finding of the kind does not close the time', () => {
    const { told } = tellPosture(story({ a: '.BBBLLL', b: '.BBBLLL' }));
    expect(told.at(-1)?.alert).toMatchObject({ kind: 'delisted', is: 'degraded', incident: { closed: null } });
  });
});

test('a domain that leaves the config: what is open ends, once', () => {
  const { verdict } = tellPosture(story({ a: '.AAA', b: '.AAA' }));
  if (verdict === null) throw new Error('no verdict');
  const gone = withdrawPosture(verdict, START + HOUR);
  expect(gone.owed.map(({ kind, is }) => `${kind} ${is}`)).toEqual(['delisted up', 'posture-over up']);
  expect(withdrawPosture(gone, START + 2 * HOUR)).toBe(gone);
});

test('a domain that comes back gives no id a second time', () => {
  const { verdict, told } = tellPosture(story({ a: '.LLL', b: '.LLL' }));
  if (verdict === null) throw new Error('no verdict');
  const gone = withdrawPosture(verdict, START + HOUR);
  const policy = { vantages: [], ignore: [], reminder: null, warnings: false };
  const back = judgePosture({ domain: 'example.com', previous: gone, witnesses: [], policy, now: START + HOUR });
  expect(back.alerts).toBe(2);
  expect(back.owed.map(({ id }) => id)).not.toContain(told[0]?.alert.id);
});

describe('laws', () => {
  const letters = fc.constantFrom(...'.LMBSAWXuvds-');
  const row = fc.array(letters, { minLength: 1, maxLength: 40 }).map((all) => all.join(''));

  test('a second pass over the same runs changes nothing', () => {
    fc.assert(
      fc.property(row, row, (a, b) => {
        const { verdict, states } = tellPosture(story({ a, b }));
        const now = START + (Math.max(a.length, b.length) - 1) * 15 * 60_000 + 20_000;
        const areas = (vantage: string) => states.get(vantage)?.areas ?? {};
        const witnesses = ['a', 'b'].map((vantage) => ({
          vantage,
          state: states.get(vantage) ?? null,
          areas: areas(vantage),
        }));
        const policy = { vantages: ['a', 'b'], ignore: [], reminder: 24 * HOUR, warnings: false };
        expect(judgePosture({ domain: 'example.com', previous: verdict, witnesses, policy, now })).toBe(verdict);
      }),
    );
  });

  test('no finding is told that a vantage with fresh runs denies, and none without a second run', () => {
    fc.assert(
      fc.property(row, row, (a, b) => {
        const { told } = tellPosture(story({ a, b }));
        for (const { alert } of told.filter(({ alert: { kind } }) => kind === 'listed' || kind === 'posture')) {
          for (const { vantage, vote } of alert.votes) expect(`${vantage} ${vote}`).not.toContain('up');
          expect(alert.votes.some(({ vote }) => vote === 'down')).toBe(true);
        }
      }),
    );
  });

  test('tellings and ends of a subject alternate, and ids are distinct', () => {
    fc.assert(
      fc.property(row, row, (a, b) => {
        const { told } = tellPosture(story({ a, b }));
        expect(new Set(told.map(({ alert }) => alert.id)).size).toBe(told.length);
        const open = new Set<string>();
        for (const { alert } of told) {
          const isEnd = alert.kind === 'delisted' || alert.kind === 'posture-over';
          for (const { code, subject } of alert.posture?.findings ?? []) {
            const key = `${code} ${subject}`;
            if (!alert.posture?.isReminder) expect(open.has(key)).toBe(isEnd);
            if (isEnd) open.delete(key);
            else open.add(key);
          }
        }
      }),
    );
  });

  test('`unable` at both vantages alone tells nothing, whatever came before', () => {
    fc.assert(
      fc.property(row, fc.integer({ min: 1, max: 30 }), (before, runs) => {
        const quiet = before.replaceAll('-', '.');
        const until = tellPosture(story({ a: quiet, b: quiet })).told.length;
        const blind = `${quiet}${'-'.repeat(runs)}`;
        expect(
          tellPosture(story({ a: blind, b: blind }, { policy: { reminder: null } })).told.length,
        ).toBeLessThanOrEqual(until + 1);
      }),
    );
  });
});
