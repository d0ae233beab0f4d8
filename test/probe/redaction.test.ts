import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alertTexts } from '../../lambda/alert/words/alert-texts.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { openHistory } from '../../lambda/history/history.ts';
import { judge } from '../../lambda/judge/judge.ts';
import { probeRound } from '../../lambda/probe/probe-round.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { target, testPorts } from '../ports.ts';
import { echo, shownOf } from '../smtp/redaction/echoes.ts';
import { mailServer, serve } from '../smtp/scripted-server.ts';

const minute = 60_000;

/** As a server says them in one reply, for a reader who leaves its codes out. */
function asReply(code: number, pieces: readonly string[]): string {
  return pieces.map((piece, nth) => `${code}${nth < pieces.length - 1 ? '-' : ' '}${piece}`).join('\r\n');
}

function withoutCodes(text: string): string {
  return text.replace(/(?:\\r)?(?:\\n| \/ |",")(?:S: )?(?:\d{3}[ -])?/g, '');
}

test('what one target was told is not read of another: in no report, item, or alert', async () => {
  await fc.assert(
    fc.asyncProperty(echo, fc.constantFrom('greeting', 'EHLO', 'MAIL'), async ({ credentials, pieces }, where) => {
      const told = await serve(mailServer({ answers: { EHLO: '250-mx1\r\n250 AUTH PLAIN' } }));
      const code = where === 'greeting' ? 554 : 550;
      const telling = await serve(mailServer({ answers: { [where]: asReply(code, pieces) } }));
      try {
        const auth = { user: credentials.user, password: { env: 'PASSWORD' } };
        // The one that tells comes first: its sample is taken before the password is known.
        const targets = [
          target('telling', telling.port, { mailFrom: 'ops@example.com' }),
          target('told', told.port, { auth }),
        ];
        const policy = { ...policyDefaults(1), vantages: ['eu-west-1'], every: minute };
        const { ports, alerts } = testPorts(targets, { policy, home: 'eu-west-1' });
        const twin = openInMemoryTable();
        let now = Date.now();
        const history = openHistory(twin, { now: () => now });
        const secret = async () => {
          await new Promise((resolve) => setTimeout(resolve, 30));
          return credentials.password;
        };
        const here = { ...ports, history, secret, now: () => now };
        const reports = [];
        for (let round = 0; round < 4; round++) {
          reports.push(await probeRound(here, { scheduled: isoSeconds(now) }));
          await judge(here);
          now += minute;
        }
        expect(reports[0]?.samples.get('telling')?.outcome).toBe('fail');
        expect(reports[0]?.samples.get('told')?.outcome).toBe('pass');
        expect(alerts).not.toHaveLength(0);
        const shown = [
          ...reports.flatMap(({ samples }) => [...samples.values()]),
          ...twin.stored.values(),
          ...alerts,
          ...alerts.map((alert) => alertTexts(alert, ports.config)),
        ];
        const strings = shown.map((one) =>
          withoutCodes(JSON.stringify(one).replaceAll('\\\\', '\\').replaceAll('\\"', '"')),
        );
        expect(shownOf(credentials, strings)).toBe(null);
      } finally {
        await Promise.all([told.close(), telling.close()]);
      }
    }),
    { numRuns: 25 },
  );
});
