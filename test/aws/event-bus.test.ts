import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putEvents } from '../../lambda/aws/event-bus.ts';
import type { BusEvent } from '../../lambda/ports.ts';

const event = (round: string): BusEvent => ({ type: 'Round Recorded', detail: { vantage: 'eu-west-1', round } });

/** A client that records its requests and answers with these entries. */
function clientOf(answer: readonly object[] = []) {
  const put: PutEventsCommand['input'][] = [];
  const send = async (command: PutEventsCommand) => {
    put.push(command.input);
    return { Entries: answer };
  };
  return { put, client: { send } as unknown as EventBridgeClient };
}

test('an event has the source and the type that rules match', async () => {
  const { put, client } = clientOf();
  await putEvents(client, 'mail', [event('2026-11-22T05:08:00Z')]);
  expect(put).toEqual([
    {
      Entries: [
        {
          EventBusName: 'mail',
          Source: 'smtp-quorum',
          DetailType: 'Round Recorded',
          Detail: '{"vantage":"eu-west-1","round":"2026-11-22T05:08:00Z"}',
        },
      ],
    },
  ]);
});

test.each([
  [0, []],
  [10, [10]],
  [23, [10, 10, 3]],
])('%i events are put in batches of %j', async (count, batches) => {
  const { put, client } = clientOf();
  await putEvents(
    client,
    'mail',
    Array.from({ length: count }, (_, index) => event(String(index))),
  );
  expect(put.map(({ Entries }) => Entries?.length)).toEqual(batches);
});

test('no request has more than 256 KB, and every event is put once, in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 25 }), async (sizes) => {
      const { put, client } = clientOf();
      await putEvents(
        client,
        'mail',
        sizes.map((size, nth) => event(`${nth}`.padEnd(size, 'x'))),
      );
      const details = put.map(({ Entries = [] }) => Entries.map(({ Detail = '' }) => Detail));
      for (const request of details) expect(request.join('').length).toBeLessThanOrEqual(256 * 1024);
      expect(details.flat().map((detail) => Number.parseInt(JSON.parse(detail).round, 10))).toEqual([...sizes.keys()]);
    }),
    { numRuns: 30 },
  );
});

test('an entry that EventBridge refuses is an error, even if the call succeeds', async () => {
  const { client } = clientOf([{ EventId: '1' }, { ErrorCode: 'InternalFailure', ErrorMessage: 'try again' }]);
  await expect(putEvents(client, 'mail', [event('1'), event('2')])).rejects.toThrow('InternalFailure: try again');
});
