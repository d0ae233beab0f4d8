import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { type OpinionWanted, opinionAsker } from '../../lambda/aws/ask-for-second-opinions.ts';

const wanted = (...vantages: string[]): OpinionWanted => ({
  type: 'Second Opinion Wanted',
  detail: { round: '2026-11-22T05:08:07Z', vantages, targets: ['mx1'] },
});

/** EventBridge in every region; what was put there, by region and bus. In some it fails. */
function eventBridge(broken: readonly string[] = []) {
  const put: string[] = [];
  const clientOf = (region: string) => {
    const send = async ({ input }: PutEventsCommand) => {
      if (broken.includes(region)) throw new Error('timed out');
      for (const { EventBusName, Detail } of input.Entries ?? []) put.push(`${region} ${EventBusName} ${Detail}`);
      return { Entries: [] };
    };
    return { send } as unknown as EventBridgeClient;
  };
  return { put, ask: opinionAsker(clientOf, { opinions: 'mail-opinions', former: 'mail' }) };
}

const said = (vantage: string) =>
  `{"round":"2026-11-22T05:08:07Z","vantages":["${vantage}"],"targets":["mx1"],"by":"judge"}`;

test('each vantage is asked in its own region, on its bus and on that of the release before', async () => {
  const { put, ask } = eventBridge();
  await ask([wanted('us-east-1', 'eu-west-1')]);
  expect(put.sort()).toEqual(
    ['eu-west-1', 'us-east-1'].flatMap((region) => [
      `${region} mail ${said(region)}`,
      `${region} mail-opinions ${said(region)}`,
    ]),
  );
});

test('a region that fails keeps no other from being asked, and is named', async () => {
  const { put, ask } = eventBridge(['eu-west-1']);
  await expect(ask([wanted('eu-west-1', 'us-east-1')])).rejects.toThrow(
    'not asked for a second opinion: eu-west-1 (Error: timed out), eu-west-1 (Error: timed out)',
  );
  expect(put).toHaveLength(2);
});

test('several wishes of one vantage go together', async () => {
  const { put, ask } = eventBridge();
  await ask([wanted('eu-west-1'), wanted('eu-west-1', 'us-east-1')]);
  expect(put.filter((line) => line.startsWith('eu-west-1 mail-opinions'))).toHaveLength(2);
  expect(put.filter((line) => line.startsWith('us-east-1 mail-opinions'))).toHaveLength(1);
});

test('a bus that does not exist is no failure: the vantage listens on the other', async () => {
  const missing = Object.assign(new Error('no such bus'), { name: 'ResourceNotFoundException' });
  const put: unknown[] = [];
  const send = async ({ input }: PutEventsCommand) => {
    if (input.Entries?.[0]?.EventBusName === 'mail-opinions') throw missing;
    put.push(input.Entries);
    return { Entries: [] };
  };
  const client = { send } as unknown as EventBridgeClient;
  await opinionAsker(() => client, { opinions: 'mail-opinions', former: 'mail' })([wanted('eu-west-1')]);
  expect(put).toHaveLength(1);
});
