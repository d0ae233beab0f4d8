/** What each service is sent for each kind of alert. `npx vitest run test/alert/channels/chat/golden.test.ts -u` writes the files anew. */
import { describe, expect, test } from 'vitest';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import { alertOfEachKind } from '../../alert-of-each-kind.ts';
import { chatServices, startChat } from './services.ts';

const signal = new AbortController().signal;

describe.each(chatServices.map((service) => [service.kind, service] as const))('%s', (kind, service) => {
  test.each(Object.entries(alertOfEachKind))('%s', async (name, alert) => {
    const { fake, send } = await startChat(service);
    try {
      expect(await send({ ...PLAIN, alert }, signal)).toMatchObject({ taken: true });
      const texts = fake.room.messages.map((message) => [
        message.thread === null ? '--- message' : '--- thread',
        ...service.shown(message),
      ]);
      await expect(`${texts.flat().join('\n')}\n`).toMatchFileSnapshot(`../golden/${kind}/${name}.txt`);
    } finally {
      await fake.close();
    }
  });

  test('the payload of an outage', async () => {
    const { fake, send } = await startChat(service);
    try {
      await send({ ...PLAIN, alert: alertOfEachKind.down }, signal);
      const sent = fake.requests.map(({ method, path, json }) => ({ method, path: pathOf(path), json }));
      await expect(`${JSON.stringify(sent, null, 2)}\n`).toMatchFileSnapshot(`../golden/${kind}/payload-of-down.json`);
    } finally {
      await fake.close();
    }
  });
});

function pathOf(path: string): string {
  return path.replace(/secret\w*/g, '***');
}
