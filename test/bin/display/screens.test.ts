/** The screens that no command of the history shows, at 80 and 120 columns: the live board, alerts, a probe, checks. */

import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Screen, screenOf } from '../../../bin/display/layout/screen.ts';
import { alertLines } from '../../../bin/display/live/alert.ts';
import { type Board, boardLines } from '../../../bin/display/live/board.ts';
import { explanationText } from '../../../bin/display/posture/explanation.ts';
import { postureText } from '../../../bin/display/posture/findings.ts';
import type { PostureAnswer } from '../../../bin/display/posture/json-document.ts';
import { endText, sessionText, waitingText } from '../../../bin/display/posture/sessions.ts';
import { sampleText } from '../../../bin/display/probe/sample.ts';
import { checkLines } from '../../../bin/display/tables/doctor-checks.ts';
import { PLAIN } from '../../../lambda/alert/words/late-delivery-note.ts';
import { explainDmarc, explainSpf } from '../../../lambda/posture/explain.ts';
import type { Sample } from '../../../lambda/smtp/sample/sample.ts';
import { alert, context } from '../../alert/alerts.ts';
import { healthy, refused } from '../../history/samples.ts';
import { checked, contextOf, mx } from '../../posture/cases.ts';
import { NOW, servedChain, servedHost } from '../../posture/transport-cases.ts';

const none = { findings: [], otherAddresses: [], greeting: null, software: null, tls: null };
const extensions = { beforeTls: { PIPELINING: [], SIZE: ['10240000'], STARTTLS: [] }, afterTls: null };
const passed: Sample = { ...none, ...healthy, extensions };
const failed: Sample = {
  ...none,
  ...refused,
  findings: [
    {
      outcome: 'fail',
      phase: 'greeting',
      code: 'greeting-refused',
      reply:
        '554 5.7.1 no service here, see https://mx1.example.com/policy for what to do about it, or ask the postmaster',
      detail: 'refused with 554',
    },
  ],
  extensions: { beforeTls: null, afterTls: null },
};
const vantages = ['us-east-1', 'eu-west-1', 'ap-southeast-1'];
const samplesOf = (...samples: readonly Sample[]) => new Map(samples.map((sample, at) => [vantages[at] ?? '', sample]));

const board: Board = {
  round: '2026-11-22T05:08:00Z',
  number: 12,
  vantages,
  rows: [
    { target: 'mx1', where: 'mx1.example.com:25', samples: samplesOf(passed, passed, passed), judgement: null },
    { target: 'submission', where: 'smtp.example.com:587', samples: samplesOf(failed, passed), judgement: null },
    { target: 'inbound', where: 'example.com (MX)', samples: samplesOf(failed, failed, failed), judgement: null },
  ],
};
const checks = [
  { check: 'ports', region: 'local', outcome: 'pass', detail: 'every port is reachable', fix: null },
  {
    check: 'secrets',
    region: 'ap-southeast-1',
    outcome: 'fail',
    detail:
      'not readable: smtp/probe (AccessDeniedException: no permission to read the secret of this name in this region)',
    fix: "store it in Secrets Manager in us-east-1 as plain text; a name that is new in the config needs 'npx cdk deploy --all'",
  },
] as const;
/** A domain with mistakes in several areas. */
const spoilt = await checked({
  senders: ['192.0.2.25', '198.51.100.9'],
  dns: {
    'example.com': { MX: [mx('mx1.example.com')], TXT: ['v=spf1 ip4:192.0.2.25 include:_spf.example.net ?all'] },
    '_spf.example.net': { TXT: ['v=spf1 a:gone.example.net ip4:203.0.113.0/24 -all'] },
    '25.2.0.192.zen.spamhaus.org': { A: ['127.0.0.3'] },
    '_dmarc.example.com': { TXT: ['v=DMARC1; p=none; pct=50; rua=mailto:reports@example.net'] },
    '_smtp._tls.example.com': 'failed',
  },
});
const postureRun: PostureAnswer = {
  domain: 'example.com',
  findings: spoilt.findings,
  dnssec: 'no-trusted-path',
  queries: 58,
  milliseconds: 1_234,
};
const healthyRun: PostureAnswer = { ...postureRun, dnssec: 'judged', findings: (await checked({})).findings };
/** Two providers, one of which has more lookups than are left. */
const explained = contextOf({
  domain: 'news.example.com',
  senders: ['192.0.2.99', '198.51.100.9'],
  dns: {
    'news.example.com': {
      A: ['192.0.2.26'],
      TXT: [
        'v=spf1 a mx:example.com ip4:192.0.2.0/29 include:_spf.example.net exists:%{i}._spf.example.com include:mail.example.org ~all',
      ],
    },
    '_spf.example.net': { TXT: ['v=spf1 include:a._spf.example.net include:b._spf.example.net -all'] },
    'a._spf.example.net': { TXT: ['v=spf1 ip4:192.0.2.99 ip4:203.0.113.0/24 a:old.example.net ?all'] },
    'b._spf.example.net': { TXT: ['v=spf1 ip6:2001:db8::/32 ?all'] },
    'mail.example.org': { TXT: ['v=spf1 include:1.example.org include:2.example.org include:gone.example.org -all'] },
    '1.example.org': { TXT: ['v=spf1 ip4:203.0.113.1 -all'] },
    '2.example.org': { TXT: ['v=spf1 ip4:203.0.113.2 -all'] },
    '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; sp=quarantine; np=reject; rua=mailto:reports@example.com'] },
  },
});
/** A host with a key that was left behind, and one that could not be asked. */
const servedHosts = [
  servedHost({ chain: servedChain({ key: 'cd' }), greeting: 'mail.example.org', ehlo: 'mail.example.org' }),
  servedHost({ name: 'mx2.example.com', address: null, greeting: null, chain: null, unable: 'no answer within 10 s' }),
];
const withServed = await checked({ served: servedHosts, signed: { 'TLSA _25._tcp.mx1.example.com': true }, now: NOW });

function sessionLines(screen: Screen): readonly string[] {
  const areas = withServed.findings.filter(({ area }) => area === 'dane' || area === 'fcrdns');
  const [first, second] = servedHosts.map((one, nth) => sessionText(one, nth === 0 ? areas : [], false, screen));
  const text = [waitingText(2), first, second, endText('example.com', withServed.findings, [], false, screen)].join('');
  return text.trim().split('\n');
}

const [explainedSpf, explainedDmarc] = await Promise.all([explainSpf(explained), explainDmarc(explained)]);
const mx1 = { host: 'mx1.example.com', domain: null, port: 25, security: 'starttls' } as const;

describe.each([80, 120])('%i columns', (columns) => {
  const screen = screenOf({ isTTY: true, columns }, { LANG: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '1' });
  const commandOptions = ' --folder /var/lib/smtp-quorum --config /etc/smtp-quorum/mail.yaml';

  test.each<[string, () => readonly string[]]>([
    ['board', () => boardLines(board, screen)],
    ['board-of-this-machine', () => boardLines({ ...board, vantages: ['us-east-1'] }, screen)],
    ['alert', () => alertLines({ alert: alert('down'), ...PLAIN }, context, screen)],
    [
      'alert-on-this-machine',
      () => alertLines({ alert: alert('down'), ...PLAIN }, { ...context, home: 'local', commandOptions }, screen),
    ],
    ['probe-that-passes', () => sampleText(mx1, passed, false, screen).split('\n')],
    ['probe-that-fails', () => sampleText(mx1, failed, true, screen).split('\n')],
    ['posture', () => postureText(postureRun, false, screen).trimEnd().split('\n')],
    ['posture-that-passes', () => postureText(healthyRun, false, screen).trimEnd().split('\n')],
    ['posture-sessions', () => sessionLines(screen)],
    ['explain-spf', () => explanationText(explainedSpf, screen).trimEnd().split('\n')],
    ['explain-dmarc', () => explanationText(explainedDmarc, screen).trimEnd().split('\n')],
    ['doctor', () => checkLines([...checks], screen)],
  ])('%s', async (name, linesOf) => {
    const lines = linesOf().map(stripVTControlCharacters);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../screens/${name}.${columns}.txt`);
    expect(lines.filter((line) => Array.from(line).length > columns)).toEqual([]);
  });
});
