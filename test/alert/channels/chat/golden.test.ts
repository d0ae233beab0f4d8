/** What each service shows for each kind of alert. `npx vitest run test/alert/channels/chat/golden.test.ts -u` writes the files anew. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chatWords } from '../../../../lambda/alert/channels/chat/chat-words.ts';
import { telegramText } from '../../../../lambda/alert/channels/chat/telegram.ts';
import { PLAIN } from '../../../../lambda/alert/words/late-delivery-note.ts';
import type { Alert } from '../../../../lambda/consensus/judgement/incident.ts';
import { alertOfEachKind } from '../../alert-of-each-kind.ts';
import { context } from '../../alerts.ts';
import { type ChatService, chatServices, startChat } from './services.ts';

const signal = new AbortController().signal;
const services = chatServices.map((service) => [service.kind, service] as const);

test.each(services)('%s: every kind of alert', async (kind, service) => {
  const sections: string[] = [];
  for (const [name, alert] of Object.entries(alertOfEachKind)) sections.push(await shownText(service, name, alert));
  await expect(sections.join('\n')).toMatchFileSnapshot(`../golden/${kind}.txt`);
});

async function shownText(service: ChatService, name: string, alert: Alert): Promise<string> {
  const { fake, send } = await startChat(service);
  try {
    expect(await send({ ...PLAIN, alert }, signal)).toMatchObject({ taken: true });
    const texts = fake.room.messages.map((message) => [
      `--- ${name}${message.thread === null ? '' : ', in the thread'}`,
      ...service.shown(message),
    ]);
    return `${texts.flat().join('\n')}\n`;
  } finally {
    await fake.close();
  }
}

test.each(services)('%s: the requests of an outage', async (kind, service) => {
  const { fake, send } = await startChat(service);
  try {
    await send({ ...PLAIN, alert: alertOfEachKind.down }, signal);
    const sent = fake.requests.map(({ method, path, json }) => ({ method, path: withoutSecret(path), json }));
    await expect(`${JSON.stringify(sent, null, 2)}\n`).toMatchFileSnapshot(`../golden/${kind}-down-requests.txt`);
  } finally {
    await fake.close();
  }
});

function withoutSecret(path: string): string {
  return path.replace(/(?:\d+:AAH)?secret\w*/g, '***');
}

test('docs/alerts.md has the message of an outage', () => {
  const page = readFileSync(new URL('../../../../docs/alerts.md', import.meta.url), 'utf8');
  const words = chatWords({ ...PLAIN, alert: alertOfEachKind.down }, context);
  expect(page).toContain(`\`\`\`console\n${telegramText(words, true).text}\n\`\`\``);
});
