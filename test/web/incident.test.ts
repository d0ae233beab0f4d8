import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IncidentSnapshot, VoteMoment } from '../../lambda/reports/snapshot/snapshot.ts';
import { escapeMarkdown } from '../../web/markup/markdown.ts';
import { postMortem } from '../../web/pages/incident/post-mortem.ts';
import { incidentPage } from '../../web/pages/incident.ts';
import { hostileText, incidentOf, LONG_TEXTS, snapshotOf } from './documents/hostile.ts';
import { incidentSnapshot, snapshotWith, targetSnapshot } from './snapshot.ts';

const at = '2026-11-25T06:12:00Z';

function moment(minute: number, given: Partial<VoteMoment> = {}): VoteMoment {
  return {
    at: `2026-11-25T06:${String(minute).padStart(2, '0')}:00Z`,
    outcomes: ['fail', 'pass', null],
    votes: ['down', 'up', 'abstain'],
    needed: 2,
    verdict: 'down',
    ...given,
  };
}

const votes = {
  vantages: ['eu-west-1', 'us-east-1', 'local'],
  moments: [
    moment(8, { outcomes: ['pass', 'pass', 'pass'], votes: ['up', 'up', 'up'], verdict: null }),
    moment(10, { outcomes: ['fail', 'fail', 'unable'], votes: ['down', 'down', 'abstain'] }),
    moment(12),
    moment(17, { outcomes: ['pass', 'warn', 'pass'], votes: ['up', 'up', 'up'], verdict: 'up' }),
  ],
  gap: null,
};

const whole = incidentSnapshot({
  acknowledged: { at, by: 'ops@example.com' },
  statements: [
    { number: 1, at, by: 'ops@example.com', state: 'identified', text: 'A disk is full.\n\nMail is late.' },
    { number: 2, at: '2026-11-25T06:20:00Z', by: null, state: 'resolved', text: 'Done.' },
  ],
  alerts: {
    expired: false,
    sent: [
      { at, kind: 'down', again: false, channel: 'slack', state: 'taken', ended: at },
      { at, kind: 'down', again: true, channel: 'email', state: 'given-up', ended: at },
    ],
    told: ['sms', 'slack'].map((channel) => {
      return { channel, first: at, last: '2026-11-25T06:14:00Z', messages: 3, reminders: 2 };
    }),
  },
  votes,
});

const pageOf = (given: Partial<IncidentSnapshot> = {}) => incidentPage(snapshotWith(), { ...whole, ...given });
/** Without markup. */
const words = (page: string) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the page of an incident', () => {
  test('says what people said, newest first, who handles it, and who was told by which kind of channel', () => {
    const text = words(pageOf());
    for (const part of [
      'Resolved Done. 2026-11-25 06:20:00 UTC Identified A disk is full. Mail is late. 2026-11-25 06:12:00 UTC , by ops@example.com',
      'Acknowledged by ops@example.com, 2026-11-25 06:12:00 UTC . Reminders and further steps were off from then on.',
      'SMS: 3 messages, 2 of them reminders, 2026-11-25 06:12:00 UTC to 2026-11-25 06:14:00 UTC',
      'down Slack taken',
      'down, again e-mail given up',
    ]) {
      expect(text).toContain(part);
    }
    // Its messages are in the table.
    expect(text).not.toContain('Slack: 3 messages');
    expect(words(pageOf({ closed: null }))).toContain('Reminders and further steps are off until the incident ends.');
    expect(pageOf()).toContain('href="../incidents/mx1-20261125T060948Z.html"');
  });

  test.each([
    ['down', 'Down 2026-11-25 06:09:48 UTC until now'],
    ['degraded', 'Degraded 2026-11-25 06:09:48 UTC until now'],
    ['up', 'Up again; the incident ends when that lasts. Was Down 2026-11-25 06:09:48 UTC until now'],
  ] as const)('that is open says how its target is now: %s', (verdict, text) => {
    const snapshot = snapshotWith({ targets: [targetSnapshot({ verdict })] });
    expect(words(incidentPage(snapshot, { ...whole, closed: null }))).toContain(text);
  });

  test('has a row for each vantage, the votes, and the verdict, and the same as a table', () => {
    const page = pageOf();
    const [diagram = ''] = /<table class="votes">.*?<\/table>/s.exec(page) ?? [];
    const labels = [...diagram.matchAll(/<th scope="row">([^<]*)<\/th>.*?aria-label="([^"]*)"/gs)].map(
      ([, ...row]) => row,
    );
    expect(labels).toEqual([
      ['eu-west-1', '4 rounds, 2 failed, votes down after 2'],
      ['us-east-1', '4 rounds, 1 failed, votes down after 1'],
      ['local', '4 rounds, 0 failed, votes down after 0'],
      ['Votes for down', 'a quorum for down after 1 of 4 rounds'],
      ['Verdict', 'down after 2 of 4 rounds'],
    ]);
    // Each outcome has a height of its own: not by colour alone.
    const heights = new Map(
      [...diagram.matchAll(/<rect class="(pass|warn|fail|unable)"[^>]*height="(\d+)"/g)].map(([, kind, height]) => [
        kind,
        height,
      ]),
    );
    expect(heights.size).toBe(4);
    expect(new Set(heights.values()).size).toBe(4);
    const [table = ''] = /<table class="rounds">.*?<\/table>/s.exec(page.slice(page.indexOf('Votes as a table'))) ?? [];
    const rows = [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) => words(row).trim());
    expect(rows).toEqual([
      'Round eu-west-1 us-east-1 local Votes for down Verdict',
      '2026-11-25 06:08:00 UTC pass, votes up pass, votes up pass, votes up 0 of 3, quorum 2',
      '2026-11-25 06:10:00 UTC fail, votes down fail, votes down unable, abstains 2 of 2, quorum 2 Down',
      '2026-11-25 06:12:00 UTC fail, votes down pass, votes up no session, abstains 1 of 2, quorum 2 Down',
      '2026-11-25 06:17:00 UTC pass, votes up warn, votes up pass, votes up 0 of 3, quorum 2 Up',
    ]);
  });

  test.each([
    ['of an older incident', { votes: null }, 'has the votes of the newest incidents alone'],
    ['whose rounds are gone', { votes: { ...votes, moments: [] } }, 'rounds of this incident are not kept any more'],
    [
      'of a long incident',
      { votes: { ...votes, gap: 2 } },
      '2026-11-25 06:10:00 UTC to 2026-11-25 06:12:00 UTC is left out',
    ],
    ['whose alerts are gone', { alerts: { expired: true, sent: [], told: [] } }, 'kept for 8 days'],
    ['of which nobody was told', { alerts: { expired: false, sent: [], told: [] } }, 'Nobody was told.'],
  ] as const)('%s says so', (_, given, text) => {
    expect(words(pageOf(given))).toContain(text);
  });

  test.each([
    ['whose rounds are gone', { votes: { ...votes, moments: [] } }, 'rounds of this incident are not kept any more'],
    ['whose alerts are gone', { alerts: { expired: true, sent: [], told: [] } }, 'kept for 8 days'],
    ['of which nobody was told', { alerts: { expired: false, sent: [], told: [] } }, 'Nobody was told.'],
    [
      'told by SMS alone',
      { alerts: { ...(whole.alerts ?? { expired: false, told: [] }), sent: [] } },
      '- SMS: 3 messages',
    ],
  ] as const)('its Markdown says so, too: %s', (_, given, text) => {
    expect(postMortem({ ...whole, ...given }, snapshotWith().at)).toContain(text);
  });

  test('says no last failure of a vantage while its chapter is under way', () => {
    const witnesses = whole.witnesses.map((one) => ({ ...one, to: null }));
    expect(words(pageOf({ witnesses }))).toContain('First 2026-11-25 06:09:48 UTC The server said');
    expect(postMortem({ ...whole, witnesses }, snapshotWith().at)).toContain('First 2026-11-25 06:09:48 UTC.');
    expect(words(pageOf())).toContain('First 2026-11-25 06:09:48 UTC , last 2026-11-25 06:15:48 UTC');
  });

  test('leaves out what is hidden: who said something, and alerts', () => {
    const page = pageOf({ alerts: null, statements: whole.statements.map((one) => ({ ...one, by: null })) });
    expect(page).not.toContain('<h2>Alerts</h2>');
    expect(words(page)).toContain('Mail is late. 2026-11-25 06:12:00 UTC Timeline');
  });

  test('has the failures of earlier chapters', () => {
    const chapter = {
      number: 1,
      from: at,
      to: at,
      phase: 'connect',
      code: 'connect-timeout',
      witnesses: whole.witnesses,
    };
    expect(words(pageOf({ chapters: [chapter] }))).toContain(
      'Chapter 1: connect connect-timeout, 2026-11-25 06:12:00 UTC',
    );
  });

  test('has the post-mortem as text, which a script copies as it is', () => {
    const [, id = '', shown = ''] =
      /data-copy="([\w-]+)" hidden>.*<pre id="[\w-]+"[^>]*>(.*?)<\/pre>/s.exec(pageOf()) ?? [];
    expect(pageOf()).toContain(`<pre id="${id}"`);
    const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
    const text = shown.replace(/&[#\w]+;/g, (entity) => entities[entity as keyof typeof entities]);
    expect(text).toBe(postMortem(whole, snapshotWith().at));
  });

  test('whatever a text is, the page has the same elements', () => {
    const elements = (page: string) =>
      [...page.matchAll(/<[/\w]+/g)].map(([name]) => name).filter((name) => !/<\/?(p|li)$/.test(name));
    const plain = elements(incidentPage(snapshotOf('plain'), incidentOf('plain')));
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = incidentPage(snapshotOf(text), incidentOf(text));
        expect(elements(page)).toEqual(plain);
        expect(page).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\u2028\u2029]| style=| on\w+="|="javascript:/u);
      }),
      { numRuns: 40, examples: LONG_TEXTS.slice(0, 1) },
    );
  });
});

describe('the post-mortem', () => {
  test('has what is known, and headings for what people write', async () => {
    await expect(postMortem(whole, snapshotWith().at)).toMatchFileSnapshot('post-mortem.md');
  });

  test('of an open incident says until when', () => {
    const text = postMortem({ ...whole, closed: null }, '2026-11-25T07:09:48Z');
    expect(text).toContain('- From 2026-11-25 06:09:48 UTC until now (2026-11-25 07:09:48 UTC), still open: 1 h\n');
  });

  /** What Markdown or HTML would take for more than text, if it is not escaped. */
  const ACTIVE = /(?<!\\)(?:\\\\)*[`*_[\]<#|~&!]/;

  test('a text is text: nothing of it is active Markdown', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(escapeMarkdown(text)).not.toMatch(ACTIVE);
        expect(escapeMarkdown(text)).not.toMatch(/^\s*(?:[-+=]|\d+[.)])|\p{Cc}|\p{Cf}/u);
      }),
      { examples: LONG_TEXTS },
    );
  });

  test('whatever a text is, headings, tables and fences are the same', () => {
    const shape = (text: string) => {
      let fence: string | null = null;
      return text.split('\n').flatMap((line) => {
        const [, mark] = /^(`{3,})(?:text)?$/.exec(line) ?? [];
        if (fence !== null) {
          if (mark === fence) fence = null;
          return [];
        }
        if (mark !== undefined) {
          fence = mark;
          return ['fence'];
        }
        const cells = line.match(/(?<!\\)(?:\\\\)*\|/g)?.length ?? 0;
        if (cells > 0) return [`row of ${cells}`];
        return line.startsWith('#') ? [/^#+/.exec(line)?.[0] ?? ''] : [];
      });
    };
    const plain = shape(postMortem(incidentOf('plain'), at));
    expect(plain.filter((part) => part === 'fence')).toHaveLength(2);
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(shape(postMortem(incidentOf(text), at))).toEqual(plain);
      }),
      { numRuns: 200, examples: [['```'], ['````\n# a'], ['a | b'], ['\\'], ['\\|'], ...LONG_TEXTS] },
    );
  });
});
